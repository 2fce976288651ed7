"""The passing of time: what falls due happens by itself, at its own moment."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.billing.periods import after, period
from tests.sandbox.happenings import INVOICED, Happenings
from tests.sandbox.portal.shop import Customer, Shop

DAY = 24 * 60 * 60
UPDATED = "customer.subscription.updated"
FAILED = ["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed"]


def at(year: int, month: int, day: int) -> int:
    """Return the beginning of a day."""
    return int(datetime(year, month, day, tzinfo=timezone.utc).timestamp())


def test_renewal(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A period ends with an invoice for the next, at that moment and not before."""
    before = shop.api.subscriptions.retrieve(jenny.subscription)
    end = before["items"]["data"][0].current_period_end
    happenings.forget()
    shop.sandbox.advance(end - shop.sandbox.now - 5)
    early = happenings.types
    happenings.forget()
    shop.sandbox.advance(7 * DAY)
    renewed = shop.api.subscriptions.retrieve(jenny.subscription)

    assert early == ["invoice.upcoming"]
    assert happenings.types == [
        *INVOICED,
        UPDATED,
    ]
    assert {each["created"] for each in happenings.all()} == {end}
    assert renewed["items"]["data"][0].current_period_start == end
    assert renewed.latest_invoice != before.latest_invoice
    (previous,) = happenings.previous(UPDATED)
    assert previous.keys() == {"items", "latest_invoice"}


@pytest.mark.parametrize(
    ("interval", "count", "start", "then"),
    [
        ("month", 1, at(2027, 1, 31), at(2027, 2, 28)),
        ("month", 2, at(2027, 1, 31), at(2027, 3, 31)),
        ("month", 1, at(2028, 1, 30), at(2028, 2, 29)),
        ("year", 1, at(2028, 2, 29), at(2029, 2, 28)),
        ("year", 4, at(2028, 2, 29), at(2032, 2, 29)),
        ("week", 2, at(2026, 12, 28), at(2027, 1, 11)),
        ("day", 30, at(2027, 2, 1), at(2027, 3, 3)),
    ],
)
def test_calendar(interval: str, count: int, start: int, then: int) -> None:
    """Months and years are those of the calendar; short months end sooner."""
    assert after(start, interval, count) == then


@given(
    st.sampled_from(["day", "week", "month", "year"]),
    st.integers(1, 12),
    st.integers(at(2000, 1, 1), at(2030, 1, 1)),
    st.integers(0, 20 * 365 * DAY),
)
def test_periods(interval: str, count: int, anchor: int, elapsed: int) -> None:
    """Every moment is in one period, whose ends are the neighbours' ends."""
    recurring = {"interval": interval, "interval_count": count}
    moment = anchor + elapsed
    start, end = period(anchor, recurring, moment)

    assert start <= moment < end
    assert period(anchor, recurring, end)[0] == end
    assert period(anchor, recurring, start) == (start, end)


