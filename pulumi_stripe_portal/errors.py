"""What can go wrong, as one tree.

StripePortalError
├── InvalidInputs         the program's values break a rule; nothing was sent
├── SettingsError         the key, mode or address of the stack is missing or wrong
├── RequestRefused        Stripe said no
└── OtherAccount          the resource belongs to another mode or account
"""

from __future__ import annotations

__all__ = [
    "InvalidInputs",
    "OtherAccount",
    "RequestRefused",
    "SettingsError",
    "StripePortalError",
]


class StripePortalError(Exception):
    """Anything that this package refuses or that Stripe refused it.

    The message is complete: which resource, what is wrong, what to do, and, where
    Stripe answered, its words and request id. It never holds a key or a secret.
    """


class InvalidInputs(StripePortalError):
    """The inputs of a resource break a rule; raised before anything is sent."""


class SettingsError(StripePortalError):
    """The stack's settings (`stripe-portal:…`) or the environment don't fit."""


class OtherAccount(StripePortalError):
    """The resource was recorded in another mode or account than the key's."""


class RequestRefused(StripePortalError):
    """Stripe refused a request, or could not be reached."""

    def __init__(
        self, message: str, *, status: int | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        """HTTP status of the answer, None where there was none."""
        self.code = code
        """Stripe's `error.code`, e.g. `resource_missing`."""
