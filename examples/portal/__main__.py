"""The customer portal of a SaaS with three tiers, as code.

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
from pulumi_stripe_portal.inputs import (
    BusinessProfile,
    Features,
    SubscriptionUpdateProduct,
)

site = pulumi.Config().require("site")

profile: BusinessProfile = {
    "headline": "Manage your subscription",
    "privacy_policy_url": f"{site}/privacy",
    "terms_of_service_url": f"{site}/terms",
}


def plan(name: str) -> SubscriptionUpdateProduct:
    """Return a tier that customers can switch to, billed by month or year."""
    return {
        "prices": [
            {"lookup_key": f"{name}_monthly"},
            {"lookup_key": f"{name}_annual"},
        ],
        "adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 100},
    }


def self_service(*plans: str) -> Features:
    """Return what customers can do who may switch between these plans."""
    return {
        "customer_update": {
            "enabled": True,
            "allowed_updates": ["email", "address", "tax_id"],
        },
        "payment_method_update": {"enabled": True},
        "invoice_history": {"enabled": True},
        "subscription_cancel": {
            "enabled": True,
            "mode": "at_period_end",
            "cancellation_reason": {
                "enabled": True,
                "options": [
                    "too_expensive",
                    "missing_features",
                    "switched_service",
                    "unused",
                    "other",
                ],
            },
        },
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price", "quantity", "promotion_code"],
            "proration_behavior": "create_prorations",
            "products": [plan(name) for name in plans],
        },
    }


# For whoever has no plan yet, and for sessions that name no configuration. It is the
# one that the Dashboard edits: what is switched on there, this program switches off.
default = DefaultPortalConfiguration(
    "default",
    business_profile=profile,
    default_return_url=f"{site}/account",
    features={
        "customer_update": {"enabled": True, "allowed_updates": ["email", "address"]},
        "payment_method_update": {"enabled": True},
        "invoice_history": {"enabled": True},
    },
    undeclared_features="off",
)

# Enterprise is sold by people: customers of the other tiers can't switch to it.
standard = PortalConfiguration(
    "standard",
    name="Basic and Pro",
    business_profile=profile,
    default_return_url=f"{site}/account",
    features=self_service("basic", "pro"),
)
all_plans = PortalConfiguration(
    "all-plans",
    name="All plans",
    business_profile=profile,
    default_return_url=f"{site}/account",
    features=self_service("basic", "pro", "enterprise"),
)

events = WebhookEndpoint(
    "events",
    url=f"{site}/webhooks/stripe",
    enabled_events=PORTAL_EVENTS,
    description="Keeps plans and entitlements up to date",
)

pulumi.export("default", default.id)
pulumi.export("standard", standard.id)
pulumi.export("allPlans", all_plans.id)
pulumi.export("webhookSecret", events.secret)