def test_planned_end(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A planned end is a deletion at its moment, and no renewal."""
    wanted: Any = {"cancel_at_period_end": True}
    planned = shop.api.subscriptions.update(jenny.subscription, wanted)
    happenings.forget()
    shop.sandbox.advance(40 * DAY)

    assert happenings.types == ["customer.subscription.deleted"]
    ended = happenings.object("customer.subscription.deleted")
    assert (ended["status"], ended["ended_at"]) == ("canceled", planned.cancel_at)
    assert ended["cancellation_details"]["reason"] == "cancellation_requested"


def test_trial_ends(shop: Shop, happenings: Happenings) -> None:
    """Three days before its end a trial is told of; then the first invoice is paid."""
    jenny = shop.customer(subscription={"trial_period_days": 14})
    happenings.forget()
    shop.sandbox.advance(15 * DAY)
    active = shop.api.subscriptions.retrieve(jenny.subscription)

    assert active.status == "active"
    assert happenings.types == [
        "invoice.upcoming",
        "customer.subscription.trial_will_end",
        *INVOICED,
        UPDATED,
    ]
    _, first, *_, last = happenings.all()
    assert last["created"] - first["created"] == 3 * DAY
    assert last["created"] == active.trial_end
    assert [each.total for each in shop.api.invoices.list().data] == [900, 0]


@pytest.mark.parametrize(
    ("behavior", "status", "event"),
    [
        ("create_invoice", "past_due", UPDATED),
        ("cancel", "canceled", "customer.subscription.deleted"),
        ("pause", "paused", "customer.subscription.paused"),
    ],
)
def test_trial_ends_without_a_card(
    shop: Shop, happenings: Happenings, behavior: str, status: str, event: str
) -> None:
    """The trial's settings say what comes of it."""
    end = {"end_behavior": {"missing_payment_method": behavior}}
    terms = {"trial_period_days": 14, "trial_settings": end}
    jenny = shop.customer(card=None, subscription=terms)
    shop.sandbox.advance(14 * DAY)

    assert shop.api.subscriptions.retrieve(jenny.subscription).status == status
    assert happenings.types[-1] == event


def test_payment_fails(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A renewal that cannot be paid is tried three times more; then it ends."""
    shop.add_card(jenny.id, "pm_card_chargeCustomerFail", default=True)
    shop.sandbox.advance(28 * DAY)
    happenings.forget()
    shop.sandbox.advance(4 * DAY)
    due = shop.api.subscriptions.retrieve(jenny.subscription).status
    shop.sandbox.advance(16 * DAY)

    assert due == "past_due"
    assert happenings.types == [
        "invoice.created",
        "payment_intent.created",
        "invoice.finalized",
        *FAILED,
        UPDATED,
        *["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed"]
        * 3,
        "customer.subscription.deleted",
    ]
    ended = happenings.object("customer.subscription.deleted")
    assert ended["cancellation_details"]["reason"] == "payment_failed"


def test_payment_recovers(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """With another card the next attempt makes the subscription active again."""
    shop.add_card(jenny.id, "pm_card_chargeCustomerFail", default=True)
    shop.sandbox.advance(32 * DAY)
    shop.add_card(jenny.id, "pm_card_visa", default=True)
    happenings.forget()
    shop.sandbox.advance(3 * DAY)

    assert happenings.types == [*INVOICED[3:], UPDATED]
    assert happenings.previous(UPDATED) == [{"status": "past_due"}]


def test_time_passes_by_itself(shop: Shop, happenings: Happenings) -> None:
    """What falls due happens without a request, too."""
    jenny = shop.customer(subscription={"trial_end": shop.sandbox.now + 2})
    requests = len(shop.sandbox.requests)
    time.sleep(2.5)
    late = shop.sandbox.deliveries.all()

    assert late == []
    assert len(shop.sandbox.requests) == requests
    assert shop.api.subscriptions.retrieve(jenny.subscription).status == "active"
    assert happenings.all()[-1]["request"]["id"] is None


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, 40 * DAY), min_size=1, max_size=5))
def test_steps_do_not_matter(steps: list[int]) -> None:
    """Time in one step or in several brings the same, in the same order."""
    with Sandbox() as sandbox:
        stories = []
        for each in ([sum(steps)], steps):
            sandbox.reset()
            shop = Shop(sandbox)
            shop.customer(subscription={"trial_period_days": 3})
            poor = shop.customer("poor@example.com")
            shop.add_card(poor.id, "pm_card_chargeCustomerFail", default=True)
            for seconds in each:
                sandbox.advance(seconds)
            invoices = shop.api.invoices.list({"limit": 100})
            stories.append([(i.id, i.number, i.status, i.total) for i in invoices.data])

    assert stories[0] == stories[1]


def test_demo(sandbox: Sandbox) -> None:
    """Two customers with cards and subscriptions, made once."""
    made = sandbox.demo()
    again = sandbox.demo()
    api = sandbox.client().v1
    shown = {each.customer_email: each.status for each in api.invoices.list().data}

    assert made == again
    assert shown == {"ada@example.com": "paid", "bob@example.com": "paid"}
    ada = api.subscriptions.retrieve(made["ada_subscription"])
    assert ada["items"]["data"][0].price.lookup_key == "pro_monthly"
