"""Pausing a subscription, and resuming it."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.billing import pauses
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from .open_session import OpenSession, allow, transaction
from .overview import show_subscription, subscription
from .own_subscriptions import find_own
from .pause_options import pause_options
from .portal_errors import Invalid

__all__ = ["pause", "resume"]


def pause(session: OpenSession, id: str, *, option: int | None = None) -> Json:
    """Pause the collection of payments, for the time of `pause_options` at *option*.

    Raises:
        NotAllowed: Pausing is off, or it is paused already.
        Invalid: There is no such option.
        NotFound: There is no such subscription.
    """
    with transaction(session) as context:
        allow(possible="pause" in subscription(session, id).may)
        offered = pause_options(session)
        resumes_at = None
        if offered or option is not None:
            if option is None or not 0 <= option < len(offered):
                message = "Choose for how long."
                raise Invalid(message, "no_pause_option", "option")
            resumes_at = offered[option].resumes_at
        found = find_own(session, id)
        # `void` is what a pause in the portal always is [D].
        wanted = {"behavior": "void", "resumes_at": resumes_at}
        after = keep(context, pauses.set_collection(found, wanted), found)
        return show_subscription(context, after)


def resume(session: OpenSession, id: str) -> Json:
    """Resume a paused subscription, or the collection of its payments.

    A customer can always take their own pause back, even where pausing has been turned
    off since [ours].

    Raises:
        NotAllowed: It is not paused, or there is nothing to pay with.
        NotFound: There is no such subscription.
    """
    with transaction(session) as context:
        allow(possible="resume" in subscription(session, id).may)
        found = find_own(session, id)
        if found["status"] == "paused":
            return show_subscription(context, pauses.resume(context, found))
        return show_subscription(context, pauses.resume_collection(context, found))
