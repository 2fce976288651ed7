"""What the handlers of several resources do with typed parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pulumi_stripe_portal.sandbox.errors import StripeError, unsupported
from pulumi_stripe_portal.sandbox.objects.resource import Context

__all__ = ["address", "connected_account", "only", "refuse", "shipping"]

_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def only(params: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Let pass what the sandbox knows: nothing is silently dropped.

    Raises:
        StripeError: 501, Stripe has the parameter and the sandbox does not.
    """
    for name, value in params.items():
        if name not in known and name != "expand" and value not in (None, [], {}):
            raise unsupported(f"the parameter {name} of {where}")


def address(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return an address with all its fields, as it replaces the one before [ours]."""
    if given is None:
        return None
    return {name: given.get(name) for name in _ADDRESS}


def shipping(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return shipping details with all their fields."""
    if given is None:
        return None
    return {
        "address": address(given.get("address") or {}),
        "carrier": given.get("carrier"),
        "name": given.get("name"),
        "phone": given.get("phone"),
        "tracking_number": given.get("tracking_number"),
    }


def connected_account(context: Context, id_: str | None) -> str | None:
    """Return the account *id_* that something is on behalf of.

    Raises:
        StripeError: The sandbox has no such account.
    """
    if id_ and id_ not in context.store.accounts:
        message = f"No such on_behalf_of account: '{id_}'"
        raise refuse(message, "on_behalf_of", code="resource_missing")
    return id_


def refuse(message: str, param: str | None = None, **more: Any) -> StripeError:
    """Refuse a request with a 400; without *evidence* the wording is ours."""
    return StripeError(400, message, param=param, **more)
