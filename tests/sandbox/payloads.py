"""Requests that several tests send."""

from __future__ import annotations

from stripe.params.billing_portal import (
    ConfigurationCreateParams,
    ConfigurationUpdateParams,
)

EXPAND = ["features.subscription_update.products"]

MINIMAL: ConfigurationCreateParams = {
    "features": {"invoice_history": {"enabled": True}}
}

SWITCHING: ConfigurationCreateParams = {
    "features": {
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {
                    "product": "prod_BasicTest",
                    "prices": ["price_BasicMonthlyTest", "price_BasicAnnualTest"],
                    "adjustable_quantity": {"enabled": False, "minimum": 1},
                }
            ],
        },
    }
}


def every_field(feedback: str, method: str) -> ConfigurationCreateParams:
    """All that a configuration can be created with, none of it a default."""
    return {
        "business_profile": {
            "headline": "Acme partners with Stripe.",
            "privacy_policy_url": "https://acme.example/privacy",
            "terms_of_service_url": "https://acme.example/terms",
        },
        "default_return_url": "https://acme.example/account",
        "features": {
            "customer_update": {
                "allowed_updates": ["email", "tax_id"],
                "enabled": True,
            },
            "invoice_history": {"enabled": True},
            "payment_method_update": {
                "enabled": True,
                "payment_method_configuration": method,
            },
            "subscription_cancel": {
                "cancellation_reason": {
                    "enabled": True,
                    "feedback_options": [feedback],
                    "options": ["unused", "other"],
                },
                "enabled": True,
                "mode": "immediately",
                "proration_behavior": "create_prorations",
            },
            "subscription_pause": {
                "duration": {
                    "interval_options": [{"interval": "week", "interval_count": 2}],
                    "type": "interval_options",
                },
                "enabled": True,
            },
            "subscription_update": {
                "billing_cycle_anchor": "now",
                "default_allowed_updates": ["price", "quantity"],
                "enabled": True,
                "products": [
                    {
                        "adjustable_quantity": {
                            "enabled": True,
                            "maximum": 9,
                            "minimum": 2,
                        },
                        "prices": ["price_ProMonthlyTest"],
                        "product": "prod_ProTest",
                    }
                ],
                "proration_behavior": "always_invoice",
                "schedule_at_period_end": {
                    "conditions": [{"type": "shortening_interval"}]
                },
                "trial_update_behavior": "continue_trial",
            },
        },
        "login_page": {"enabled": True},
        "metadata": {"team": "billing"},
        "name": "Customers on Pro",
        "expand": EXPAND,
    }


RESETS: ConfigurationUpdateParams = {
    "active": True,
    "business_profile": {
        "headline": "",
        "privacy_policy_url": "",
        "terms_of_service_url": "",
    },
    "default_return_url": "",
    "features": {
        "customer_update": {"allowed_updates": "", "enabled": False},
        "invoice_history": {"enabled": False},
        "payment_method_update": {"enabled": False, "payment_method_configuration": ""},
        "subscription_cancel": {
            "cancellation_reason": {
                "enabled": False,
                "feedback_options": "",
                "options": "",
            },
            "enabled": False,
            "mode": "at_period_end",
            "proration_behavior": "none",
        },
        "subscription_pause": {
            "duration": {"interval_options": "", "type": "indefinite"},
            "enabled": False,
        },
        "subscription_update": {
            "billing_cycle_anchor": "unchanged",
            "default_allowed_updates": "",
            "enabled": False,
            "products": "",
            "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": ""},
            "trial_update_behavior": "end_trial",
        },
    },
    "login_page": {"enabled": False},
    "metadata": "",
    "name": "",
    "expand": EXPAND,
}
"""What takes every field of `every_field` back in one request."""
