"""Customers, and the subscriptions of theirs that the probes of other files need."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.verifying.probe import Probe, Rule

__all__ = ["FIRST", "PROBES", "SUBSCRIPTIONS", "subscribe"]

_CUSTOMERS = "/v1/customers"
SUBSCRIPTIONS = "/v1/subscriptions"
"""Where they are made."""
_CARD = {
    "payment_method": "pm_card_visa",
    "invoice_settings": {"default_payment_method": "pm_card_visa"},
}
_ADDRESS = {"line1": "1 Test Street", "city": "Testville", "country": "US"}


def _customer(name: str, **params: Any) -> Probe:
    label = f"Sandbox verify: {name}"
    return Probe(
        f"a customer ({name})",
        "POST",
        _CUSTOMERS,
        {"name": label, **params},
        keep={name: "id"},
    )


def subscribe(
    name: str,
    *prices: str,
    customer: str = "customer",
    keep: dict[str, str] | None = None,
    **params: Any,
) -> Probe:
    """Return a subscription that is made.

    Args:
        name: What its id is kept as.
        prices: What the prices of its items were kept as.
        customer: What its customer was kept as.
        keep: What else is kept of it.
        params: What else is sent.
    """
    return Probe(
        f"a subscription ({name})",
        "POST",
        SUBSCRIPTIONS,
        {
            "customer": f"{{{customer}}}",
            "items": [{"price": f"{{{price}}}"} for price in prices],
            **params,
        },
        keep={name: "id", **(keep or {})},
    )


def _tax_id(number: int) -> Probe:
    return Probe(
        f"tax id {number} of a customer",
        "POST",
        f"{_CUSTOMERS}/{{stranger}}/tax_ids",
        {"type": "us_ein", "value": f"12-345678{number}"},
    )


FIRST = (
    _customer("customer", address=_ADDRESS, **_CARD),
    _customer("guest", **_CARD),
    _customer("stranger"),
    subscribe(
        "subscription",
        "monthly",
        keep={"item": "items.data.0.id", "start": "items.data.0.current_period_start"},
    ),
    subscribe("ended", "monthly"),
    Probe("a subscription that ends", "DELETE", f"{SUBSCRIPTIONS}/{{ended}}"),
    subscribe("double", "monthly", "fixed_monthly"),
    subscribe("paused", "monthly"),
    Probe(
        "a subscription that isn't collected",
        "POST",
        f"{SUBSCRIPTIONS}/{{paused}}",
        {"pause_collection": {"behavior": "void"}},
    ),
    subscribe("of_fixed", "fixed_monthly", keep={"fixed_item": "items.data.0.id"}),
    subscribe("of_unlisted", "unlisted_monthly"),
    subscribe("spender", "monthly", discounts=[{"coupon": "{spent_coupon}"}]),
)
"""What other probes need."""

PROBES = (
    Probe(
        "a part of an address",
        "POST",
        f"{_CUSTOMERS}/{{customer}}",
        {"address": {"city": "Newtown"}},
        Rule("A new address replaces the one before as a whole."),
    ),
    Probe(
        "a tax id of a type that isn't checked",
        "POST",
        f"{_CUSTOMERS}/{{guest}}/tax_ids",
        {"type": "ad_nrt", "value": "no such number"},
        Rule("Tax ids of other types take any value."),
    ),
    *map(_tax_id, range(1, 6)),
    Probe(
        "a sixth tax id",
        "POST",
        f"{_CUSTOMERS}/{{stranger}}/tax_ids",
        {"type": "us_ein", "value": "12-3456789"},
        Rule("«You can only have 5 tax IDs per customer.»"),
    ),
)
