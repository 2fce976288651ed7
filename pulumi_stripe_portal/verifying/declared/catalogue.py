"""What is sold: products, prices, coupons and promotion codes."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.verifying.probe import Probe, Rule

__all__ = ["PROBES"]

_PRODUCTS = "/v1/products"
_PRICES = "/v1/prices"
_COUPONS = "/v1/coupons"
_MONTH: dict[str, Any] = {
    "product": "{product}",
    "currency": "usd",
    "unit_amount": 1000,
    "recurring": {"interval": "month"},
}


def _product(name: str) -> Probe:
    label = f"Sandbox verify: {name}"
    return Probe(
        f"a product ({name})", "POST", _PRODUCTS, {"name": label}, keep={name: "id"}
    )


def _price(name: str, **params: Any) -> Probe:
    return Probe(
        f"a price ({name})", "POST", _PRICES, {**_MONTH, **params}, keep={name: "id"}
    )


PROBES = (
    _product("product"),
    _product("fixed"),
    _product("unlisted"),
    _price("monthly"),
    _price("annual", unit_amount=10_000, recurring={"interval": "year"}),
    _price("dearer", unit_amount=2000),
    _price("once", recurring={}),
    _price("inactive", active=False),
    _price("fixed_monthly", product="{fixed}"),
    _price("unlisted_monthly", product="{unlisted}"),
    Probe(
        "a price with an empty object among its currencies",
        "POST",
        _PRICES,
        {**_MONTH, "currency_options": {"eur": ""}},
        Rule("An object can't be empty: `currency_options[eur]=` is refused."),
    ),
    Probe(
        "a text of 5,001 characters, as a price's nickname",
        "POST",
        f"{_PRICES}/{{dearer}}",
        {"nickname": "x" * 5001},
        Rule("A text has up to 5,000 characters."),
    ),
    Probe(
        "a price without an amount",
        "POST",
        _PRICES,
        {name: value for name, value in _MONTH.items() if name != "unit_amount"},
        Rule("«Missing required param: {path}.»", Evidence.DOCUMENTED),
    ),
    Probe(
        "a coupon",
        "POST",
        _COUPONS,
        {"percent_off": 50, "duration": "once", "name": "Sandbox verify"},
        keep={"coupon": "id"},
    ),
    Probe(
        "a coupon with the id of another",
        "POST",
        _COUPONS,
        {"id": "{coupon}", "percent_off": 50},
        Rule("«Coupon already exists.»"),
    ),
    Probe(
        "a coupon of both kinds",
        "POST",
        _COUPONS,
        {"percent_off": 50, "amount_off": 100, "currency": "usd"},
        Rule("«Must provide either percent_off or amount_off, and not both.»"),
    ),
    Probe(
        "a coupon of nothing",
        "POST",
        _COUPONS,
        {"percent_off": 0},
        Rule("«Invalid percent_off: 0; must be greater than 0»"),
    ),
    Probe(
        "a coupon with a number of thirteen digits",
        "POST",
        _COUPONS,
        {"percent_off": 50, "max_redemptions": 1_000_000_000_000},
        Rule("A number has up to twelve digits."),
    ),
    Probe(
        "a coupon for one use",
        "POST",
        _COUPONS,
        {"percent_off": 50, "duration": "once", "max_redemptions": 1},
        keep={"spent_coupon": "id"},
    ),
    Probe(
        "a promotion code",
        "POST",
        "/v1/promotion_codes",
        {"promotion": {"type": "coupon", "coupon": "{coupon}"}},
        keep={"code": "id"},
    ),
    Probe(
        "a promotion code that is turned off",
        "POST",
        "/v1/promotion_codes/{code}",
        {"active": False},
    ),
    Probe(
        "a feedback option",
        "POST",
        "/v1/billing/feedback_options",
        {"description": "Sandbox verify {run}"},
        Rule("Ids of feedback options begin with `fbo_`."),
        keep={"option": "id"},
    ),
)
