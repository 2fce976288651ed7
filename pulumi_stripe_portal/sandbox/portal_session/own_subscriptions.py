"""Which subscriptions are the customer's, in this session."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json

from .open_session import OpenSession
from .portal_errors import NotFound

__all__ = ["find_own", "is_visible"]


def find_own(session: OpenSession, id_: str) -> Json:
    """Return a subscription as it is stored, also after its end.

    Raises:
        NotFound: There is none, or it is another's.
    """
    found = session.context.partition.get("subscription", id_)
    if found is None or not is_visible(session, found):
        raise NotFound("There is no such subscription.")
    return found


def is_visible(session: OpenSession, stored: Json) -> bool:
    """Tell whether *stored* is the customer's, and of what the session is about."""
    stored_session = session.object
    if stored["customer"] != stored_session["customer"]:
        return False
    if stored_session["on_behalf_of"] not in (None, stored["on_behalf_of"]):
        return False
    flow = stored_session["flow"] if session.is_over else session.flow
    if flow is None:
        return True
    named = flow.get(flow["type"]) or {}
    return bool(named.get("subscription", stored["id"]) == stored["id"])
