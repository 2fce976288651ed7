"""Two customers to try things with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import stripe

__all__ = ["demo"]

_CUSTOMERS = {
    "ada": ("Ada Lovelace", "ada@example.com", "pm_card_visa", "pro_monthly"),
    "bob": ("Bob Ross", "bob@example.com", "pm_card_mastercard", "basic_monthly"),
}
"""Name, address, card, and the lookup key of the price."""


def demo(client: stripe.StripeClient) -> dict[str, str]:
    """Make the customers and their subscriptions, and return the ids by name."""
    ids = {}
    for key, (name, email, card, price) in _CUSTOMERS.items():
        customer = _customer(client, name, email, card)
        ids[key] = customer
        ids[f"{key}_subscription"] = _subscription(client, customer, price)
    return ids


def _customer(client: stripe.StripeClient, name: str, email: str, card: str) -> str:
    found = client.v1.customers.list({"email": email, "limit": 1}).data
    if found:
        return found[0].id
    made = client.v1.customers.create(
        {
            "name": name,
            "email": email,
            "payment_method": card,
            "invoice_settings": {"default_payment_method": card},
        }
    )
    return made.id


def _subscription(client: stripe.StripeClient, customer: str, key: str) -> str:
    found = client.v1.subscriptions.list({"customer": customer, "limit": 1}).data
    if found:
        return found[0].id
    price = client.v1.prices.list({"lookup_keys": [key]}).data[0]
    made = client.v1.subscriptions.create(
        {"customer": customer, "items": [{"price": price.id}]}
    )
    return made.id
