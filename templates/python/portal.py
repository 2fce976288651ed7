"""What customers can do in Stripe's customer portal, and the events that the app gets.

Prices are named by lookup key, so that the stacks `test` and `live` share every line;
what differs between them is in `Pulumi.test.yaml` and `Pulumi.live.yaml`.
"""

import pulumi

from pulumi_stripe_portal import (
    PORTAL_EVENTS,
    DefaultPortalConfiguration,
    PortalConfiguration,
    WebhookEndpoint,
)

site = pulumi.Config().require("site")

# For sessions that name no configuration. It is the one that the Dashboard edits: what
# is switched on there, this program switches off.
default = DefaultPortalConfiguration(
    "default",
    default_return_url=f"{site}/account",
    features={
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
    },
    undeclared_features="off",
)

# For sessions of customers who may switch between plans.
plans = PortalConfiguration(
    "plans",
    name="Basic and Pro",
    default_return_url=f"{site}/account",
    features={
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "proration_behavior": "create_prorations",
            "products": [
                {"prices": [{"lookup_key": "basic_monthly"}]},
                {"prices": [{"lookup_key": "pro_monthly"}]},
            ],
        },
    },
)

events = WebhookEndpoint(
    "events",
    url=f"{site}/webhooks/stripe",
    enabled_events=PORTAL_EVENTS,
)

pulumi.export("plans", plans.id)
pulumi.export("webhookSecret", events.secret)
