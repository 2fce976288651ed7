"""Rules about one parameter, beyond the types that the `stripe` package has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from pulumi_stripe_portal.sandbox.errors import Evidence, StripeError

__all__ = ["Limit", "at_most", "elements", "url"]

Limit = Callable[[str, Any], None]
"""A further rule about one parameter: called with its path and its typed value."""


def at_most(length: int) -> Limit:
    """Limit the length of a string, in characters."""

    def check(path: str, value: Any) -> None:
        if len(value) > length:
            raise StripeError(
                400,
                f"Invalid string: {value}; must be at most {length} characters",
                param=path,
                evidence=Evidence.OBSERVED,
                source="a headline of more than 60 characters, 2026-09-25",
            )

    return check


def elements(count: int) -> Limit:
    """Limit the number of elements of a list."""

    def check(path: str, value: Any) -> None:
        if len(value) > count:
            raise StripeError(
                400,
                f"Array {path} exceeded maximum {count} allowed elements.",
                param=path,
                evidence=Evidence.OBSERVED,
                source="lookup_keys of GET /v1/prices",
            )

    return check


def url(path: str, value: Any) -> None:
    """Require a web address: a scheme and a host."""
    if "://" not in value:
        raise StripeError(
            400,
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            param=path,
            code="url_invalid",
            evidence=Evidence.OBSERVED,
            source="Stripe-wide",
        )
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in value:
        raise StripeError(
            400,
            "Not a valid URL",
            param=path,
            code="url_invalid",
            evidence=Evidence.REPORTED,
            source="Stripe-wide",
        )
