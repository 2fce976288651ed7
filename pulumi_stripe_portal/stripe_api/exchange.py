"""One request and its answer as it came, whether Stripe did it or refused it.

`connection` raises a refusal, with words for users; where the refusal itself is what is
asked for, it is an answer like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.stripe_api import retries
from pulumi_stripe_portal.stripe_api.answers import NotStripe
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.refusals import refusal
from pulumi_stripe_portal.stripe_api.shared_limit import limit_of

__all__ = ["Answer", "exchange"]

_NO_ANSWER = (401, 429)
"""Statuses that say nothing of the request: a wrong key, or too many requests."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Mapping[str, Any]
    """The object, or Stripe's envelope with `error` in it."""
    headers: Mapping[str, str]

    @property
    def is_done(self) -> bool:
        """Whether Stripe did what was asked."""
        return self.status < 300

    @property
    def error(self) -> Mapping[str, Any]:
        """Stripe's error object, empty where there is none."""
        found: Mapping[str, Any] = self.body.get("error") or {}
        return {} if self.is_done else found


def exchange(
    connection: Connection,
    method: str,
    path: str,
    params: Mapping[str, Any],
) -> Answer:
    """Make one request, again where Stripe or the network asks for it.

    Args:
        connection: Whom to ask, and with which key.
        method: `GET`, `POST` or `DELETE`.
        path: Such as `/v1/customers`.
        params: Nested as Stripe nests them; a name may be bracketed already.

    Raises:
        SettingsError: The key can't be right.
        RequestRefused: No answer came, or one that says nothing of the request.
    """
    import stripe

    key = connection.settings.require_key()
    post = method == "POST"
    options = retries.request_options(key, connection.account, post=post)
    patience = retries.Patience(limit_of(connection.settings))
    try:
        found: Any = patience.persist(
            lambda: connection.client.raw_request(
                method.lower(), path, **params, **options
            )
        )
    except (stripe.StripeError, NotStripe) as error:
        status = getattr(error, "http_status", None) or 0
        body = getattr(error, "json_body", None)
        if status in _NO_ANSWER or not status or not isinstance(body, Mapping):
            raise refusal(error, connection.settings, str(patience)) from None
        return Answer(status, body, error.headers or {})
    return Answer(found.code, found.data, found.headers)
