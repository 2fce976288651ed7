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
    """The inputs of a resource break a rule; raised before anything is sent.

    In a program it is a `pulumi.RunError` as well, which Pulumi shows without a
    traceback. The provider's process raises it for what only the state or Stripe shows,
    such as an object that another resource manages.
    """


class SettingsError(StripePortalError):
    """The stack's settings (`stripe-portal:…`) or the environment don't fit.

    The key is missing, malformed or of the other mode; another setting has a value that
    it can't have; the address is not on this machine.
    """


class OtherAccount(StripePortalError):
    """The resource was recorded in another mode or account than the key's.

    Nothing is sent: the key would not find the object, or find another one.
    """


class RequestRefused(StripePortalError):
    """Stripe refused a request, or could not be reached.

    What is decided by a refusal is decided by Stripe's error object, never by an HTTP
    status alone: gateways and proxies answer 404 and 403 as well.
    https://docs.stripe.com/api/errors
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        type: str | None = None,
        param: str | None = None,
    ) -> None:
        """Take the message, and of Stripe's answer what decides.

        Args:
            message: The whole text for the user, request id and remedy included.
            status: The HTTP status of the answer, 400 to 599; None where none came.
            code: Stripe's `error.code`, such as `resource_missing`.
                https://docs.stripe.com/error-codes
            type: Stripe's `error.type`, such as `invalid_request_error`; None where the
                answer held no error object of Stripe's.
            param: Stripe's `error.param`, such as `features[invoice_history]`.
        """
        super().__init__(message)
        self.status = status
        """HTTP status of the answer, None where there was none."""
        self.code = code
        """Stripe's `error.code`, e.g. `resource_missing`."""
        self.type = type
        """Stripe's `error.type`, e.g. `invalid_request_error`; None where the answer
        held no error object of Stripe's."""
        self.param = param
        """Stripe's `error.param`, the parameter that was refused."""

    def says_missing(self, id_: str) -> bool:
        """Tell whether Stripe says that it has no object of this id.

        An object of the other mode is not missing: the key is wrong.

        Args:
            id_: The id that was asked for, such as `bpc_123`.
        """
        words = str(self)
        return self.is_missing and id_ in words and "similar object exists" not in words

    @property
    def is_missing(self) -> bool:
        """Whether Stripe says that it has no such object, in this mode at least."""
        return self.type is not None and self.code == "resource_missing"

    @property
    def lacks_permission(self) -> bool:
        """Whether Stripe says that the key may not do this."""
        return self.type is not None and self.status == 403

    @property
    def is_invalid(self) -> bool:
        """Whether Stripe says that the request itself can't be right.

        A wrong key, a missing permission and the rate limit have the same `type`.
        """
        return self.type == "invalid_request_error" and self.status in (400, 404)
