"""Payment intents: one for each invoice that asks for money, and what comes of it."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import cards, charges, next_actions

__all__ = ["PAYMENT", "attempt", "begin", "cancel", "fail", "intent_of", "pay"]

PAYMENT = "invoice_payment"
"""The type of the object that connects an invoice with what pays it."""


def begin(context: Context, invoice: Json) -> None:
    """Make the payment intent of *invoice*, which is to be paid.

    It is made when the invoice is finalised
    [SPECIFIED: stripe 16.1.0, Invoice.confirmation_secret].
    """
    intent = context.new(context.resources["payment_intent"])
    amount, currency = invoice["amount_remaining"], invoice["currency"]
    kind = invoice["billing_reason"] or "manual"
    intent |= {
        **_BLANK,
        "amount": amount,
        "client_secret": f"{intent['id']}_secret_{context.new_id('', 25)}",
        "currency": currency,
        "customer": invoice["customer"],
        "description": kind.replace("_", " ").capitalize(),
        "invoice": invoice["id"],
        "on_behalf_of": invoice["on_behalf_of"],
        "setup_future_usage": "off_session",
        "status": "requires_payment_method",
    }
    context.partition.put(intent)
    record(context, intent)
    payment = context.new(context.resources[PAYMENT]) | {
        "amount_paid": None,
        "amount_requested": amount,
        "currency": currency,
        "invoice": invoice["id"],
        "is_default": True,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    context.partition.put(payment)


def intent_of(context: Context, invoice: Json) -> Json | None:
    """Return the payment intent of *invoice*, None where nothing was to be paid."""
    for each in context.partition.all("payment_intent"):
        if each["invoice"] == invoice["id"]:
            return each
    return None


def attempt(
    context: Context,
    intent: Json,
    method: Json,
    *,
    on_session: bool,
    return_url: str | None = None,
) -> Json:
    """Charge *method*, and return the intent as it is then.

    That is `succeeded`, `requires_action` where 3-D Secure is needed, or
    `requires_payment_method` with a `last_payment_error`.
    """
    found = cards.charge(method, on_session=on_session)
    cleared = {"last_payment_error": None, "next_action": None}
    if found == "requires_action":
        action = next_actions.to_authenticate(context, intent, return_url)
        kept = {"payment_method": method["id"], "return_url": return_url}
        after = {**intent, **cleared, **kept, "next_action": action, "status": found}
        return _keep(context, after, found)
    if found == "succeeded":
        amount = {"amount_received": intent["amount"], "payment_method": method["id"]}
        used = method["is_set_up"] or on_session
        context.partition.put({**method, "is_authenticated": False, "is_set_up": used})
        amount["latest_charge"] = charges.charge(context, intent, method)["id"]
        return _keep(context, {**intent, **cleared, **amount, "status": found}, found)
    charged = charges.charge(context, intent, method, found)
    return fail(context, {**intent, "latest_charge": charged["id"]}, method, found)


def fail(
    context: Context, intent: Json, method: Json, decline: cards.Decline | None = None
) -> Json:
    """Keep that a charge was declined, or that the customer wasn't authenticated."""
    error = {
        "code": decline.code if decline else "payment_intent_authentication_failure",
        "message": decline.message if decline else _NOT_AUTHENTICATED,
        "payment_method": method["id"],
        "type": "card_error" if decline else "invalid_request_error",
    }
    page = error["code"].replace("_", "-")
    error["doc_url"] = f"https://stripe.com/docs/error-codes/{page}"
    if decline and decline.decline_code:
        error["decline_code"] = decline.decline_code
    after = {
        **intent,
        "last_payment_error": error,
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    return _keep(context, after, "payment_failed")


_NOT_AUTHENTICATED = (
    "The provided PaymentMethod has failed authentication. You can provide "
    "payment_method_data or a new PaymentMethod to attempt to fulfill this "
    "PaymentIntent again."
)


def pay(context: Context, invoice: Json) -> None:
    """Mark the payment of *invoice* as paid; without an intent nothing was due."""
    _close(context, invoice, "paid", {"amount_paid": invoice["amount_due"]})


def cancel(context: Context, invoice: Json) -> None:
    """Give up the payment of an *invoice* that is voided."""
    intent = intent_of(context, invoice)
    if intent is None:
        return
    after = {
        **intent,
        "canceled_at": context.clock.now(),
        "cancellation_reason": "void_invoice",
        "next_action": None,
        "status": "canceled",
    }
    _keep(context, after, "canceled")
    _close(context, invoice, "canceled", {})


def _close(context: Context, invoice: Json, status: str, amounts: Json) -> None:
    for each in context.partition.all(PAYMENT):
        if each["invoice"] == invoice["id"]:
            moment = {f"{status}_at": context.clock.now()}
            times = {**each["status_transitions"], **moment}
            closed = {"status": status, "status_transitions": times, **amounts}
            context.partition.put({**each, **closed})
            if status == "paid":
                record(context, {**each, **closed}, verb="paid")


def _keep(context: Context, intent: Json, verb: str) -> Json:
    context.partition.put(intent)
    record(context, intent, verb=verb)
    return intent


_BLANK: Json = {
    **dict.fromkeys(
        (
            "amount_details",
            "application",
            "application_fee_amount",
            "automatic_payment_methods",
            "canceled_at",
            "cancellation_reason",
            "customer_account",
            "excluded_payment_method_types",
            "hooks",
            "last_payment_error",
            "latest_charge",
            "next_action",
            "payment_method",
            "payment_method_configuration_details",
            "processing",
            "receipt_email",
            "return_url",
            "review",
            "shipping",
            "source",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_data",
            "transfer_group",
        )
    ),
    "amount_capturable": 0,
    "amount_received": 0,
    "capture_method": "automatic",
    "confirmation_method": "automatic",
    "metadata": {},
    "payment_method_options": {},
    "payment_method_types": ["card"],
}
