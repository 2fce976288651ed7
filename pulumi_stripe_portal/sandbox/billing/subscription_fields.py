"""What every subscription begins with."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import unsupported
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .invoice_fields import ISSUER, NO_TAX

__all__ = ["TRIAL_SETTINGS", "blank"]

_NO_DETAILS: Json = {
    "comment": None,
    "feedback": None,
    "feedback_option": None,
    "reason": None,
}
TRIAL_SETTINGS: Json = {
    "end_behavior": {
        "billing_cycle_anchor": None,
        "missing_payment_method": "create_invoice",
    }
}


def blank(context: Context, params: Json) -> Json:
    """Return a new subscription with everything but its items and times."""
    now = context.clock.now()
    mode = (params.get("billing_mode") or {}).get("type", "flexible")
    flexible: Any = None
    if mode == "flexible":
        given = (params.get("billing_mode") or {}).get("flexible") or {}
        flexible = {"proration_discounts": "included", **given}
        if flexible["proration_discounts"] != "included":
            raise unsupported("the proration_discounts itemized")
    return {
        "announced": None,
        "application": context.application,
        "application_fee_percent": None,
        "automatic_tax": NO_TAX,
        "billing_cycle_anchor_config": None,
        # Flexible billing mode is the default since 2025-09-30.clover
        # [DOCUMENTED: docs.stripe.com/billing/subscriptions/billing-mode].
        "billing_mode": {"flexible": flexible, "type": mode, "updated_at": None},
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": _NO_DETAILS,
        "collection_method": "charge_automatically",
        "customer_account": None,
        "days_until_due": None,
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "ended_at": None,
        "invoice_settings": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": ISSUER,
        },
        "latest_invoice": None,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "reminded": False,
        "schedule": None,
        "start_date": now,
        "status_details": None,
        "test_clock": None,
        "transfer_data": None,
        "trial_settings": TRIAL_SETTINGS,
    }
