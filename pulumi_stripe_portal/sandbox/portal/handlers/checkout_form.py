"""What somebody enters on the page of a Checkout Session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pulumi_stripe_portal.sandbox.portal.views.customer_view import ADDRESS
from pulumi_stripe_portal.sandbox.portal_session import CheckoutEntry, OpenCheckout

__all__ = ["FIELDS", "entered_details", "known_details", "without"]

_DETAILS = ("business_name", "promotion_code", "tax_id", "tax_id_type")
FIELDS = (
    *("cvc", "email", "expiry", "name", "number"),
    *_DETAILS,
    *(f"address.{name}" for name in ADDRESS),
)
"""The fields of the page's forms."""


def entered_details(field: Mapping[str, str]) -> CheckoutEntry:
    """Return what is entered besides the card."""
    address = {name: field[f"address.{name}"] or None for name in ADDRESS}
    address["country"] = (address["country"] or "").upper() or None
    return CheckoutEntry(
        address=address if any(address.values()) else None,
        **{name: field[name] for name in _DETAILS},
    )


def known_details(found: OpenCheckout) -> dict[str, str]:
    """Return what the fields begin with: what is known, or was entered before."""
    entered = found.entered
    tax_id, code = entered.get("tax_id") or {}, entered.get("code") or {}
    stored = found.known_address if found.asked.address else None
    address = entered.get("address") or stored or {}
    known = {
        **{name: entered.get(name) for name in ("business_name", "email", "name")},
        "promotion_code": code.get("code"),
        "tax_id": tax_id.get("value"),
        "tax_id_type": tax_id.get("type"),
        **{f"address.{name}": address.get(name) for name in ADDRESS},
    }
    return {name: value for name, value in known.items() if value}


def without(entry: CheckoutEntry, field: str | None) -> CheckoutEntry:
    """Return *entry* without what was wrong in it."""
    if field == "promotion_code":
        return replace(entry, promotion_code="")
    return CheckoutEntry(promotion_code=entry.promotion_code)
