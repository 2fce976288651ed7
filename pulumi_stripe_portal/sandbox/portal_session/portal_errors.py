"""What the portal refuses.

PortalError
├── LinkExpired   the link was used by someone else, or too late
├── PageGone      there is no such login page (any more)
├── NotFound      there is no such thing of this customer
├── NotAllowed    the configuration or the flow does not allow it
├── Invalid       what was entered will not do
└── CardDeclined  the card will not do
"""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Branding
from pulumi_stripe_portal.sandbox.errors import StripeError

__all__ = [
    "CardDeclined",
    "Invalid",
    "LinkExpired",
    "NotAllowed",
    "NotFound",
    "PageGone",
    "PortalError",
    "from_stripe",
]


class PortalError(Exception):
    """A refusal that the page shows.

    Attributes:
        status: The HTTP status.
        code: Names the reason, for texts in the customer's language.
        message: The reason in English.
        field: What was entered wrongly, if one thing was, as the arguments name it.
    """

    status = 400
    code = "refused"

    def __init__(
        self, message: str, code: str | None = None, field: str | None = None
    ) -> None:
        """Take the reason in English, its code, and the field that was wrong."""
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.field = field


class LinkExpired(PortalError):
    """Catch it to offer another way in.

    Attributes:
        recoverable: Whether the customer can sign in again by email.
        return_url: Where the session would have led back to, None if there was none.
        branding: Whose portal it was, None if there never was a session.
    """

    status = 410
    code = "link_expired"

    def __init__(
        self,
        *,
        recoverable: bool = False,
        return_url: str | None = None,
        branding: Branding | None = None,
    ) -> None:
        """Take what the page needs to offer another way in."""
        super().__init__("This link has expired.")
        self.recoverable = recoverable
        self.return_url = return_url
        self.branding = branding


class PageGone(PortalError):
    """Catch it to show that a login page is not there."""

    status = 404
    code = "page_gone"

    def __init__(self) -> None:
        """Say so in English."""
        super().__init__("This page is not available.")


class NotFound(PortalError):
    """Catch it to show that something is not there, or not the customer's."""

    status = 404
    code = "not_found"


class NotAllowed(PortalError):
    """Catch it to show that an action is not possible here."""

    status = 403
    code = "not_allowed"


class Invalid(PortalError):
    """Catch it to show a form again, with what is wrong in it."""

    code = "invalid"


class CardDeclined(PortalError):
    """Catch it to ask for another card."""

    status = 402
    code = "card_declined"


def from_stripe(error: StripeError) -> PortalError:
    """Return what the page shows where the API would answer *error*."""
    if error.type == "card_error":
        return CardDeclined(error.message, error.code, error.param)
    return Invalid(error.message, error.code, error.param)
