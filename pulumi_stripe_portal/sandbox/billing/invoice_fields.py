"""What every invoice begins with."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import tax_ids

__all__ = ["ISSUER", "NO_TAX", "blank", "of_customer"]

ISSUER: Json = {"account": None, "type": "self"}
NO_TAX: Json = {"disabled_reason": None, "enabled": False, "liability": None}


def blank(context: Context, customer: Json, subscription: Json) -> Json:
    """Return a draft of *subscription* with everything but its lines and amounts."""
    now = context.clock.now()
    by_invoice = subscription["collection_method"] == "send_invoice"
    days = subscription["days_until_due"] or 0
    mode = "live" if context.partition.livemode else "test"
    account = context.partition.account
    seed = context.store.new_id("invoice/", account)
    issuer = context.store.branding(subscription["on_behalf_of"] or account)
    return {
        "account_country": "US",
        "account_name": issuer.name,
        "account_tax_ids": None,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {**NO_TAX, "provider": None, "status": None},
        "automatically_finalizes_at": None,
        "collection_method": subscription["collection_method"],
        "currency": subscription["currency"],
        "custom_fields": None,
        "customer": customer["id"],
        "customer_account": None,
        **of_customer(context, customer),
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "due_date": now + days * 24 * 60 * 60 if by_invoice else None,
        "effective_at": None,
        "ending_balance": None,
        "footer": None,
        "from_invoice": None,
        "issuer": ISSUER,
        "last_finalization_error": None,
        "latest_revision": None,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "on_behalf_of": subscription["on_behalf_of"],
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": subscription["metadata"],
                "subscription": subscription["id"],
                "subscription_proration_date": None,
            },
            "type": "subscription_details",
        },
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "period_end": now,
        "period_start": now,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "secret": f"{mode}_{alphanumeric(seed, 32)}",
        "shipping_cost": None,
        "shipping_details": None,
        "statement_descriptor": None,
        "status": "draft",
        "status_details": None,
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "tax_names": {},
        "test_clock": customer["test_clock"],
        "threshold_reason": None,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": now,
    }


def of_customer(context: Context, customer: Json) -> Json:
    """Return what an invoice says about its customer, until it is final."""
    return {
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": customer["shipping"],
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [
            {"type": each["type"], "value": each["value"]}
            for each in tax_ids.of(context, customer["id"])
        ],
    }
