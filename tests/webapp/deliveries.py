"""What happens at Stripe, and its deliveries to the app."""

from __future__ import annotations

import json
import time
from typing import Any

import requests
import stripe

from examples.webapp.store import Store
from pulumi_stripe_portal.sandbox.webhooks import Delivery

from .shop import ADA, Shop


def upgrade(shop: Shop, email: str = ADA, plan: str = "pro") -> None:
    """Switch a customer's plan."""
    subscriptions = shop.client.v1.subscriptions
    id_ = shop.subscription(email)
    item = subscriptions.retrieve(id_).items.data[0].id
    price = shop.price(f"{plan}_monthly")
    subscriptions.update(id_, {"items": [{"id": item, "price": price}]})


def held_upgrade(shop: Shop) -> Delivery:
    """Switch Ada to Pro, and return the delivery about it, which hasn't left yet."""
    shop.sandbox.deliveries.hold()
    upgrade(shop)
    wanted = "customer.subscription.updated"
    return next(
        each
        for each in reversed(shop.sandbox.deliveries.all())
        if each.type == wanted and each.status == "pending"
    )


def received(shop: Shop) -> list[dict[str, Any]]:
    """Return what the app has received, oldest first."""
    with Store(shop.settings.database).transaction() as db:
        rows = db.execute("SELECT * FROM inbox WHERE type NOT LIKE 'app.%'")
        return [dict(row) for row in rows]


def all_processed(shop: Shop) -> bool:
    """Tell whether nothing waits."""
    return all(event["processed"] for event in received(shop))


def send(
    shop: Shop, event: dict[str, Any], *, secret: str = "", at: float | None = None
) -> requests.Response:
    """Deliver an event of the test's own making, signed well unless told otherwise."""
    payload = json.dumps(event)
    signature = stripe.WebhookSignature.generate_signature_header(
        payload,
        secret or shop.settings.webhook_secrets[0],
        int(time.time() if at is None else at),
    )
    return post(shop, payload.encode(), signature)


def post(shop: Shop, payload: bytes, signature: str | bytes) -> requests.Response:
    """Deliver bytes."""
    return requests.post(
        f"{shop.settings.origin}/webhooks/stripe",
        data=payload,
        headers={"Stripe-Signature": signature},
        timeout=10,
    )


def customer_updated(id_: str, customer: str, **more: Any) -> dict[str, Any]:
    """Return an event with as much as the app looks at."""
    return {
        "id": id_,
        "object": "event",
        "type": "customer.updated",
        "created": 1,
        "data": {"object": {"id": customer, "object": "customer"}},
        **more,
    }
