"""A subscription that is paused for want of a payment method, and how it goes on."""

from __future__ import annotations

import pytest

from .browsing import Browsing
from .shop import Customer, Shop

DAY = 24 * 60 * 60


@pytest.fixture
def waiting(shop: Shop) -> Customer:
    """A customer whose trial ended without a payment method."""
    shop.configure()
    ends = {"end_behavior": {"missing_payment_method": "pause"}}
    terms = {"trial_period_days": 7, "trial_settings": ends}
    customer = shop.customer(card=None, subscription=terms)
    shop.sandbox.advance(8 * DAY)
    assert shop.subscription(customer).status == "paused"
    return customer


def card(number: str) -> dict[str, str]:
    """Return what is typed into the form of a card."""
    return {"number": number, "expiry": "12/40", "cvc": "123", "make_default": "1"}


def test_a_card_resumes_it(shop: Shop, waiting: Customer) -> None:
    """The portal says what to do; once it is done the plan goes on and is paid."""
    browsing = Browsing()
    page = browsing.get(shop.link(waiting))
    assert "Your trial ended without a payment method. Add one" in page.text
    assert 'href="/p/session/' in page.html
    assert page.html.count("payment-methods/new") == 2

    after = browsing.post(page, "payment-methods/new", card("4242424242424242"))

    assert "The payment method has been added." in after.text
    assert "Your trial ended" not in after.text
    assert shop.subscription(waiting).status == "active"
    assert shop.api.invoices.list().data[0].amount_paid == 900
    assert len(shop.events("customer.subscription.resumed")) == 1


def test_a_card_that_needs_its_bank(shop: Shop, waiting: Customer) -> None:
    """With 3-D Secure it goes on once the bank has confirmed the card."""
    browsing = Browsing()
    page = browsing.get(shop.link(waiting))
    bank = browsing.post(page, "payment-methods/new", card("4000002500003155"))
    assert shop.subscription(waiting).status == "paused"
    browsing.send("POST", bank.url, {"answer": "succeed"})

    assert shop.subscription(waiting).status == "active"


def test_a_card_that_is_declined(shop: Shop, waiting: Customer) -> None:
    """Nothing changes."""
    browsing = Browsing()
    page = browsing.get(shop.link(waiting))
    browsing.post(page, "payment-methods/new", card("4000000000000002"))

    assert shop.subscription(waiting).status == "paused"


def test_who_paused_it_themselves(shop: Shop) -> None:
    """A pause of another kind is not ended by a card."""
    shop.configure()
    customer = shop.customer()
    shop.api.subscriptions.pause(customer.subscription, {"type": "subscription"})
    browsing = Browsing()
    page = browsing.get(shop.link(customer))
    browsing.post(page, "payment-methods/new", card("4242424242424242"))

    assert "Your trial ended" not in page.text
    assert shop.subscription(customer).status == "paused"
