"""Stripe's error envelope, and where the sandbox knows each error from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

__all__ = ["Evidence", "StripeError", "missing_param", "no_such", "unsupported"]


class Evidence(str, Enum):
    """How well a rule of the sandbox is known to be a rule of Stripe's."""

    OBSERVED = "observed"
    """A named project met it at the real Stripe."""
    SPECIFIED = "specified"
    """It is in Stripe's OpenAPI document or in the installed `stripe` package."""
    DOCUMENTED = "documented"
    """It is in Stripe's documentation."""
    REPORTED = "reported"
    """Users or maintainers quote it."""
    OURS = "ours"
    """The sandbox had to choose: the behaviour or the wording is invented."""


@dataclass
class StripeError(Exception):
    """An answer other than success, in the shape the SDKs turn into exceptions.

    *evidence* and *source* travel in the header `Sandbox-Evidence`, so a test that
    relies on wording which is only ours can be told from one that relies on Stripe's.

    See https://docs.stripe.com/api/errors.
    """

    status: int
    message: str
    param: str | None = None
    code: str | None = None
    type: str = "invalid_request_error"
    evidence: Evidence = Evidence.OURS
    source: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    decline_code: str | None = None

    def body(self, request_id: str, *, livemode: bool) -> dict[str, Any]:
        """Return the JSON envelope, with the links that Stripe adds to it."""
        mode = "" if livemode else "test/"
        error: dict[str, Any] = {"message": self.message, "type": self.type}
        if self.code:
            page = self.code.replace("_", "-")
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{page}"
        if self.decline_code:
            error["decline_code"] = self.decline_code
        if self.param:
            error["param"] = self.param
        error["request_log_url"] = (
            f"https://dashboard.stripe.com/{mode}logs/{request_id}"
        )
        return {"error": error}

    @property
    def evidence_header(self) -> str:
        """`ours`, or the kind of evidence followed by its source."""
        return "; ".join(filter(None, (self.evidence.value, self.source)))


def missing_param(path: str) -> StripeError:
    """Tell that the required parameter *path* was not sent."""
    return StripeError(
        400,
        f"Missing required param: {path}.",
        param=path,
        code="parameter_missing",
        evidence=Evidence.DOCUMENTED,
        source="https://docs.stripe.com/error-codes#parameter-missing",
    )


def no_such(
    noun: str,
    id_: str,
    *,
    param: str,
    status: int = 400,
    other_mode: str | None = None,
) -> StripeError:
    """Tell that the object *id_* does not exist.

    *status* is 404 where the id is in the URL and 400 where it is a parameter.
    *other_mode* is set where the id exists with a key of the other mode: it is the
    mode the object is in, `live` or `test`.
    """
    message = f"No such {noun}: '{id_}'"
    if other_mode:
        used = "test" if other_mode == "live" else "live"
        message += (
            f"; a similar object exists in {other_mode} mode, "
            f"but a {used} mode key was used to make this request."
        )
    return StripeError(
        status,
        message,
        param=param,
        code="resource_missing",
        evidence=Evidence.REPORTED,
        source="five projects' tests; the other mode's text is Stripe-wide",
    )


def unsupported(what: str) -> StripeError:
    """Tell that Stripe has *what* and the sandbox has not.

    The status is 501 with `Stripe-Should-Retry: false`, so that the SDKs give up at
    once.
    """
    return StripeError(
        501,
        f"Stripe has {what}, but the sandbox does not support it.",
        code="sandbox_unsupported",
        type="api_error",
        headers={"Stripe-Should-Retry": "false"},
    )
