"""Customers who do things by chance: what holds whatever they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox, portal_session
from tests.sandbox.portal.shop import FEATURES, Customer, Shop

DAY = 24 * 60 * 60
PRICES = [
    f"price_{tier}{period}Test"
    for tier in ("Basic", "Pro", "Enterprise")
    for period in ("Monthly", "Annual")
]
CARDS = ["4242424242424242", "5555555555554444", "4000000000000341", "1234"]
CARD: Any = {"exp_month": 12, "exp_year": 2060, "cvc": "123"}

Step = Callable[[portal_session.OpenSession, str], object]


def card(session: portal_session.OpenSession, place: int) -> str:
    """Return the id of one of the customer's cards, or of none."""
    found = [each["id"] for each in portal_session.payment_methods(session)]
    return found[place % len(found)] if found else "pm_none"


def add(number: str) -> Step:
    """Add a card."""
    return lambda v, _: portal_session.add_payment_method(v, number=number, **CARD)


def switch(price: str | None, quantity: int | None) -> Step:
    """Switch, and see that the preview had told what is due."""

    def step(session: portal_session.OpenSession, subscription: str) -> None:
        terms: Any = {"price": price, "quantity": quantity}
        preview = portal_session.preview_switch(session, subscription, **terms)
        old = portal_session.subscription(session, subscription).object[
            "latest_invoice"
        ]
        after = portal_session.switch(session, subscription, **terms)
        made = [
            i
            for i in portal_session.invoices(session)
            if i["id"] == after["latest_invoice"]
        ]
        due = 0 if after["latest_invoice"] == old else made[0]["amount_due"]
        assert preview.due_now == due

    return step


STEPS = st.one_of(
    st.builds(
        switch,
        st.one_of(st.none(), st.sampled_from(PRICES)),
        st.one_of(st.none(), st.integers(0, 25)),
    ),
    st.builds(add, st.sampled_from(CARDS)),
    st.integers(0, 3).map(
        lambda place: (
            lambda v, _: portal_session.remove_payment_method(v, card(v, place))
        )
    ),
    st.integers(0, 3).map(
        lambda place: (
            lambda v, _: portal_session.set_default_payment_method(v, card(v, place))
        )
    ),
    st.integers(-1, 2).map(
        lambda option: lambda v, s: portal_session.pause(v, s, option=option)
    ),
    st.integers(0, 70).map(
        lambda days: lambda v, _: v.context.clock.advance(days * DAY)
    ),
    st.sampled_from(
        [
            portal_session.cancel,
            portal_session.renew,
            portal_session.resume,
            portal_session.undo_switch,
            portal_session.next_invoice,
            portal_session.options,
            portal_session.cancel_preview,
            portal_session.survey,
        ]
    ),
)


@pytest.fixture(scope="module")
def ground() -> Iterator[Sandbox]:
    """One sandbox for all."""
    with Sandbox() as sandbox:
        yield sandbox


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(STEPS, max_size=8),
    update=st.fixed_dictionaries(
        {
            "proration_behavior": st.sampled_from(
                ["none", "create_prorations", "always_invoice"]
            ),
            "billing_cycle_anchor": st.sampled_from(["now", "unchanged"]),
            "trial_update_behavior": st.sampled_from(["end_trial", "continue_trial"]),
            "schedule_at_period_end": st.lists(
                st.sampled_from(["decreasing_item_amount", "shortening_interval"]),
                unique=True,
            ).map(lambda types: {"conditions": [{"type": each} for each in types]}),
        }
    ),
    immediately=st.booleans(),
    trial=st.booleans(),
)
def test_story(
    ground: Sandbox,
    steps: list[Step],
    update: dict[str, Any],
    immediately: bool,
    trial: bool,
) -> None:
    """Whatever a customer does is done or refused by name, and the books are right.

    A refused action is no event; a second customer never notices any of it.
    """
    ground.reset()
    shop = Shop(ground)
    cancel = dict(FEATURES["subscription_cancel"])
    if immediately:
        cancel |= {"mode": "immediately", "proration_behavior": "create_prorations"}
    configuration = shop.configure(
        "story",
        subscription_update={**FEATURES["subscription_update"], **update},
        subscription_cancel=cancel,
    )
    other = shop.customer("other@example.com", price="price_EnterpriseAnnualTest")
    terms = {"trial_period_days": 10} if trial else {}
    jenny = shop.customer(subscription=terms)
    before = shop.api.subscriptions.retrieve(other.subscription).to_dict()
    for step in steps:
        session = ground.open_session(shop.link(jenny, configuration=configuration))
        known = session.context.partition.all("event")
        try:
            step(session, jenny.subscription)
        except portal_session.PortalError:
            assert session.context.partition.all("event") == known

    check_books(shop, jenny)
    if ground.now < before["items"]["data"][0]["current_period_end"]:
        after = shop.api.subscriptions.retrieve(other.subscription).to_dict()
        assert after == before


def check_books(shop: Shop, customer: Customer) -> None:
    """See that lines, totals, payments and balances of all invoices agree."""
    listed = {"customer": customer.id, "limit": 100}
    invoices: Any = shop.api.invoices.list(listed).data[::-1]  # type: ignore[arg-type]
    balance = 0
    for invoice in invoices:
        off = sum(each.amount for each in invoice.total_discount_amounts or [])
        assert invoice.subtotal == sum(line.amount for line in invoice.lines.data)
        assert invoice.total == invoice.subtotal - off
        assert invoice.starting_balance == balance
        assert invoice.amount_due == max(invoice.total + balance, 0)
        balance = invoice.ending_balance
        assert balance == min(invoice.total + invoice.starting_balance, 0)
        if invoice.status == "paid":
            assert invoice.amount_paid == invoice.amount_due
    assert shop.api.customers.retrieve(customer.id).balance == balance
    found = shop.api.subscriptions.retrieve(customer.subscription)
    (item,) = found["items"]["data"]
    if found.status in ("active", "trialing", "past_due"):
        assert item.current_period_start <= shop.sandbox.now < item.current_period_end
