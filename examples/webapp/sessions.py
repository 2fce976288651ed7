"""Who is signed in to this browser, and forms that only our own pages can send."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import abort, g, request, session

from .security import new_token

if TYPE_CHECKING:
    from .users import User, Users

__all__ = ["check_form", "csrf_token", "sign_in", "sign_out", "signed_in"]


def sign_in(users: Users, user: User) -> None:
    """Begin a session; what an earlier one left in the cookie is dropped."""
    session.clear()
    session["token"] = users.issue(user, "session")


def sign_out(users: Users) -> None:
    """End the session here, and for who may have copied the cookie."""
    users.redeem(session.get("token", ""), "session")
    session.clear()


def signed_in(users: Users) -> User | None:
    """Return who is signed in."""
    if "user" not in g:
        token = session.get("token")
        g.user = users.by_token(token, "session") if token else None
    user: User | None = g.user
    return user


def csrf_token() -> str:
    """Return the token that each form carries, for the templates."""
    return str(session.setdefault("csrf", new_token()))


def check_form() -> None:
    """Refuse a form that isn't from one of our pages in this browser."""
    sent = request.form.get("csrf", "").encode()
    if not secrets.compare_digest(sent, session.get("csrf", "").encode()) or not sent:
        abort(403, "This form is out of date. Go back, reload the page and try again.")
