"""Collecting: what pays an invoice, whether it is paid, and when it is tried again."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import cards, payment_intents, payment_methods
from .invoices import subscription_of

__all__ = [
    "collect",
    "conclude",
    "payer",
    "require_payer",
    "settle",
    "settle_or_refuse",
]

_DAY = 24 * 60 * 60
_RETRIES = (3 * _DAY, 5 * _DAY, 7 * _DAY)
"""
Seconds after which a failed payment is tried again.

Failed payments are tried again after 3, 5 and 7 days [OURS: Stripe chooses the times].
"""


def collect(
    context: Context, invoice: Json, behavior: str, *, on_session: bool
) -> Json:
    """Collect *invoice* in the way that a request's `payment_behavior` says.

    Without a payment a subscription that is changed becomes `past_due`, unless that is
    an error [DOCUMENTED: docs.stripe.com/api/subscriptions/update].

    Raises:
        StripeError: 402 of `error_if_incomplete`; 501, `pending_if_incomplete` and it
            can't be paid: pending updates are not here.
    """
    if behavior == "default_incomplete" and invoice["amount_due"]:
        return invoice
    if behavior == "error_if_incomplete":
        return settle_or_refuse(context, invoice, on_session=on_session)
    after = settle(context, invoice, on_session=on_session)
    if behavior == "pending_if_incomplete" and after["status"] != "paid":
        raise unsupported("pending updates, of payment_behavior=pending_if_incomplete")
    return after


def settle(
    context: Context,
    invoice: Json,
    method: str | None = None,
    *,
    on_session: bool = False,
) -> Json:
    """Charge an open *invoice*; it stays open where that fails.

    *method* is charged instead of what its subscription or customer has.
    """
    if invoice["amount_remaining"] == 0:
        return _mark_paid(context, invoice)
    if invoice["collection_method"] == "send_invoice" and method is None:
        return invoice
    id_ = method or payer(context, invoice)
    intent = payment_intents.intent_of(context, invoice)
    if id_ is not None and intent is not None:
        charged = context.get("payment_method", id_)
        intent = payment_intents.attempt(
            context, intent, charged, on_session=on_session
        )
    return conclude(context, invoice, intent)


def conclude(context: Context, invoice: Json, intent: Json | None) -> Json:
    """Return *invoice* after an attempt to pay it: paid, or to be tried again."""
    count = invoice["attempt_count"] + 1
    tried = {**invoice, "attempt_count": count, "attempted": True}
    status = intent and intent["status"]
    if status == "succeeded":
        return _mark_paid(context, tried)
    again = None
    if count <= len(_RETRIES) and _is_retried(context, invoice):
        again = context.clock.now() + _RETRIES[count - 1]
    failed = {**tried, "next_payment_attempt": again}
    context.partition.put(failed)
    record(context, failed, verb="payment_failed")
    if status == "requires_action":
        record(context, failed, verb="payment_action_required")
    return failed


def _is_retried(context: Context, invoice: Json) -> bool:
    """Tell whether a payment is tried again by itself.

    The first of a subscription is not [SPECIFIED: stripe 16.1.0, Subscription.status].
    """
    first = invoice["billing_reason"] == "subscription_create"
    payable = subscription_of(context, invoice) or invoice
    automatic = payable["collection_method"] == "charge_automatically"
    return bool(automatic and not first and invoice["auto_advance"])


def settle_or_refuse(
    context: Context,
    invoice: Json,
    method: str | None = None,
    *,
    on_session: bool = False,
) -> Json:
    """Charge an open *invoice*, as `settle` does.

    Raises:
        StripeError: 402, there is nothing to charge, it is declined, or the customer
            has to authenticate.
    """
    after = settle(context, invoice, method, on_session=on_session)
    if after["status"] == "paid":
        return after
    if method is None and payer(context, invoice) is None:
        raise _nothing_to_charge()
    intent = payment_intents.intent_of(context, invoice) or {}
    error = intent.get("last_payment_error")
    if error:
        raise cards.declined(error)
    if intent.get("status") == "requires_action":
        raise _to_authenticate()
    return after


def payer(context: Context, payable: Json) -> str | None:
    """Return the method that pays a subscription or an invoice.

    Its own, else its subscription's, else the customer's.
    """
    own: str | None = payable["default_payment_method"]
    if payable["object"] == "invoice":
        subscription = subscription_of(context, payable) or {}
        own = own or subscription.get("default_payment_method")
    customer = context.get("customer", payable["customer"])
    return own or payment_methods.default_of(customer)


def require_payer(context: Context, subscription: Json) -> None:
    """Require a way to pay.

    Raises:
        StripeError: The customer has no default payment method, nor the subscription.
    """
    if not payer(context, subscription):
        raise _nothing_to_charge()


def _nothing_to_charge() -> StripeError:
    return StripeError(
        "This customer has no attached payment source or default payment method. "
        "Please consider adding a default payment method. For more information, visit "
        "https://stripe.com/docs/billing/subscriptions/payment-methods-setting"
        "#payment-method-priority.",
        Evidence.REPORTED("clojurewerkz/elephant #14"),
        code="resource_missing",
    )


def _to_authenticate() -> StripeError:
    return StripeError(
        "This payment requires additional user action before it can be completed "
        "successfully. Payment can be completed using the PaymentIntent associated "
        "with the invoice.",
        Evidence.REPORTED("public code"),
        code="invoice_payment_intent_requires_action",
        status=402,
        type="card_error",
    )


def _mark_paid(context: Context, invoice: Json) -> Json:
    paid = {
        **invoice,
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": {
            **invoice["status_transitions"],
            "paid_at": context.clock.now(),
        },
    }
    context.partition.put(paid)
    payment_intents.pay(context, paid)
    record(context, paid, verb="paid")
    record(context, paid, verb="payment_succeeded")
    return paid
