"""Prices.

Amounts and intervals never change after creation. See
https://docs.stripe.com/api/prices.
"""

from decimal import Decimal
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.limits import at_most, elements
from pulumi_stripe_portal.sandbox.objects.merge import merge_given, merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.search import Field
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import reference

__all__ = ["RESOURCE", "build", "fields"]

_THREE_YEARS = {"day": 3 * 365, "week": 156, "month": 36, "year": 3}
_RECURRING: Json = {
    "interval_count": 1,
    "meter": None,
    "trial_period_days": None,
    "usage_type": "licensed",
}
_TIER: Json = {
    "flat_amount": None,
    "flat_amount_decimal": None,
    "unit_amount": None,
    "unit_amount_decimal": None,
}


def fields(params: Json) -> Json:
    """Return what a new price has besides its id, mode, time and lookup key.

    Raises:
        StripeError: There is no amount, or its period is longer than three years.
    """
    recurring = params.get("recurring")
    currency = params["currency"].lower()
    if params.get("billing_scheme") != "tiered" and not _has_amount(params):
        raise missing_param("unit_amount")
    _check_interval(recurring)
    own = _terms(params)
    others = params.get("currency_options", {}).items()
    options = {name: _terms(each) for name, each in others}
    return {
        "active": params.get("active", True),
        "billing_scheme": params.get("billing_scheme", "per_unit"),
        "currency": currency,
        "currency_options": {currency: own, **options},
        "inline": False,
        "lookup_key": None,
        "metadata": merge_metadata({}, params.get("metadata", {})),
        "nickname": params.get("nickname"),
        "product": params["product"],
        "recurring": {**_RECURRING, **recurring} if recurring else None,
        "tiers_mode": params.get("tiers_mode"),
        "transform_quantity": params.get("transform_quantity"),
        "type": "recurring" if recurring else "one_time",
        **own,
    }


def _check_interval(recurring: Json | None) -> None:
    if not recurring:
        return
    interval = recurring["interval"]
    most = _THREE_YEARS[interval]
    if recurring.get("interval_count", 1) > most:
        raise StripeError(
            f"Invalid interval_count: at most {most} of the interval {interval}, which "
            "are three years.",
            Evidence.SPECIFIED("stripe 16.1.0, PriceCreateParams.recurring; our words"),
            param="recurring[interval_count]",
        )


def _has_amount(params: Json) -> bool:
    names = ("unit_amount", "unit_amount_decimal", "custom_unit_amount")
    return any(params.get(name) is not None for name in names)


def _terms(params: Json) -> Json:
    """Return the fields that a price has for each of its currencies."""
    amount = params.get("unit_amount")
    decimal = params.get("unit_amount_decimal")
    if decimal is None and amount is not None:
        decimal = str(amount)
    elif decimal is not None and Decimal(decimal) == int(Decimal(decimal)):
        amount = int(Decimal(decimal))
    chosen = params.get("custom_unit_amount")
    return {
        "custom_unit_amount": (
            {name: chosen.get(name) for name in ("maximum", "minimum", "preset")}
            if chosen
            else None
        ),
        "tax_behavior": params.get("tax_behavior", "unspecified"),
        "tiers": [
            {**_TIER, **tier, **_up_to(tier)} for tier in params.get("tiers", [])
        ],
        "unit_amount": amount,
        "unit_amount_decimal": decimal,
    }


def _up_to(tier: Json) -> Json:
    """Read `inf`, the last tier's bound, as null."""
    return {"up_to": None if tier["up_to"] == "inf" else tier["up_to"]}


def build(call: Call, params: Json) -> Json:
    """Make a price, for a product that exists or is being made.

    Raises:
        StripeError: No amount, or a lookup key that another price holds.
    """
    _check_meter(call, params.get("recurring") or {})
    return _with_lookup_key(call, call.new(RESOURCE) | fields(params), params)


def _check_meter(call: Call, recurring: Json) -> None:
    """Require a meter behind a price of usage."""
    if recurring.get("usage_type") != "metered":
        return
    meter = recurring.get("meter")
    if not meter:
        raise StripeError(
            "Starting with Stripe version `2025-03-31.basil`, metered prices must be "
            "backed by meters.",
            Evidence.REPORTED("public code"),
            param="recurring[meter]",
        )
    reference(call, "billing.meter", meter, "recurring[meter]")


def _create(call: Call, params: Json) -> Json:
    product = params.get("product")
    if params.get("product_data"):
        products = call.resources["product"]
        assert products.create  # noqa: S101 - products can be created
        made = products.create(call, params["product_data"])
        call.partition.put(made)
        product = made["id"]
    elif product is None:
        raise missing_param("product")
    else:
        reference(call, "product", product, "product")
    return build(call, {**params, "product": product})


def _update(call: Call, stored: Json, params: Json) -> Json:
    changed = merge_given(stored, params, ("active", "nickname", "tax_behavior"))
    if "currency_options" in params:
        options = (params["currency_options"] or {}).items()
        added = {name: _terms(each) for name, each in options}
        changed["currency_options"] = {**stored["currency_options"], **added}
    return _with_lookup_key(call, changed, params)


def _with_lookup_key(call: Call, price: Json, params: Json) -> Json:
    """*price* with the lookup key in *params*, taken from its holder if asked for."""
    key = params.get("lookup_key")
    if key is None:
        return price
    for holder in call.partition.all("price"):
        if holder["lookup_key"] != key or holder["id"] == price["id"]:
            continue
        if not params.get("transfer_lookup_key"):
            raise StripeError(
                f"A price (`{holder['id']}`) already uses that lookup key.",
                Evidence.REPORTED(
                    "https://docs.stripe.com/products-prices/manage-prices"
                ),
                param="lookup_key",
            )
        call.partition.put({**holder, "lookup_key": None})
    return {**price, "lookup_key": key}


def _has_key(price: Json, wanted: Any) -> bool:
    return price["lookup_key"] in wanted


def _recurs(price: Json, wanted: Any) -> bool:
    recurring = price["recurring"] or {}
    return all(recurring.get(name) == value for name, value in wanted.items())


RESOURCE = Resource(
    object="price",
    path="/v1/prices",
    noun="price",
    prefix="price_1",
    id_length=23,
    scope="plan",  # the scope is older than the name "price"
    params="Price",
    missing_param="price",
    hidden=("inline",),
    create=_create,
    update=_update,
    filters={
        "active": equals("active"),
        "created": created,
        "currency": equals("currency"),
        "lookup_keys": _has_key,
        "product": equals("product"),
        "recurring": _recurs,
        "type": equals("type"),
    },
    searches={
        "active": Field("token"),
        "currency": Field("token"),
        "lookup_key": Field("string"),
        "metadata": Field("string"),
        "product": Field("token"),
        "type": Field("token"),
    },
    expands={"currency_options": INCLUDED, "product": "product", "tiers": INCLUDED},
    limits={"lookup_keys": elements(10), "lookup_key": at_most(200)},
    announces=True,
)
