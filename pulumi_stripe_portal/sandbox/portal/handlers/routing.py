"""How a page of the portal is declared: its path below the session, and its handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session

__all__ = ["Page", "number", "require"]


class Page(NamedTuple):
    """A method and path, and the function that answers with the path's arguments."""

    method: str
    path: str
    run: Callable[..., Response]
    """Called with the `PortalRequest` and, where the path has one, `id`."""


def require(*, possible: bool) -> None:
    """Let a page be shown whose action is *possible*; actions see to it themselves.

    Raises:
        NotAllowed: It is not.
    """
    if not possible:
        raise portal_session.NotAllowed("The portal's configuration doesn't allow it.")


def number(entered: str, otherwise: int = 0) -> int:
    """Read a whole number; *otherwise*, which is to be refused, where it is none."""
    known = entered.isdecimal() and len(entered) < 10
    return int(entered) if known else otherwise
