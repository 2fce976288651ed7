"""What customers do, as the portal does it at Stripe."""

from __future__ import annotations

import re
from typing import Any

import requests

from .shop import ADA, PAT, Shop

DAY = 24 * 60 * 60


def change(shop: Shop, **params: Any) -> None:
    """Change Ada's subscription."""
    shop.client.v1.subscriptions.update(shop.subscription(ADA), params)  # type: ignore[arg-type]


def change_customer(shop: Shop, **params: Any) -> None:
    """Change Ada's details."""
    shop.client.v1.customers.update(shop.customers[ADA], params)  # type: ignore[arg-type]


def change_quantity(shop: Shop) -> None:
    """Take three seats."""
    found = shop.client.v1.subscriptions.retrieve(shop.subscription(ADA))
    change(shop, items=[{"id": found.items.data[0].id, "quantity": 3}])


def cancel(shop: Shop) -> None:
    """End Ada's subscription at once."""
    shop.client.v1.subscriptions.cancel(shop.subscription(ADA))


def pause_collection(shop: Shop) -> None:
    """Pause as the portal does."""
    until = shop.sandbox.now + 30 * DAY
    change(shop, pause_collection={"behavior": "void", "resumes_at": until})


def try_pro(shop: Shop) -> None:
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
    shop.client.v1.subscriptions.resume(shop.subscription(PAT))


def cards(shop: Shop) -> list[str]:
    """Return Ada's payment methods, newest first."""
    customer = shop.customers[ADA]
    return [
        card.id for card in shop.client.v1.customers.payment_methods.list(customer).data
    ]


def add_card(shop: Shop) -> None:
    """Add a second card."""
    customer = shop.customers[ADA]
    shop.client.v1.payment_methods.attach("pm_card_mastercard", {"customer": customer})


def add_tax_id(shop: Shop) -> None:
    """Add a VAT number, which is then verified."""
    customer = shop.customers[ADA]
    shop.client.v1.customers.tax_ids.create(
        customer, {"type": "eu_vat", "value": "DE123456789"}
    )


def remove_tax_id(shop: Shop) -> None:
    """Remove it."""
    tax_ids, customer = shop.client.v1.customers.tax_ids, shop.customers[ADA]
    tax_ids.delete(customer, tax_ids.list(customer).data[0].id)


def in_portal(shop: Shop, action: str) -> None:
    """Press Ada's button for an action in the portal, as a browser does."""
    session = shop.client.v1.billing_portal.sessions.create(
        {
            "customer": shop.customers[ADA],
            "configuration": shop.settings.portal_standard,
            "return_url": "https://test.shop.example.com/account",
        }
    )
    with requests.Session() as browser:
        page = browser.get(session.url, timeout=10).text
        form = re.search(rf'action="([^"]*{action})"', page)
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert form, page
        assert token
        answer = browser.post(
            shop.sandbox.url + form[1], data={"csrf": token[1]}, timeout=10
        )
        assert answer.status_code == 200, answer.text
