"""Products, prices, coupons, promotion codes, tax rates, features and meters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .calls import PRO, THERE, Call, Refused, Team, left_out, try_call

MONTHLY = {"interval": "month"}
TIERS = [
    {"up_to": 10, "unit_amount": 500},
    {"up_to": "inf", "unit_amount": 300, "flat_amount": 100},
]


def price(team: Team, **fields: Any) -> Any:
    """Make a price of Pro."""
    wanted: dict[str, Any] = {"product": "prod_ProTest", "currency": "usd"}
    if not {"tiers", "unit_amount_decimal", "custom_unit_amount"} & set(fields):
        wanted["unit_amount"] = 500
    return team.v1.prices.create({**wanted, **fields})


def meter(team: Team) -> Any:
    """Make a meter."""
    return team.v1.billing.meters.create(
        {
            "display_name": "Calls",
            "event_name": "calls",
            "default_aggregation": {"formula": "sum"},
        }
    )


def feature(team: Team) -> Any:
    """Make a feature."""
    return team.v1.entitlements.features.create({"lookup_key": "sso", "name": "SSO"})


def moved_key(team: Team) -> Any:
    """Move a lookup key from one price to the next."""
    first = price(team, recurring=MONTHLY, lookup_key="seats")
    second = price(
        team, recurring=MONTHLY, lookup_key="seats", transfer_lookup_key=True
    )
    old = team.v1.prices.retrieve(first.id)
    return [second.lookup_key, old.lookup_key]


def tax_rate(team: Team) -> Any:
    """Make a tax rate."""
    return team.v1.tax_rates.create(
        {
            "display_name": "MwSt.",
            "percentage": 19,
            "inclusive": False,
            "country": "DE",
            "tax_type": "vat",
        }
    )


CALLS: list[Call] = [
    (
        "products.create",
        lambda t: t.v1.products.create(
            {
                "name": "Seats",
                "description": "For people",
                "images": ["https://shop.example/1.png"],
                "marketing_features": [{"name": "Fast"}],
                "metadata": {"tier": "1"},
                "statement_descriptor": "SEATS",
                "tax_code": "txcd_10103001",
                "unit_label": "seat",
                "url": "https://shop.example",
            }
        ),
        {"active": True, "marketing_features.0.name": "Fast", "unit_label": "seat"},
    ),
    (
        "… with its price",
        lambda t: t.v1.products.create(
            {
                "name": "Seats",
                "default_price_data": {
                    "currency": "usd",
                    "unit_amount": 900,
                    "recurring": MONTHLY,
                },
                "expand": ["default_price"],
            }
        ),
        {"default_price.unit_amount": 900, "default_price.type": "recurring"},
    ),
    (
        "… with an id of its own",
        lambda t: t.v1.products.create({"id": "seats", "name": "Seats"}),
        {"id": "seats"},
    ),
    (
        "products.update",
        lambda t: t.v1.products.update("prod_ProTest", {"active": False, "name": "P"}),
        {"active": False, "name": "P"},
    ),
    (
        "products.delete",
        lambda t: t.v1.products.delete(t.v1.products.create({"name": "Seats"}).id),
        {"deleted": True},
    ),
    (
        "products.delete of one with prices",
        lambda t: t.v1.products.delete("prod_ProTest"),
        Refused(400, None, "This product cannot be deleted because it has one or more"),
    ),
    (
        "products.list",
        lambda t: t.v1.products.list({"active": True, "limit": 3}),
        {"data.#": 3},
    ),
    (
        "products.search",
        lambda t: t.v1.products.search({"query": "active:'true' AND name~'Pro'"}),
        {"data.0.id": "prod_ProTest"},
    ),
    (
        "prices.create, each month",
        lambda t: price(t, recurring=MONTHLY, nickname="M", metadata={"a": "1"}),
        {
            "recurring.interval": "month",
            "unit_amount_decimal": Decimal(500),
            "nickname": "M",
        },
    ),
    (
        "… every three months",
        lambda t: price(t, recurring={"interval": "month", "interval_count": 3}),
        {"recurring.interval_count": 3},
    ),
    ("… paid once", lambda t: price(t), {"type": "one_time", "recurring": None}),
    (
        "… with its product",
        lambda t: t.v1.prices.create(
            {
                "currency": "usd",
                "unit_amount": 700,
                "product_data": {"name": "Gold"},
                "expand": ["product"],
            }
        ),
        {"product.name": "Gold"},
    ),
    *(
        (
            f"… by {mode} tiers",
            lambda t, mode=mode: price(
                t,
                recurring=MONTHLY,
                billing_scheme="tiered",
                tiers_mode=mode,
                tiers=TIERS,
                expand=["tiers"],
            ),
            {"tiers.1.up_to": None, "tiers.1.flat_amount": 100, "tiers_mode": mode},
        )
        for mode in ("graduated", "volume")
    ),
    (
        "… in packages",
        lambda t: price(
            t, recurring=MONTHLY, transform_quantity={"divide_by": 10, "round": "up"}
        ),
        {"transform_quantity.divide_by": 10},
    ),
    (
        "… in several currencies",
        lambda t: price(
            t,
            recurring=MONTHLY,
            currency_options={"eur": {"unit_amount": 450}},
            expand=["currency_options"],
        ),
        {"currency_options.eur.unit_amount": 450},
    ),
    (
        "… of a fraction of a cent",
        lambda t: price(t, recurring=MONTHLY, unit_amount_decimal="0.5"),
        {"unit_amount": None, "unit_amount_decimal": Decimal("0.5")},
    ),
    (
        "… that customers choose",
        lambda t: price(t, custom_unit_amount={"enabled": True, "minimum": 100}),
        {"custom_unit_amount.minimum": 100},
    ),
    (
        "… of usage",
        lambda t: price(
            t,
            recurring={
                "interval": "month",
                "usage_type": "metered",
                "meter": meter(t).id,
            },
        ),
        {"recurring.usage_type": "metered", "recurring.meter": THERE},
    ),
    (
        "… of usage, without a meter",
        lambda t: price(t, recurring={"interval": "month", "usage_type": "metered"}),
        Refused(400, None, "metered prices must be backed by meters"),
    ),
    (
        "… with tax",
        lambda t: price(t, recurring=MONTHLY, tax_behavior="exclusive"),
        {"tax_behavior": "exclusive"},
    ),
    ("… with another's lookup key", moved_key, {"0": "seats", "1": None}),
    (
        "prices.list by lookup key, expanded",
        lambda t: t.v1.prices.list(
            {"lookup_keys": ["pro_monthly"], "expand": ["data.product"]}
        ),
        {"data.#": 1, "data.0.product.name": "Pro"},
    ),
    (
        "prices.list by product and interval",
        lambda t: t.v1.prices.list(
            {
                "product": "prod_ProTest",
                "recurring": {"interval": "year"},
                "active": True,
            }
        ),
        {"data.0.id": "price_ProAnnualTest"},
    ),
    (
        "prices.update",
        lambda t: t.v1.prices.update(PRO, {"active": False, "nickname": "Old"}),
        {"active": False, "nickname": "Old"},
    ),
    (
        "prices.search",
        lambda t: t.v1.prices.search({"query": "lookup_key:'pro_monthly'"}),
        {"data.0.id": PRO},
    ),
    (
        "plans.create",
        lambda t: t.v1.plans.create(
            {
                "currency": "usd",
                "interval": "month",
                "amount": 1,
                "product": "prod_ProTest",
            }
        ),
        left_out("POST /v1/plans"),
    ),
    (
        "coupons.create, a percentage of some products",
        lambda t: t.v1.coupons.create(
            {
                "percent_off": 12.5,
                "duration": "repeating",
                "duration_in_months": 3,
                "id": "SPRING",
                "applies_to": {"products": ["prod_ProTest"]},
                "expand": ["applies_to"],
            }
        ),
        {"id": "SPRING", "valid": True, "applies_to.products.0": "prod_ProTest"},
    ),
    (
        "… an amount, for a while",
        lambda t: t.v1.coupons.create(
            {
                "amount_off": 500,
                "currency": "usd",
                "duration": "once",
                "max_redemptions": 10,
                "redeem_by": t.now + 86400,
                "name": "Welcome",
            }
        ),
        {"amount_off": 500, "max_redemptions": 10, "name": "Welcome"},
    ),
    (
        "… of amounts in several currencies",
        lambda t: t.v1.coupons.create(
            {
                "amount_off": 500,
                "currency": "usd",
                "currency_options": {"eur": {"amount_off": 450}},
            }
        ),
        left_out("the parameter currency_options of coupons"),
    ),
    (
        "coupons.update",
        lambda t: t.v1.coupons.update(
            t.coupon(), {"name": "Q", "metadata": {"a": "1"}}
        ),
        {"name": "Q"},
    ),
    ("coupons.delete", lambda t: t.v1.coupons.delete(t.coupon()), {"deleted": True}),
    (
        "promotion_codes.create",
        lambda t: t.code(
            code="HELLO",
            max_redemptions=5,
            expires_at=t.now + 86400,
            restrictions={
                "first_time_transaction": True,
                "minimum_amount": 1000,
                "minimum_amount_currency": "usd",
            },
            expand=["promotion.coupon"],
        ),
        {
            "code": "HELLO",
            "promotion.coupon.percent_off": 25,
            "restrictions.minimum_amount": 1000,
        },
    ),
    (
        "… for one customer",
        lambda t: t.code(customer=t.customer()),
        {"customer": THERE, "code": THERE},
    ),
    (
        "promotion_codes.list by code",
        lambda t: t.v1.promotion_codes.list({"code": t.code().code, "active": True}),
        {"data.#": 1},
    ),
    (
        "promotion_codes.update",
        lambda t: t.v1.promotion_codes.update(t.code().id, {"active": False}),
        {"active": False},
    ),
    ("tax_rates.create", tax_rate, {"percentage": 19, "active": True}),
    (
        "tax_rates.update",
        lambda t: t.v1.tax_rates.update(tax_rate(t).id, {"active": False}),
        {"active": False},
    ),
    (
        "tax.settings.retrieve",
        lambda t: t.v1.tax.settings.retrieve(),
        left_out("GET /v1/tax/settings"),
    ),
    (
        "tax.calculations.create",
        lambda t: t.v1.tax.calculations.create(
            {"currency": "usd", "line_items": [{"amount": 1, "reference": "a"}]}
        ),
        left_out("POST /v1/tax/calculations"),
    ),
    ("entitlements.features.create", feature, {"lookup_key": "sso", "active": True}),
    (
        "entitlements.features.update",
        lambda t: t.v1.entitlements.features.update(feature(t).id, {"active": False}),
        {"active": False},
    ),
    (
        "products.features.create",
        lambda t: t.v1.products.features.create(
            "prod_ProTest", {"entitlement_feature": feature(t).id}
        ),
        {"entitlement_feature.lookup_key": "sso"},
    ),
    (
        "entitlements.active_entitlements.list",
        lambda t: [
            t.v1.products.features.create(
                "prod_ProTest", {"entitlement_feature": feature(t).id}
            ),
            t.v1.entitlements.active_entitlements.list(
                {"customer": t.subscribe().customer}
            ),
        ][1],
        {"data.0.lookup_key": "sso"},
    ),
    ("billing.meters.create", meter, {"status": "active", "event_name": "calls"}),
    (
        "billing.meters.deactivate",
        lambda t: t.v1.billing.meters.deactivate(meter(t).id),
        {"status": "inactive"},
    ),
    (
        "billing.credit_grants.list",
        lambda t: t.v1.billing.credit_grants.list({"customer": t.customer()}),
        left_out("GET /v1/billing/credit_grants"),
    ),
    (
        "billing.alerts.list",
        lambda t: t.v1.billing.alerts.list(),
        left_out("GET /v1/billing/alerts"),
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
