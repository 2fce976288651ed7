"""How a subscription begins: its anchor, prices made for it, and what is paid once."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
import stripe

from tests.sandbox.portal.shop import Shop

DAY = 24 * 60 * 60
BEGIN = int(datetime(2030, 4, 16, tzinfo=timezone.utc).timestamp())
ANCHOR = int(datetime(2030, 5, 1, tzinfo=timezone.utc).timestamp())


def subscribe(shop: Shop, **params: Any) -> Any:
    """Start a subscription to Pro on April 16, and expand its first invoice."""
    clock = shop.api.test_helpers.test_clocks.create({"frozen_time": BEGIN})
    jenny = shop.customer(price=None, fields={"test_clock": clock.id})
    wanted: Any = {
        "customer": jenny.id,
        "items": [{"price": "price_ProMonthlyTest"}],
        "expand": ["latest_invoice"],
        **params,
    }
    return shop.api.subscriptions.create(wanted)


@pytest.mark.parametrize(
    ("behavior", "amount"), [("create_prorations", 1450), ("none", 0)]
)
def test_anchor(shop: Shop, behavior: str, amount: int) -> None:
    """Until its anchor a subscription is prorated, or free; then it is as usual."""
    made = subscribe(shop, billing_cycle_anchor=ANCHOR, proration_behavior=behavior)
    [item] = made["items"].data
    shop.api.test_helpers.test_clocks.advance(
        made.test_clock, {"frozen_time": ANCHOR + DAY}
    )
    after: Any = shop.api.subscriptions.retrieve(
        made.id, {"expand": ["latest_invoice"]}
    )
    [later] = after["items"].data

    assert (made.status, made.billing_cycle_anchor) == ("active", ANCHOR)
    assert (item.current_period_start, item.current_period_end) == (BEGIN, ANCHOR)
    assert made.latest_invoice.amount_paid == amount
    assert (later.current_period_start, later.current_period_end) == (
        ANCHOR,
        ANCHOR + 31 * DAY,
    )
    assert after.latest_invoice.amount_paid == 2900


@pytest.mark.parametrize("anchor", [BEGIN, BEGIN - 5, BEGIN + 31 * DAY])
def test_no_anchor(shop: Shop, anchor: int) -> None:
    """An anchor is in the future, and at most a period ahead."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        subscribe(shop, billing_cycle_anchor=anchor)

    assert caught.value.param == "billing_cycle_anchor"


@pytest.mark.parametrize(
    ("behavior", "amount"), [("create_prorations", 2900 + 1403), ("none", 2900)]
)
def test_backdated(shop: Shop, behavior: str, amount: int) -> None:
    """The time since a date in the past is billed with the first period, or not."""
    since = BEGIN - 15 * DAY
    made = subscribe(shop, backdate_start_date=since, proration_behavior=behavior)
    [item] = made["items"].data

    assert (made.start_date, made.created) == (since, BEGIN)
    assert item.current_period_start == BEGIN
    assert (made.status, made.latest_invoice.amount_paid) == ("active", amount)
    with pytest.raises(stripe.InvalidRequestError, match="must be in the past"):
        subscribe(shop, backdate_start_date=BEGIN + 5)


def test_paid_once(shop: Shop) -> None:
    """What is paid once is on the first invoice, and on no other."""
    price = shop.api.prices.create(
        {"product": "prod_BasicTest", "currency": "usd", "unit_amount": 9900}
    )
    described = {"product": "prod_BasicTest", "currency": "usd", "unit_amount": 50}
    made = subscribe(
        shop,
        add_invoice_items=[
            {"price": price.id, "quantity": 2},
            {"price_data": described},
        ],
    )
    shop.api.test_helpers.test_clocks.advance(
        made.test_clock, {"frozen_time": BEGIN + 31 * DAY}
    )
    second, first = shop.api.invoices.list({"subscription": made.id}).data

    assert sorted(line.amount for line in first.lines.data) == [50, 2900, 19800]
    assert (made.status, first.amount_paid) == ("active", 22750)
    assert second.amount_paid == 2900


def test_a_price_that_is_described(shop: Shop) -> None:
    """A price may be made with the subscription, or when it changes."""
    described = {
        "product": "prod_ProTest",
        "currency": "usd",
        "unit_amount": 1500,
        "recurring": {"interval": "month"},
    }
    made = subscribe(shop, items=[{"price_data": described, "quantity": 2}])
    [item] = made["items"].data
    more: Any = {**described, "unit_amount": 1700}
    changed: Any = shop.api.subscriptions.update(
        made.id, {"items": [{"id": item.id, "price_data": more}]}
    )
    listed = shop.api.prices.list({"active": True, "limit": 100}).data

    assert made.latest_invoice.amount_paid == 3000
    assert item.price.active is False
    assert changed["items"].data[0].price.unit_amount == 1700
    assert item.price.id not in [each.id for each in listed]
    with pytest.raises(stripe.InvalidRequestError, match="No such product"):
        subscribe(shop, items=[{"price_data": {**described, "product": "prod_none"}}])
