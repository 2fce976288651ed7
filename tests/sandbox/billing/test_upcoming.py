"""The event `invoice.upcoming`: when it comes, for which renewals, and with what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.portal.shop import Customer, Shop

DAY = 24 * 60 * 60


def end_of(shop: Shop, customer: Customer) -> int:
    """Return when the current period ends."""
    end: int = shop.subscription(customer)["items"].data[0].current_period_end
    return end


def test_seven_days_before(shop: Shop, jenny: Customer) -> None:
    """Once a period, with the invoice that is to come, which has no id."""
    end = end_of(shop, jenny)
    shop.sandbox.advance(end - shop.sandbox.now - 7 * DAY - 1)
    before = shop.events("invoice.upcoming")
    shop.sandbox.advance(1)
    [event] = shop.events("invoice.upcoming")
    shop.sandbox.advance(6 * DAY)
    preview = shop.api.invoices.create_preview({"subscription": jenny.subscription})
    told = event["data"]["object"]

    assert before == []
    assert event["created"] == end - 7 * DAY
    assert "id" not in told
    assert (told["object"], told["status"]) == ("invoice", "draft")
    assert (told["billing_reason"], preview.billing_reason) == ("upcoming", "upcoming")
    assert (told["amount_due"], told["customer"]) == (preview.amount_due, jenny.id)
    assert told["next_payment_attempt"] == end
    assert told["parent"]["subscription_details"]["subscription"] == jenny.subscription
    assert len(shop.events("invoice.upcoming")) == 1
    shop.sandbox.advance(26 * DAY)
    [second] = shop.events("invoice.upcoming")  # the first is older than 30 days
    assert second["created"] == end_of(shop, jenny) - 7 * DAY


def test_on_a_test_clock(shop: Shop) -> None:
    """A test clock brings it too, at its time."""
    clocks = shop.api.test_helpers.test_clocks
    clock = clocks.create({"frozen_time": 1_900_000_000})
    jenny = shop.customer(fields={"test_clock": clock.id})
    end = end_of(shop, jenny)
    clocks.advance(clock.id, {"frozen_time": end - 8 * DAY})
    before = shop.events("invoice.upcoming")
    clocks.advance(clock.id, {"frozen_time": end - DAY})
    [event] = shop.events("invoice.upcoming")

    assert before == []
    assert event["data"]["object"]["period_end"] == end


@pytest.mark.parametrize(
    ("terms", "change"),
    [
        ({}, {"cancel_at_period_end": True}),
        ({}, {"pause_collection": {"behavior": "void"}}),
        ({"collection_method": "send_invoice", "days_until_due": 7}, {}),
    ],
)
def test_where_nothing_will_be_charged(
    shop: Shop, terms: dict[str, Any], change: dict[str, Any]
) -> None:
    """It doesn't come where no invoice will be charged by itself."""
    jenny = shop.customer(subscription=terms)
    if change:
        shop.api.subscriptions.update(jenny.subscription, change)  # type: ignore[arg-type]
    shop.sandbox.advance(28 * DAY)

    assert shop.events("invoice.upcoming") == []


def test_short_periods(shop: Shop) -> None:
    """It doesn't come in periods that are no longer than the days ahead."""
    weekly: Any = {
        "product": "prod_BasicTest",
        "currency": "usd",
        "unit_amount": 300,
        "recurring": {"interval": "week"},
    }
    price = shop.api.prices.create(weekly).id
    shop.customer(price=price)
    shop.sandbox.advance(20 * DAY)

    assert shop.events("invoice.upcoming") == []


def test_before_a_trial_ends(shop: Shop) -> None:
    """The first invoice to be charged is announced as well."""
    shop.customer(subscription={"trial_period_days": 14})
    shop.sandbox.advance(8 * DAY)
    [event] = shop.events("invoice.upcoming")

    assert event["data"]["object"]["amount_due"] == 900
