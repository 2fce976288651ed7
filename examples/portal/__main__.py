"""The customer portal of a SaaS with three tiers, as code."""

import pulumi

from pulumi_stripe_portal import PortalConfiguration
from pulumi_stripe_portal.inputs import Features, SubscriptionUpdateProduct

BASIC: SubscriptionUpdateProduct = {
    "prices": [{"lookup_key": "basic_monthly"}, {"lookup_key": "basic_annual"}]
}
PRO: SubscriptionUpdateProduct = {
    "prices": [{"lookup_key": "pro_monthly"}, {"lookup_key": "pro_annual"}]
}
ENTERPRISE: SubscriptionUpdateProduct = {
    "prices": [
        {"lookup_key": "enterprise_monthly"},
        {"lookup_key": "enterprise_annual"},
    ]
}


def features(*plans: SubscriptionUpdateProduct) -> Features:
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
            "default_allowed_updates": ["price", "quantity"],
            "proration_behavior": "create_prorations",
            "products": [*plans],
        },
    }


standard = PortalConfiguration(
    "standard",
    name="Basic and Pro",
    features=features(BASIC, PRO),
)
enterprise = PortalConfiguration(
    "enterprise",
    name="All plans",
    features=features(BASIC, PRO, ENTERPRISE),
)

pulumi.export("standard", standard.id)
pulumi.export("enterprise", enterprise.id)
