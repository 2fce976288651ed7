"""What the handlers of several resources do with typed parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pulumi_stripe_portal.sandbox.errors import StripeError, unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context

__all__ = ["address", "card_types", "connected_account", "only", "shipping"]

_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def only(params: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Let pass what the sandbox knows: nothing is silently dropped.

    Raises:
        StripeError: 501, Stripe has the parameter and the sandbox does not.
    """
    for name, value in params.items():
        if name not in known and name != "expand" and value not in (None, [], {}):
            raise unsupported(f"the parameter {name} of {where}")


def card_types(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields about the types of payment methods, which are cards.

    `allowed_payment_method_types` filters what there is
    [SPECIFIED: stripe 16.1.0, SetupIntentCreateParams.allowed_payment_method_types].

    Raises:
        StripeError: 501, no cards are allowed.
    """
    allowed = params.get("allowed_payment_method_types")
    if allowed and "card" not in allowed:
        raise unsupported(
            f"allowed_payment_method_types without card: {', '.join(allowed)}"
        )
    return {
        "allowed_payment_method_types": allowed,
        "payment_method_types": ["card"],
    }


def address(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return an address with all its fields.

    A new address replaces the one before as a whole [OURS: no answer to a part of an
    address is known].
    """
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
        raise StripeError(
            f"No such on_behalf_of account: '{id_}'",
            Evidence.OURS("that it has to be there is known, the words are not"),
            param="on_behalf_of",
            code="resource_missing",
        )
    return id_
