"""Charges: what a payment intent has tried, and what came of it."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from .test_cards import Decline

__all__ = ["charge"]


def charge(
    context: Context, intent: Json, method: Json, decline: Decline | None = None
) -> Json:
    """Record that *method* was charged for *intent*, or that it was declined."""
    paid = decline is None
    made = context.new(context.resources["charge"]) | {
        **_BLANK,
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "billing_details": method["billing_details"],
        "captured": paid,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "on_behalf_of": intent["on_behalf_of"],
        "outcome": _outcome(decline),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _card(method["card"]), "type": "card"},
        "status": "succeeded" if paid else "failed",
    }
    context.partition.put(made)
    record(context, made, verb=made["status"])
    return made


def _outcome(decline: Decline | None) -> Json:
    blocked = decline is not None and decline.decline_code == "fraudulent"
    reason = decline and (decline.decline_code or decline.code)
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": reason,
        "risk_level": "highest" if blocked else "normal",
        "risk_score": 95 if blocked else 20,
        "seller_message": decline.message if decline else "Payment complete.",
        "type": (
            "blocked" if blocked else "issuer_declined" if decline else "authorized"
        ),
    }


def _card(card: Json) -> Json:
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint")
    more = ("funding", "last4", "regulated_status", "wallet")
    return {
        **{name: card[name] for name in (*same, *more)},
        **dict.fromkeys(
            (
                "amount_authorized",
                "authorization_code",
                "installments",
                "mandate",
                "network_token",
                "network_transaction_id",
                "three_d_secure",
                "transaction_link_id",
            )
        ),
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "overcapture": {"maximum_amount_capturable": 0, "status": "unavailable"},
    }


_BLANK: Json = {
    **dict.fromkeys(
        (
            "application",
            "application_fee",
            "application_fee_amount",
            "balance_transaction",
            "calculated_statement_descriptor",
            "failure_balance_transaction",
            "receipt_email",
            "receipt_number",
            "receipt_url",
            "review",
            "shipping",
            "source",
            "source_transfer",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_data",
            "transfer_group",
        )
    ),
    "amount_refunded": 0,
    "disputed": False,
    "fraud_details": {},
    "metadata": {},
    "radar_options": {},
    "refunded": False,
}
"""A charge has no balance transaction [OURS: the account's own balance is not kept]."""
