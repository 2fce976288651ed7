"""A platform's connected accounts, each with the customer portal of its own shop.

The accounts, and what each lets its customers do, are in the stack's settings: one
more shop is three more lines there. Prices are found by lookup key in the account that
they belong to.

To try it without Stripe, in this folder, after `pulumi stack init test`:

    stripe-portal sandbox run --connect acct_bakery --connect acct_cinema -- pulumi up
"""

from typing import TypedDict

import pulumi

from pulumi_stripe_portal import PORTAL_EVENTS, PortalConfiguration, WebhookEndpoint
from pulumi_stripe_portal.inputs import Features, SubscriptionUpdateProduct


class Shop(TypedDict):
    """One entry of the setting `shops`."""

    account: str
    headline: str
    plans: list[str]
    """Lookup keys of the prices that customers can switch between; may be empty."""


def self_service(plans: list[str]) -> Features:
    """Return what a shop's customers can do."""
    features: Features = {
        "customer_update": {"enabled": True, "allowed_updates": ["email", "address"]},
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
    }
    products: list[SubscriptionUpdateProduct] = [
        {"prices": [{"lookup_key": plan}]} for plan in plans
    ]
    if products:
        features["subscription_update"] = {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": products,
        }
    return features


config = pulumi.Config()
shops: dict[str, Shop] = config.require_object("shops")

portals = {
    name: PortalConfiguration(
        name,
        account=shop["account"],
        name=name,
        business_profile={"headline": shop["headline"]},
        default_return_url=f"{config.require('site')}/shops/{name}/account",
        features=self_service(shop["plans"]),
    )
    for name, shop in sorted(shops.items())
}

# One endpoint of the platform hears of all connected accounts: an event's `account`
# tells which one it is about.
events = WebhookEndpoint(
    "events",
    url=f"{config.require('site')}/webhooks/connect",
    enabled_events=PORTAL_EVENTS,
    connect=True,
)

pulumi.export("portals", {name: portal.id for name, portal in portals.items()})
pulumi.export("webhookSecret", events.secret)
