"""Which subscriptions are the customer's, on this visit."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json

from .open_session import Visit
from .portal_errors import NotFound

__all__ = ["own", "visible"]


def own(visit: Visit, id_: str) -> Json:
    """Return a subscription as it is stored, also after its end.

    Raises:
        NotFound: There is none, or it is another's.
    """
    found = visit.context.partition.get("subscription", id_)
    if found is None or not visible(visit, found):
        raise NotFound("There is no such subscription.")
    return found


def visible(visit: Visit, stored: Json) -> bool:
    """Tell whether *stored* is the customer's, and of what the session is about."""
    session = visit.session
    if stored["customer"] != session["customer"]:
        return False
    if session["on_behalf_of"] not in (None, stored["on_behalf_of"]):
        return False
    flow = session["flow"] if visit.is_over else visit.flow
    if flow is None:
        return True
    named = flow.get(flow["type"]) or {}
    return bool(named.get("subscription", stored["id"]) == stored["id"])
