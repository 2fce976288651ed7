"""Subscription schedules by request: a downgrade that waits for the period's end."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.happenings import INVOICED, Happenings
from tests.sandbox.portal.browsing import Browsing
from tests.sandbox.portal.shop import Customer, Shop

BASIC, PRO = "price_BasicMonthlyTest", "price_ProMonthlyTest"
MONTH = 32 * 24 * 60 * 60


def plan(shop: Shop, jenny: Customer, *following: Any) -> Any:
    """Make a schedule of what runs, and of what is *following*."""
    made: Any = shop.api.subscription_schedules.create(
        {"from_subscription": jenny.subscription}
    )
    now = made.phases[0]
    first = {
        "items": [{"price": each.price, "quantity": 1} for each in now["items"]],
        "start_date": now.start_date,
        "end_date": now.end_date,
    }
    wanted: Any = {"phases": [first, *following]}
    return shop.api.subscription_schedules.update(made.id, wanted)


def test_a_planned_switch(shop: Shop, happenings: Happenings) -> None:
    """What is planned takes effect when the period ends, and is in the portal."""
    shop.configure()
    jenny = shop.customer(price=PRO)
    schedule = plan(shop, jenny, {"items": [{"price": BASIC, "quantity": 2}]})
    home = Browsing().get(shop.link(jenny))
    before = shop.subscription(jenny)
    happenings.forget()
    shop.sandbox.advance(MONTH)
    after = shop.subscription(jenny)
    [item] = after["items"].data

    assert before.schedule == schedule.id
    assert [len(phase["items"]) for phase in schedule.phases] == [1, 1]
    assert schedule.phases[1].start_date == schedule.phases[0].end_date
    assert "Changes to 2 \N{MULTIPLICATION SIGN} Basic" in home.text
    assert (item.price.id, item.quantity, after.schedule) == (BASIC, 2, None)
    released = shop.api.subscription_schedules.retrieve(schedule.id)
    assert released.status == "released"
    assert happenings.types == [
        "invoice.upcoming",
        "subscription_schedule.released",
        *INVOICED,
        "customer.subscription.updated",
    ]


def test_taken_back(shop: Shop, jenny: Customer) -> None:
    """A plan is changed, released, or canceled with its subscription."""
    schedule = plan(shop, jenny, {"items": [{"price": PRO}]})
    dropped = plan_again(shop, schedule)
    released = shop.api.subscription_schedules.release(schedule.id)
    again = plan(shop, jenny, {"items": [{"price": PRO}]})
    ended = shop.api.subscription_schedules.cancel(again.id)

    assert len(dropped.phases) == 1
    assert released.status == "released"
    assert (ended.status, shop.subscription(jenny).status) == ("canceled", "canceled")
    for refused in (
        shop.api.subscription_schedules.cancel,
        shop.api.subscription_schedules.release,
    ):
        with pytest.raises(stripe.InvalidRequestError, match="`canceled` status"):
            refused(again.id)


def plan_again(shop: Shop, schedule: Any) -> Any:
    """Leave nothing of the plan but what runs, and note why."""
    now = schedule.phases[0]
    items = [{"price": each.price, "quantity": 1} for each in now["items"]]
    wanted: Any = {"phases": [{"items": items}], "metadata": {"why": "changed"}}
    return shop.api.subscription_schedules.update(schedule.id, wanted)


def test_one_schedule_each(shop: Shop, jenny: Customer) -> None:
    """A subscription has one schedule, and one schedule a subscription."""
    plan(shop, jenny, {"items": [{"price": PRO}]})
    with pytest.raises(stripe.InvalidRequestError, match="already attached"):
        plan(shop, jenny)
    with pytest.raises(stripe.InvalidRequestError, match="from_subscription"):
        shop.api.subscription_schedules.create()


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        ([{"items": [{"price": PRO}]}], "phases whose first is not"),
        ([{"items": [{"price": BASIC}], "end_date": 2_000_000_000}], "within a"),
        ([{"items": [{"price": BASIC}]}] * 3, "phases, more than one after"),
    ],
)
def test_not_here(shop: Shop, jenny: Customer, phases: list[Any], words: str) -> None:
    """Plans of other kinds are told by their name."""
    made = shop.api.subscription_schedules.create(
        {"from_subscription": jenny.subscription}
    )
    with pytest.raises(stripe.APIError, match=words):
        shop.api.subscription_schedules.update(made.id, {"phases": phases})
