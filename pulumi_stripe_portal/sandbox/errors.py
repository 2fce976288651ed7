"""Stripe's error envelope, and where the sandbox knows each error from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .evidence import Basis, Evidence

__all__ = [
    "StripeError",
    "missing_param",
    "no_such",
    "not_saved",
    "sandbox_bug",
    "unsupported",
]


@dataclass
class StripeError(Exception):
    """An answer other than success, in the shape the SDKs turn into exceptions.

    Its *basis* travels in the header `Sandbox-Evidence`, so a test that relies on
    wording which is only ours can be told from one that relies on Stripe's.

    What a request did until it was refused is taken back, unless *keeps*: a charge that
    was declined has been tried.

    See https://docs.stripe.com/api/errors.
    """

    message: str
    basis: Basis
    param: str | None = None
    code: str | None = None
    status: int = 400
    type: str = "invalid_request_error"
    headers: Mapping[str, str] = field(default_factory=dict)
    decline_code: str | None = None
    keeps: bool = False

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


def missing_param(path: str) -> StripeError:
    """Tell that the required parameter *path* was not sent."""
    return StripeError(
        f"Missing required param: {path}.",
        Evidence.DOCUMENTED("https://docs.stripe.com/error-codes#parameter-missing"),
        param=path,
        code="parameter_missing",
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
        message,
        Evidence.REPORTED(
            "five projects' tests; of the other mode, pinax/pinax-stripe-light #227"
        ),
        param=param,
        code="resource_missing",
        status=status,
    )


def unsupported(what: str) -> StripeError:
    """Tell that Stripe has *what* and the sandbox has not.

    The status is 501 with `Stripe-Should-Retry: false`, so that the SDKs give up at
    once.
    """
    return StripeError(
        f"Stripe has {what}, but the sandbox does not support it.",
        Evidence.OURS("what Stripe has and the sandbox has not"),
        code="sandbox_unsupported",
        status=501,
        type="api_error",
        headers={"Stripe-Should-Retry": "false"},
    )


def not_saved(error: Exception) -> StripeError:
    """Tell by *error* that the data file can't be written; nothing was changed."""
    return StripeError(
        f"The data can't be kept, so nothing was changed: {error}",
        Evidence.OURS("Stripe's disks are its own"),
        code="sandbox_data_file",
        status=500,
        type="api_error",
        headers={"Stripe-Should-Retry": "false"},
    )


def sandbox_bug(error: Exception) -> StripeError:
    """Tell that the sandbox has failed by *error*, which is no answer of Stripe's."""
    return StripeError(
        f"The sandbox failed, this is a bug in it: {error!r}",
        Evidence.OURS("a bug of the sandbox is no answer of Stripe's"),
        code="sandbox_bug",
        status=500,
        type="api_error",
    )
