"""Test clocks: time that Stripe's own API moves, for the customers of one clock."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox, portal_session
from tests.sandbox.happenings import INVOICED, Happenings
from tests.sandbox.portal.shop import Customer, Shop

DAY = 24 * 60 * 60
BEGIN = int(datetime(2030, 1, 31, tzinfo=timezone.utc).timestamp())


@pytest.fixture
def clock(shop: Shop) -> stripe.test_helpers.TestClock:
    """A clock that stands in 2030."""
    return shop.api.test_helpers.test_clocks.create(
        {"frozen_time": BEGIN, "name": "Renewals"}
    )


def on(clock: Any, shop: Shop, **params: Any) -> Customer:
    """Make a customer on the clock, subscribed to Basic."""
    return shop.customer("clock@example.com", fields={"test_clock": clock.id}, **params)


def test_time_is_moved(
    shop: Shop, clock: Any, jenny: Customer, happenings: Happenings
) -> None:
    """A renewal comes at its moment, for the clock's customers and for nobody else."""
    ada = on(clock, shop)
    first = shop.subscription(ada)
    [item] = first["items"].data
    happenings.forget()
    answered = shop.api.test_helpers.test_clocks.advance(
        clock.id, {"frozen_time": item.current_period_end + 60}
    )
    moved = shop.api.test_helpers.test_clocks.retrieve(clock.id)
    [item] = shop.subscription(ada)["items"].data
    invoices = shop.api.invoices.list({"customer": ada.id}).data

    assert (first.created, first.start_date, first.test_clock) == (
        BEGIN,
        BEGIN,
        clock.id,
    )
    assert (answered.status, moved.status) == ("advancing", "ready")
    assert moved.frozen_time == item.current_period_start + 60
    assert [invoice.created for invoice in invoices] == [
        item.current_period_start,
        BEGIN,
    ]
    assert {invoice.test_clock for invoice in invoices} == {clock.id}
    assert happenings.types == [
        "test_helpers.test_clock.advancing",
        "invoice.upcoming",
        *INVOICED,
        "customer.subscription.updated",
        "test_helpers.test_clock.ready",
    ]
    assert len(shop.api.invoices.list({"customer": jenny.id}).data) == 1
    shop.sandbox.advance(40 * DAY)
    assert len(shop.api.invoices.list({"customer": jenny.id}).data) == 2
    assert len(shop.api.invoices.list({"customer": ada.id}).data) == 2


def test_everything_is_in_its_time(shop: Shop, clock: Any) -> None:
    """What requests and the portal do to a clock's customer is at the clock's time."""
    ada = on(clock, shop, subscription={"trial_period_days": 10})
    trial = shop.subscription(ada)
    clocks = shop.api.test_helpers.test_clocks
    clocks.advance(clock.id, {"frozen_time": BEGIN + 12 * DAY})
    session = shop.sandbox.open_session(shop.link(ada))
    ended = portal_session.cancel(session, ada.subscription)

    assert session.now == BEGIN + 12 * DAY
    assert (trial.status, trial.trial_end) == ("trialing", BEGIN + 10 * DAY)
    assert ended["canceled_at"] == BEGIN + 12 * DAY
    clocks.advance(clock.id, {"frozen_time": ended["cancel_at"]})
    assert shop.subscription(ada).status == "canceled"


def test_lists_leave_clocks_out(shop: Shop, clock: Any, jenny: Customer) -> None:
    """Customers and subscriptions of a clock are in a list that asks for it."""
    ada = on(clock, shop)
    customers, subscriptions = shop.api.customers, shop.api.subscriptions

    assert [each.id for each in customers.list().data] == [jenny.id]
    asked: Any = {"test_clock": clock.id}
    assert [each.id for each in customers.list(asked).data] == [ada.id]
    assert [each.id for each in subscriptions.list(asked).data] == [ada.subscription]
    assert [each.id for each in subscriptions.list().data] == [jenny.subscription]


def test_the_end_of_a_clock(shop: Shop, clock: Any, jenny: Customer) -> None:
    """A clock that is deleted takes its customers along."""
    ada = on(clock, shop)
    gone = shop.api.test_helpers.test_clocks.delete(clock.id)

    assert gone.deleted
    assert shop.api.customers.retrieve(ada.id).deleted
    assert shop.subscription(ada).status == "canceled"
    assert shop.subscription(jenny).status == "active"
    with pytest.raises(stripe.InvalidRequestError, match="No such test clock"):
        on(clock, shop)


@pytest.mark.parametrize(
    ("seconds", "price"),
    [
        (0, None),
        (-1, None),
        (3 * 366 * DAY, None),
        (70 * DAY, "price_BasicMonthlyTest"),
    ],
    ids=["still", "back", "years", "intervals"],
)
def test_how_far_a_clock_goes(
    shop: Shop, clock: Any, seconds: int, price: str | None
) -> None:
    """Ahead, by two intervals of its shortest subscription, or by two years."""
    on(clock, shop, price=price)
    target: Any = {"frozen_time": BEGIN + seconds}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.test_helpers.test_clocks.advance(clock.id, target)

    assert caught.value.param == "frozen_time"
    shop.api.test_helpers.test_clocks.advance(clock.id, {"frozen_time": BEGIN + 1})


def test_the_past(sandbox: Sandbox, shop: Shop) -> None:
    """A clock may stand years ago; its events are there all the same."""
    clock = shop.api.test_helpers.test_clocks.create({"frozen_time": 1_600_000_000})
    ada = on(clock, shop)
    shop.customer("now@example.com")
    events = shop.api.events.list({"type": "customer.subscription.created"}).data

    assert shop.subscription(ada).created == 1_600_000_000
    assert len(events) == 2
    assert all(each.created >= sandbox.now - 60 for each in events)


@pytest.mark.parametrize("moment", [0, -5, 10**17])
def test_no_time(shop: Shop, moment: int) -> None:
    """A clock stands in a time that calendars have."""
    with pytest.raises(stripe.InvalidRequestError, match=r"Invalid|must be"):
        shop.api.test_helpers.test_clocks.create({"frozen_time": moment})


def test_only_for_tests(sandbox: Sandbox) -> None:
    """Live mode has no test clocks."""
    live = sandbox.client(livemode=True).v1.test_helpers.test_clocks
    with pytest.raises(stripe.InvalidRequestError, match="test mode"):
        live.create({"frozen_time": BEGIN})


def test_the_future_is_the_clocks(shop: Shop) -> None:
    """A trial ends a month from the clock's time, though years from the sandbox's."""
    begin = BEGIN + 6 * 365 * DAY
    later = shop.api.test_helpers.test_clocks.create({"frozen_time": begin})
    ada = on(later, shop)
    id_ = shop.subscription(ada).id

    changed = shop.api.subscriptions.update(id_, {"trial_end": begin + 30 * DAY})

    assert changed.trial_end == begin + 30 * DAY
