"""What the example's `pulumi up` makes, and customers, made by Stripe's client."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stripe import StripeClient

from examples.webapp.security import hash_password
from examples.webapp.settings import Settings
from examples.webapp.store import Store
from pulumi_stripe_portal.events import PORTAL_EVENTS
from pulumi_stripe_portal.sandbox import Sandbox

from .serving import PASSWORD, SITE

__all__ = [
    "ADA",
    "EVE",
    "GRACE",
    "NEW",
    "PAT",
    "PLANS",
    "Shop",
    "eventually",
    "open_shop",
]

ADA = "ada@example.com"
"""On Basic."""
GRACE = "grace@example.com"
"""On Pro."""
EVE = "eve@example.com"
"""On Enterprise."""
PAT = "pat@example.com"
"""A customer without a subscription."""
NEW = "new@example.com"
"""Signed up, without a billing record."""

HASHED = hash_password(PASSWORD)
"""Once for all tests: hashing takes its time on purpose."""

PLANS = {ADA: "basic", GRACE: "pro", EVE: "enterprise", PAT: None}


@dataclass
class Shop:
    """A SaaS before anybody has come: its portals, its customers, its sign-ins."""

    sandbox: Sandbox
    client: StripeClient
    settings: Settings
    listening: socket.socket
    customers: dict[str, str] = field(default_factory=dict)

    def enroll(self, email: str, plan: str | None = None) -> str:
        """Make a customer, with a card and a plan, who can sign in."""
        v1 = self.client.v1
        name = email.partition("@")[0].title()
        customer = v1.customers.create({"email": email, "name": name}).id
        card = v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
        settled: Any = {"invoice_settings": {"default_payment_method": card}}
        v1.customers.update(customer, settled)
        if plan:
            price = self.price(f"{plan}_monthly")
            v1.subscriptions.create({"customer": customer, "items": [{"price": price}]})
        self.customers[email] = customer
        self.admit(email, customer)
        return customer

    def admit(self, email: str, customer: str | None = None) -> None:
        """Let somebody sign in."""
        with Store(self.settings.database).transaction() as db:
            db.execute(
                "INSERT INTO users (email, password, customer) VALUES (?, ?, ?)",
                [email, HASHED, customer],
            )

    def price(self, lookup_key: str) -> str:
        """Return a price's id."""
        return self.client.v1.prices.list({"lookup_keys": [lookup_key]}).data[0].id

    def sessions(self) -> list[dict[str, Any]]:
        """Return what portal sessions were asked for, oldest first."""
        path = "/v1/billing_portal/sessions"
        return [each.params for each in self.sandbox.requests if each.path == path]

    def subscription(self, email: str) -> str:
        """Return a customer's subscription."""
        customer = self.customers[email]
        return self.client.v1.subscriptions.list({"customer": customer}).data[0].id


def open_shop(sandbox: Sandbox, folder: Path) -> Shop:
    """Make portals and the endpoint, and bind the port that the app is to have."""
    client = sandbox.client()
    portals = [_portal(client), _portal(client, "basic", "pro")]
    portals.append(_portal(client, "basic", "pro", "enterprise"))
    endpoint = client.v1.webhook_endpoints.create(
        {"url": f"{SITE}/webhooks/stripe", "enabled_events": PORTAL_EVENTS}
    )
    assert endpoint.secret
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = Settings(
        database=str(folder / "app.sqlite3"),
        origin=origin,
        stripe_key=sandbox.api_key,
        stripe_base=sandbox.url,
        webhook_secrets=(endpoint.secret,),
        portal_default=portals[0],
        portal_standard=portals[1],
        portal_all_plans=portals[2],
        outbox=True,
    )
    return Shop(sandbox, client, settings, listening)


def _portal(client: StripeClient, *plans: str) -> str:
    """Make a portal; the first one of an account is its default."""
    features: Any = {
        "customer_update": {
            "enabled": True,
            "allowed_updates": ["email", "address", "tax_id"],
        },
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
    }
    if plans:
        keys = [f"{plan}_{time}" for plan in plans for time in ("monthly", "annual")]
        prices = client.v1.prices.list({"lookup_keys": keys}).data
        products = {str(price.product) for price in prices}
        features |= {
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
            "subscription_pause": {"enabled": True},
            "subscription_update": {
                "enabled": True,
                "default_allowed_updates": ["price", "quantity"],
                "products": [
                    {
                        "product": product,
                        "prices": [
                            each.id for each in prices if each.product == product
                        ],
                    }
                    for product in sorted(products)
                ],
            },
        }
    return client.v1.billing_portal.configurations.create({"features": features}).id


def eventually(check: Any, seconds: float = 10) -> Any:
    """Wait until *check* is true, as somebody who reloads the page."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.02)
