"""Rules about one parameter, beyond the types that the `stripe` package has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pulumi_stripe_portal.sandbox.addresses import split
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["Limit", "at_most", "elements", "url"]

Limit = Callable[[str, Any], None]
"""A further rule about one parameter: called with its path and its typed value."""


def at_most(length: int) -> Limit:
    """Limit the length of a string, in characters."""

    def check(path: str, value: Any) -> None:
        if len(value) > length:
            raise StripeError(
                f"Invalid string: {_short(value)}; must be at most {length} characters",
                Evidence.OBSERVED("a headline of more than 60 characters, 2026-09-25"),
                param=path,
            )

    return check


def _short(value: str) -> str:
    """Return a value as an error shows it: Stripe's own shorten it, too."""
    return value if len(value) <= 500 else f"{value[:100]}...{value[-100:]}"


def elements(count: int) -> Limit:
    """Limit the number of elements of a list."""

    def check(path: str, value: Any) -> None:
        if len(value) > count:
            raise StripeError(
                f"Array {path} exceeded maximum {count} allowed elements.",
                Evidence.OBSERVED("lookup_keys of GET /v1/prices"),
                param=path,
            )

    return check


def url(path: str, value: Any) -> None:
    """Require a web address: a scheme and a host."""
    if "://" not in value:
        raise StripeError(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            Evidence.OBSERVED("kingyx3/hermes-vps #220"),
            param=path,
            code="url_invalid",
        )
    parts = split(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in value:
        raise StripeError(
            "Not a valid URL",
            Evidence.REPORTED("next13-ai-saas #40 #41"),
            param=path,
            code="url_invalid",
        )
