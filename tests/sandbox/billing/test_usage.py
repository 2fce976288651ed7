"""Usage: meter events, and the invoices that bill them at a period's end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import stripe

from tests.sandbox.portal.browsing import Browsing
from tests.sandbox.portal.shop import Customer, Shop

from .test_taxes import adds_up, rate

DAY = 24 * 60 * 60
HOUR = 60 * 60


def metered(shop: Shop, formula: str = "sum", **price: Any) -> str:
    """Make a price of calls, at 5 cents each."""
    meter = shop.api.billing.meters.create(
        {
            "display_name": "Calls",
            "event_name": "calls",
            "default_aggregation": {"formula": formula},
        }
    )
    recurring = {"interval": "month", "meter": meter.id, "usage_type": "metered"}
    wanted: Any = {
        "currency": "usd",
        "product": "prod_ProTest",
        "recurring": recurring,
        **(price or {"unit_amount": 5}),
    }
    return shop.api.prices.create(wanted).id


def subscribed(shop: Shop, *prices: str, **terms: Any) -> Customer:
    """Subscribe a customer to several prices."""
    items = [{"price": each} for each in prices]
    return shop.customer(subscription={"items": items, **terms})


def use(shop: Shop, customer: Customer, value: Any, **more: Any) -> Any:
    """Note that a customer made calls."""
    payload = {"stripe_customer_id": customer.id, "value": str(value)}
    wanted: Any = {"event_name": "calls", "payload": payload, **more}
    return shop.api.billing.meter_events.create(wanted)


def newest(shop: Shop, customer: Customer) -> Any:
    """Return the newest invoice."""
    return shop.api.invoices.list({"customer": customer.id}).data[0]


def test_billed_at_the_end(shop: Shop) -> None:
    """What was used is shown as it grows, and on the invoice that ends its period."""
    price = metered(shop)
    jenny = subscribed(shop, "price_BasicMonthlyTest", price)
    first = newest(shop, jenny)
    start = shop.subscription(jenny)["items"].data[1].current_period_start
    end = shop.subscription(jenny)["items"].data[1].current_period_end
    made = use(shop, jenny, 100)
    shop.sandbox.advance(10 * DAY)
    use(shop, jenny, 40)
    preview = shop.api.invoices.create_preview({"subscription": jenny.subscription})
    home = Browsing().get(shop.link(jenny))
    shop.sandbox.advance(end - shop.sandbox.now)
    invoice = newest(shop, jenny)
    shop.sandbox.advance(32 * DAY)
    [used, basic] = sorted(invoice.lines.data, key=lambda line: int(line.amount))

    assert (made.object, made.event_name, made.payload["value"]) == (
        "billing.meter_event",
        "calls",
        "100",
    )
    assert "id" not in made.to_dict()
    assert (first.total, preview.total, invoice.total) == (900, 1600, 1600)
    assert (invoice.status, invoice.amount_paid) == ("paid", 1600)
    assert (basic.period.start, used.period.start, used.period.end) == (end, start, end)
    assert (used.quantity, used.amount) == (140, 700)
    assert used.pricing.price_details.price == price
    assert used.description.endswith("Pro (at $0.05 / month)")
    assert "$7.00" in home.text
    assert newest(shop, jenny).total == 900
    adds_up(invoice)


@pytest.mark.parametrize(
    ("formula", "quantity"), [("sum", 60), ("count", 3), ("last", 20)]
)
def test_how_a_meter_counts(shop: Shop, formula: str, quantity: int) -> None:
    """Its events are summed, counted, or the last one in time decides."""
    jenny = subscribed(shop, metered(shop, formula))
    shop.sandbox.advance(5 * DAY)
    now = shop.sandbox.now
    for value, ago in ((10, 3 * DAY), (20, HOUR), (30, 2 * DAY)):
        use(shop, jenny, value, timestamp=now - ago)
    preview = shop.api.invoices.create_preview({"subscription": jenny.subscription})
    [line] = preview.lines.data

    assert (line.quantity, preview.total) == (quantity, quantity * 5)


def test_tiers_taxes_and_discounts(shop: Shop) -> None:
    """Usage is billed as anything else is: by tiers, discounted and taxed."""
    tiers = [{"up_to": 100, "unit_amount": 2}, {"up_to": "inf", "unit_amount": 1}]
    price = metered(shop, billing_scheme="tiered", tiers_mode="graduated", tiers=tiers)
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "forever"}).id
    terms = {
        "default_tax_rates": [rate(shop, 10)],
        "discounts": [{"coupon": coupon}],
    }
    jenny = subscribed(shop, price, **terms)
    use(shop, jenny, "150.5")
    shop.sandbox.advance(32 * DAY)
    invoice = newest(shop, jenny)

    assert [line.amount for line in invoice.lines.data] == [200, 51]
    assert invoice.lines.data[1].quantity_decimal == Decimal("50.5")
    assert invoice.total == 100 + 25 + 10 + 3
    adds_up(invoice)


def test_each_period_has_its_own(shop: Shop) -> None:
    """An event belongs to the period of its timestamp; one that is late is lost."""
    jenny = subscribed(shop, metered(shop))
    end = shop.subscription(jenny)["items"].data[0].current_period_end
    shop.sandbox.advance(end - shop.sandbox.now - 60)
    use(shop, jenny, 7, timestamp=end + 60)
    use(shop, jenny, 11, timestamp=end - 1)
    shop.sandbox.advance(HOUR)
    first = newest(shop, jenny)
    use(shop, jenny, 100, timestamp=end - 10)
    preview = shop.api.invoices.create_preview({"subscription": jenny.subscription})

    assert (first.total, preview.total) == (55, 35)


def test_the_last_invoice(shop: Shop) -> None:
    """What was used until a planned end is billed then; a trial's use costs nothing."""
    price = metered(shop)
    jenny = subscribed(shop, price)
    tried = subscribed(shop, price, trial_period_days=7)
    use(shop, jenny, 10)
    use(shop, tried, 99)
    shop.api.subscriptions.update(jenny.subscription, {"cancel_at_period_end": True})
    preview = shop.api.invoices.create_preview({"subscription": jenny.subscription})
    shop.sandbox.advance(32 * DAY)
    after = shop.subscription(jenny)
    last = newest(shop, jenny)

    assert (preview.total, last.total, last.status) == (50, 50, "paid")
    assert (after.status, after.latest_invoice) == ("canceled", last.id)
    assert newest(shop, tried).total == 0


