"""The rows of the documentation's webhook tables: action, event, what follows.

See https://docs.stripe.com/customer-management/integrate-customer-portal#webhooks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .actions import (
    DAY,
    add_card,
    add_tax_id,
    cancel,
    cancelling_is_immediate,
    cards,
    change_quantity,
    in_portal,
    own_card,
    pause,
    paused_trial,
    remove_tax_id,
    resume,
    switch,
    trial_without_card,
    try_basic,
)
from .shop import ADA, GRACE, PAT, Shop


@dataclass(frozen=True)
class Row:
    """What a customer does, the event that tells it, and what the app then has."""

    event: str
    act: Callable[[Shop], Any]
    holds: Callable[[dict[str, Any], Shop], bool]
    """Takes the answer of `GET /api/account`."""
    email: str = ADA
    before: Callable[[Shop], Any] | None = None


def subscription(account: dict[str, Any]) -> dict[str, Any]:
    """Return what the app has of the subscription."""
    return account["billing"]["subscription"] or {}


ROWS = {
    "upgrade": Row(
        "customer.subscription.updated",
        lambda shop: switch(shop, "pro"),
        lambda it, _: it["plan"] == "pro",
    ),
    "downgrade": Row(
        "customer.subscription.updated",
        lambda shop: switch(shop, "basic", GRACE),
        lambda it, _: it["plan"] == "basic" and "reports" not in it["features"],
        email=GRACE,
    ),
    "switch of price ends the trial": Row(
        "customer.subscription.updated",
        lambda shop: switch(shop, "pro", PAT),
        lambda it, _: it["plan"] == "pro" and subscription(it)["status"] == "active",
        email=PAT,
        before=try_basic,
    ),
    "quantity": Row(
        "customer.subscription.updated",
        change_quantity,
        lambda it, _: subscription(it)["quantity"] == 3,
    ),
    "cancellation at the period's end": Row(
        "customer.subscription.updated",
        cancel,
        lambda it, _: (
            it["plan"] == "basic"
            and subscription(it)["ends_at"] == subscription(it)["period_end"]
        ),
    ),
    "reactivation": Row(
        "customer.subscription.updated",
        lambda shop: in_portal(shop, "subscriptions/{}/renew"),
        lambda it, _: subscription(it)["ends_at"] is None,
        before=cancel,
    ),
    "cancellation": Row(
        "customer.subscription.deleted",
        cancel,
        lambda it, _: it["plan"] == "free",
        before=cancelling_is_immediate,
    ),
    "end of a cancelled period": Row(
        "customer.subscription.deleted",
        lambda shop: shop.sandbox.advance(32 * DAY),
        lambda it, _: it["plan"] == "free",
        before=cancel,
    ),
    "collection paused": Row(
        "customer.subscription.updated",
        pause,
        lambda it, shop: (
            it["plan"] == "free"
            and subscription(it)["paused"]
            and subscription(it)["resumes_at"] > shop.sandbox.now
        ),
    ),
    "collection resumed": Row(
        "customer.subscription.updated",
        lambda shop: in_portal(shop, "subscriptions/{}/resume"),
        lambda it, _: it["plan"] == "basic" and not subscription(it)["paused"],
        before=pause,
    ),
    "fully paused": Row(
        "customer.subscription.paused",
        lambda shop: shop.sandbox.advance(2 * DAY),
        lambda it, _: it["plan"] == "free" and subscription(it)["paused"],
        email=PAT,
        before=trial_without_card,
    ),
    "resumed": Row(
        "customer.subscription.resumed",
        resume,
        lambda it, _: it["plan"] == "pro",
        email=PAT,
        before=paused_trial,
    ),
    "subscription created": Row(
        "customer.subscription.created",
        try_basic,
        lambda it, _: it["plan"] == "basic",
        email=PAT,
    ),
    "payment method added": Row(
        "payment_method.attached",
        add_card,
        lambda it, _: len(it["billing"]["cards"]) == 2,
    ),
    "payment method removed": Row(
        "payment_method.detached",
        lambda shop: in_portal(shop, f"payment-methods/{cards(shop)[0]}/remove"),
        lambda it, _: len(it["billing"]["cards"]) == 1,
        before=add_card,
    ),
    "default payment method": Row(
        "customer.updated",
        lambda shop: in_portal(shop, f"payment-methods/{cards(shop)[0]}/default"),
        lambda it, _: (
            [
                card["default"]
                for card in it["billing"]["cards"]
                if card["label"].startswith("Mastercard")
            ]
            == [True]
        ),
        before=add_card,
    ),
    "subscription's own payment method": Row(
        "customer.subscription.updated",
        own_card,
        lambda it, shop: subscription(it)["own_card"] == cards(shop)[0],
    ),
    "own payment method removed": Row(
        "customer.subscription.updated",
        lambda shop: in_portal(shop, "subscriptions/{}/payment-method/remove"),
        lambda it, _: subscription(it)["own_card"] is None,
        before=own_card,
    ),
    "email": Row(
        "customer.updated",
        lambda shop: in_portal(shop, "details", email="bills@example.com"),
        lambda it, _: it["billing"]["email"] == "bills@example.com" != it["email"],
    ),
    "address": Row(
        "customer.updated",
        lambda shop: in_portal(
            shop,
            "details",
            **{
                "address.line1": "1 Main Street",
                "address.city": "Oslo",
                "address.country": "no",
            },
        ),
        lambda it, _: it["billing"]["address"] == ["1 Main Street", "Oslo", "NO"],
    ),
    "tax id added": Row(
        "customer.tax_id.created",
        add_tax_id,
        lambda it, _: it["billing"]["tax_ids"] == ["DE123456789 (pending)"],
    ),
    "tax id verified": Row(
        "customer.tax_id.updated",
        lambda shop: shop.sandbox.advance(60),
        lambda it, _: it["billing"]["tax_ids"] == ["DE123456789 (verified)"],
        before=add_tax_id,
    ),
    "tax id removed": Row(
        "customer.tax_id.deleted",
        remove_tax_id,
        lambda it, _: it["billing"]["tax_ids"] == [],
        before=add_tax_id,
    ),
    "invoice paid": Row(
        "invoice.paid",
        lambda shop: shop.sandbox.advance(32 * DAY),
        lambda it, _: it["billing"]["last_payment"][2] > time.time() + 20 * DAY,
    ),
    "session created": Row(
        "billing_portal.session.created",
        lambda shop: shop.client.v1.billing_portal.sessions.create(
            {
                "customer": shop.customers[ADA],
                "return_url": "https://test.shop.example.com/account",
            }
        ),
        lambda it, _: it["plan"] == "basic",
    ),
}
