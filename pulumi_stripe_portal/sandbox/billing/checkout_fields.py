"""What every Checkout Session begins with."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["BLANK"]

BLANK: Json = {
    **dict.fromkeys(
        (
            "after_expiration",
            "allow_promotion_codes",
            "allowed_payment_method_types",
            "amount_subtotal",
            "amount_total",
            "billing_address_collection",
            "branding_settings",
            "cancel_url",
            "client_reference_id",
            "client_secret",
            "collected_information",
            "consent",
            "consent_collection",
            "currency_conversion",
            "customer",
            "customer_account",
            "customer_creation",
            "customer_details",
            "customer_email",
            "excluded_payment_method_types",
            "integration_identifier",
            "invoice",
            "invoice_creation",
            "locale",
            "name_collection",
            "optional_items",
            "origin_context",
            "payment_intent",
            "payment_link",
            "payment_method_configuration_details",
            "permissions",
            "recovered_from",
            "redirect_on_completion",
            "return_url",
            "saved_payment_method_options",
            "setup_intent",
            "shipping_address_collection",
            "shipping_cost",
            "submit_type",
            "subscription",
            "tax_id_collection",
            "total_details",
            "wallet_options",
        )
    ),
    "adaptive_pricing": {"enabled": False},
    "automatic_tax": {
        "enabled": False,
        "liability": None,
        "provider": None,
        "status": None,
    },
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "managed_payments": {"enabled": False},
    "payment_method_options": {},
    "payment_method_types": ["card"],
    "pending": None,
    "phone_number_collection": {"enabled": False},
    "shipping_options": [],
    "status": "open",
    "ui_mode": "hosted_page",
}