@pytest.mark.parametrize(("invoice_now", "total"), [(True, 50), (False, 0)])
def test_canceled_at_once(shop: Shop, invoice_now: bool, total: int) -> None:
    """Usage is billed where that is asked for."""
    jenny = subscribed(shop, metered(shop))
    use(shop, jenny, 10)
    shop.sandbox.advance(DAY)
    shop.api.subscriptions.cancel(jenny.subscription, {"invoice_now": invoice_now})

    assert newest(shop, jenny).total == total


def test_another_price(shop: Shop) -> None:
    """What was used before a switch is billed at the price before it."""
    old = metered(shop)
    meter = shop.api.billing.meters.list().data[0].id
    new = shop.api.prices.create(
        {
            "currency": "usd",
            "product": "prod_ProTest",
            "unit_amount": 100,
            "recurring": {"interval": "month", "meter": meter, "usage_type": "metered"},
        }
    ).id
    jenny = subscribed(shop, old)
    use(shop, jenny, 10)
    shop.sandbox.advance(DAY)
    [item] = shop.subscription(jenny)["items"].data
    shop.api.subscriptions.update(
        jenny.subscription, {"items": [{"id": item.id, "price": new}]}
    )
    use(shop, jenny, 2)
    shop.sandbox.advance(32 * DAY)
    invoice = newest(shop, jenny)

    assert sorted(line.amount for line in invoice.lines.data) == [50, 200]


def test_summaries(shop: Shop) -> None:
    """A meter tells what a customer used, as a whole and by windows."""
    metered(shop)
    [meter] = shop.api.billing.meters.list().data
    jenny, other = shop.customer(), shop.customer("other@example.com")
    now = shop.sandbox.now
    start = now - now % DAY - 3 * DAY
    use(shop, jenny, 3, timestamp=start + HOUR)
    use(shop, jenny, 4, timestamp=start + DAY)
    use(shop, other, 50, timestamp=start + DAY)
    asked: Any = {
        "customer": jenny.id,
        "start_time": start,
        "end_time": start + 2 * DAY,
    }
    summaries = shop.api.billing.meters.event_summaries.list
    [whole] = summaries(meter.id, asked).data
    days = summaries(meter.id, asked | {"value_grouping_window": "day"}).data

    assert (whole.aggregated_value, whole.meter) == (7.0, meter.id)
    assert [(each.start_time, each.aggregated_value) for each in days] == [
        (start + DAY, 4.0),
        (start, 3.0),
    ]
    with pytest.raises(stripe.InvalidRequestError, match="aligned"):
        summaries(meter.id, asked | {"end_time": start + 61})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event_name": "none"}, "No active meter found for event name"),
        ({"payload": {"value": "1"}}, "No such customer"),
        ({"payload": {"stripe_customer_id": "cus_none", "value": "1"}}, "No such"),
        ({"value": "many"}, "must be a number"),
        ({"value": "1e99999999"}, "must be a number"),
        ({"timestamp": 5}, "within the past 35 calendar days"),
        ({"identifier": "same"}, "An event already exists with identifier same."),
    ],
)
def test_refused(shop: Shop, change: dict[str, Any], words: str) -> None:
    """An event that can't be counted is refused."""
    metered(shop)
    jenny = shop.customer()
    use(shop, jenny, 1, identifier="same")
    value = change.get("value", "1")
    change = {name: each for name, each in change.items() if name != "value"}
    with pytest.raises(stripe.InvalidRequestError, match=words):
        use(shop, jenny, value, **change)


def test_on_a_test_clock(shop: Shop) -> None:
    """A customer's clock says when something was used."""
    clocks = shop.api.test_helpers.test_clocks
    clock = clocks.create({"frozen_time": 1_900_000_000})
    price = metered(shop)
    jenny = shop.customer(price=price, fields={"test_clock": clock.id})
    made = use(shop, jenny, 20)
    end = shop.subscription(jenny)["items"].data[0].current_period_end
    clocks.advance(clock.id, {"frozen_time": end + 1})

    assert made.timestamp == 1_900_000_000
    assert newest(shop, jenny).total == 100


def test_it_cannot_be_read_back(shop: Shop) -> None:
    """Stripe has no way to list meter events, and neither has the sandbox."""
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        shop.sandbox.client().raw_request("get", "/v1/billing/meter_events")
