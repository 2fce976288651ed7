"""Pages behind links that anybody may open who has them: checkouts, and 3-D Secure."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from pulumi_stripe_portal.sandbox.billing.clock_of import in_time_of
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .challenges import Challenge
from .open_checkout import OpenCheckout
from .portal_errors import PageGone
from .portal_sessions import PortalSessions

__all__ = ["HostedPages"]

_CHALLENGED = ("payment_intent", "setup_intent", "checkout.session")


class HostedPages:
    """Finds what is behind a link."""

    def __init__(self, sessions: PortalSessions) -> None:
        """Look at the same data as the portal's sessions."""
        self._sessions = sessions

    def checkout(self, id_: str, *, origin: str) -> OpenCheckout:
        """Return the Checkout Session *id_*.

        Raises:
            PageGone: There is none.
        """
        for context in self._sessions.contexts(origin):
            if context.partition.get("checkout.session", id_):
                return OpenCheckout(context, id_)
        raise PageGone

    def challenge(self, secret: str, *, origin: str) -> Challenge:
        """Return the question that is open about what has this client *secret*.

        Raises:
            PageGone: There is none, or it has been answered.
        """
        for context in self._sessions.contexts(origin):
            for item in _waiting(context):
                known = (item.get("pending") or item)["client_secret"]
                if hmac.compare_digest(known.encode(), secret.encode()):
                    return Challenge(in_time_of(context, item), item)
        raise PageGone


def _waiting(context: Context) -> Iterator[Json]:
    for kind in _CHALLENGED:
        for item in context.partition.all(kind):
            pending = item.get("pending")
            asked = pending and not pending["has_failed"] and item["status"] == "open"
            if item["status"] == "requires_action" or asked:
                yield item
