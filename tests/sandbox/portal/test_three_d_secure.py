"""3-D Secure in the portal: first it is confirmed, then a card added or paid with."""

from __future__ import annotations

from typing import Any

from tests.sandbox.portal.browsing import Browsing, Reply
from tests.sandbox.portal.shop import Shop

DAY = 24 * 60 * 60
CARD = {
    "number": "4000 0027 6000 3184",
    "expiry": "12/60",
    "cvc": "123",
    "make_default": "1",
}


def answer(browser: Browsing, asked: Reply, what: str) -> Reply:
    """Answer the page of 3-D Secure."""
    assert "/p/3d-secure/" in asked.url
    return browser.send("POST", asked.url, {"answer": what})


def test_a_card_is_added_once_it_is_confirmed(shop: Shop) -> None:
    """A card that the bank doesn't confirm isn't there; else it is the default."""
    shop.configure()
    jenny = shop.customer()
    browser = Browsing()
    home = browser.get(shop.link(jenny))
    asked = browser.post(home, "payment-methods/new", CARD)
    failed = answer(browser, asked, "fail")
    [only] = shop.api.payment_methods.list({"customer": jenny.id}).data
    asked = browser.post(home, "payment-methods/new", CARD)
    added = answer(browser, asked, "succeed")
    customer: Any = shop.api.customers.retrieve(jenny.id)
    chosen = customer.invoice_settings.default_payment_method

    assert (failed.status, "bank couldn" in failed.text) == (402, True)
    assert "The payment method has been added." in added.text
    assert chosen != only.id
    assert shop.api.payment_methods.retrieve(chosen).customer == jenny.id


def test_a_flow_ends_where_it_says(shop: Shop) -> None:
    """After 3-D Secure a flow goes on, and the browser lets the page lead there."""
    shop.configure()
    jenny = shop.customer()
    app = {"return_url": "https://shop.example/app"}
    redirect = {"type": "redirect", "redirect": app}
    link = shop.flow(jenny, "payment_method_update", after_completion=redirect)
    browser = Browsing()
    form = browser.get(link)
    asked = browser.post(form, "payment-methods/new", CARD)
    done = answer(browser, asked, "succeed")

    policy = asked.headers["Content-Security-Policy"]
    assert "form-action 'self' https://shop.example" in policy
    assert done.headers["Location"] == "https://shop.example/app"


def test_an_invoice_is_paid_once_it_is_confirmed(shop: Shop) -> None:
    """A renewal that the bank wants to confirm is paid in the portal."""
    shop.configure()
    jenny = shop.customer()
    shop.add_card(jenny.id, "pm_card_authenticationRequired", default=True)
    shop.sandbox.advance(32 * DAY)
    due = shop.subscription(jenny)
    browser = Browsing()
    home = browser.get(shop.link(jenny))
    asked = browser.post(home, f"invoices/{due.latest_invoice}/pay")
    paid = answer(browser, asked, "succeed")

    assert due.status == "past_due"
    assert "The invoice has been paid." in paid.text
    assert shop.subscription(jenny).status == "active"
