"""A platform's connected accounts, each with the customer portal of its own shop.

The accounts, and what each lets its customers do, are in the stack's settings: one
more shop is three more lines there. Prices are found by lookup key in the account that
they belong to.

To try it without Stripe, in this folder, after `pulumi stack init test`:

    stripe-portal sandbox run --connect acct_bakery --connect acct_cinema -- pulumi up

Many accounts are a fleet: the same program, a list, and as many stacks as it takes:

    stripe-portal fleet up --stack test --accounts accounts.csv
"""

from typing import TypedDict

import pulumi
from typing_extensions import NotRequired

from pulumi_stripe_portal import PORTAL_EVENTS, PortalConfiguration, WebhookEndpoint
from pulumi_stripe_portal.inputs import Features, SubscriptionUpdateProduct


class Shop(TypedDict):
    """What the setting `accounts` says of one; in a fleet, a line of its list."""

    name: str
    headline: NotRequired[str]
    plans: NotRequired[str]
    """Lookup keys of the prices that customers can switch between, with blanks."""


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
site = config.require("site")
shops: dict[str, Shop] = config.require_object("accounts")

# Named after the account, which is for ever: the names of shops change.
portals = {
    account: PortalConfiguration(
        account,
        account=account,
        name=shop["name"],
        business_profile={"headline": shop.get("headline") or shop["name"]},
        default_return_url=f"{site}/shops/{account}",
        features=self_service(shop.get("plans", "").split()),
    )
    for account, shop in sorted(shops.items())
}
pulumi.export("portals", {account: portal.id for account, portal in portals.items()})

# One endpoint of the platform hears of all connected accounts: an event's `account`
# tells which one it is about. The stacks of a fleet leave it to this one.
if config.get("shard") is None:
    events = WebhookEndpoint(
        "events",
        url=f"{site}/webhooks/connect",
        enabled_events=PORTAL_EVENTS,
        connect=True,
    )
    pulumi.export("webhookSecret", events.secret)
