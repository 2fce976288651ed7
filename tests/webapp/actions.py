"""What customers do in the portal, with the forms that it has; and what Stripe does."""

from __future__ import annotations

from typing import Any

from tests.sandbox.portal.browsing import Browsing

from .shop import ADA, PAT, Shop

DAY = 24 * 60 * 60


def in_portal(shop: Shop, path: str, email: str = ADA, /, **form: str) -> None:
    """Send a form of the portal as a browser does; `{}` is the subscription."""
    session = shop.client.v1.billing_portal.sessions.create(
        {
            "customer": shop.customers[email],
            "configuration": shop.settings.portal_standard,
            "return_url": "https://test.shop.example.com/account",
        }
    )
    if "{}" in path:
        path = path.format(shop.subscription(email))
    browser = Browsing()
    answer = browser.post(browser.get(session.url), path, form)
    assert answer.status == 200, answer.text


def switch(shop: Shop, plan: str, email: str = ADA) -> None:
    """Switch to another plan."""
    price = shop.price(f"{plan}_monthly")
    in_portal(shop, "subscriptions/{}/update/confirm", email, price=price)


def change_quantity(shop: Shop) -> None:
    """Take three seats."""
    in_portal(shop, "subscriptions/{}/update/confirm", quantity="3")


def cancel(shop: Shop) -> None:
    """Cancel, at the end of the period unless the portal says otherwise."""
    in_portal(shop, "subscriptions/{}/cancel")


def cancelling_is_immediate(shop: Shop) -> None:
    """Have the portal end subscriptions at once."""
    at_once: Any = {"subscription_cancel": {"enabled": True, "mode": "immediately"}}
    shop.client.v1.billing_portal.configurations.update(
        shop.settings.portal_standard, {"features": at_once}
    )


def pause(shop: Shop) -> None:
    """Pause for the one duration that there is."""
    in_portal(shop, "subscriptions/{}/pause", option="0")


def own_card(shop: Shop) -> None:
    """Give Ada's subscription a card of its own, which only the API can."""
    shop.client.v1.subscriptions.update(
        shop.subscription(ADA), {"default_payment_method": cards(shop)[0]}
    )


def try_basic(shop: Shop) -> None:
    """Put Pat on a trial of Basic."""
    shop.client.v1.subscriptions.create(
        {
            "customer": shop.customers[PAT],
            "items": [{"price": shop.price("basic_monthly")}],
            "trial_period_days": 7,
        }
    )


def trial_without_card(shop: Shop) -> None:
    """Put Pat on a trial that pauses unless a card is there at its end."""
    v1, customer = shop.client.v1, shop.customers[PAT]
    for card in v1.customers.payment_methods.list(customer).data:
        v1.payment_methods.detach(card.id)
    v1.subscriptions.create(
        {
            "customer": customer,
            "items": [{"price": shop.price("pro_monthly")}],
            "trial_period_days": 1,
            "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
        }
    )


def paused_trial(shop: Shop) -> None:
    """Let that trial end, and add a card too late."""
    trial_without_card(shop)
    shop.sandbox.advance(2 * DAY)
    shop.sandbox.deliveries.settle()
    customer = shop.customers[PAT]
    card = shop.client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    settled: Any = {"invoice_settings": {"default_payment_method": card.id}}
    shop.client.v1.customers.update(customer, settled)


def resume(shop: Shop) -> None:
    """Resume Pat's paused subscription."""
    in_portal(shop, "subscriptions/{}/resume", PAT)


def cards(shop: Shop) -> list[str]:
    """Return Ada's payment methods, newest first."""
    customer = shop.customers[ADA]
    return [
        card.id for card in shop.client.v1.customers.payment_methods.list(customer).data
    ]


def add_card(shop: Shop) -> None:
    """Add a second card."""
    card = {"number": "5555555555554444", "expiry": "12/34", "cvc": "123"}
    in_portal(shop, "payment-methods/new", **card)


def add_tax_id(shop: Shop) -> None:
    """Add a VAT number, which is then verified."""
    in_portal(shop, "tax-ids/new", type="eu_vat", value="DE123456789")


def remove_tax_id(shop: Shop) -> None:
    """Remove it."""
    [tax_id] = shop.client.v1.customers.tax_ids.list(shop.customers[ADA]).data
    in_portal(shop, f"tax-ids/{tax_id.id}/remove")
