"""Invoices: made, numbered, finalised and paid in one go."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import (
    balances,
    cards,
    discounts,
    invoice_items,
    lines,
    payment_intents,
    payment_methods,
)
from .invoice_fields import blank

__all__ = [
    "bill",
    "charges_of",
    "conclude",
    "finalise",
    "payer",
    "require_payer",
    "settle",
    "settle_or_refuse",
    "subscription_id",
    "subscription_of",
    "totals",
    "void",
]

_DAY = 24 * 60 * 60
_RETRIES = (3 * _DAY, 5 * _DAY, 7 * _DAY)
"""
Seconds after which a failed payment is tried again.

Failed payments are tried again after 3, 5 and 7 days [OURS: Stripe chooses the times].
"""


def bill(
    context: Context, subscription: Json, charges: list[Json], reason: str
) -> Json:
    """Make and finalise an invoice of *charges* and what else is pending, unpaid.

    No invoice stays a draft [OURS: at Stripe that of a renewal does, for an hour].
    """
    customer = context.get("customer", subscription["customer"])
    invoice = context.new(context.resources["invoice"])
    waiting = invoice_items.pending_items(context, customer["id"], subscription["id"])
    charged = [invoice_items.collect(context, invoice["id"], each) for each in waiting]
    charged = [{**each, "invoice": invoice["id"]} for each in [*charged, *charges]]
    applied = discounts.active(context, subscription)
    taken = discounts.reductions(context, applied, charged)
    for line, reduced in zip(charged, taken, strict=True):
        line["discount_amounts"] = reduced or line["discount_amounts"]
    invoice |= blank(context, customer, subscription) | {
        "billing_reason": reason,
        **totals(customer, charged, applied),
    }
    keep(context, invoice)
    return finalise(context, invoice)


def totals(customer: Json, charged: list[Json], applied: list[Json]) -> Json:
    """Return the lines *charged*, and what they come to with discounts and balance."""
    subtotal = sum(line["amount"] for line in charged)
    taken = [line["discount_amounts"] for line in charged]
    off = [
        {"amount": _total(taken, each["id"]), "discount": each["id"]}
        for each in applied
    ]
    total = subtotal - sum(each["amount"] for each in off)
    due = max(total + customer["balance"], 0)
    return {
        "amount_due": due,
        "amount_remaining": due,
        "discounts": [each["id"] for each in applied],
        "lines": charged,
        "starting_balance": customer["balance"],
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal,
        "total": total,
        "total_discount_amounts": off,
        "total_excluding_tax": total,
    }


def charges_of(context: Context, subscription: Json) -> list[Json]:
    """Return the lines that bill *subscription* for its current period."""
    return [
        line
        for item in subscription["items"]
        for line in lines.lines_of_period(context, subscription, item)
    ]


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


def void(context: Context, invoice: Json, status: str = "void") -> Json:
    """Give up on an open *invoice*: `void` or `uncollectible`."""
    name = "voided" if status == "void" else "marked_uncollectible"
    moment = {**invoice["status_transitions"], f"{name}_at": context.clock.now()}
    ended = {
        **invoice,
        "next_payment_attempt": None,
        "status": status,
        "status_transitions": moment,
    }
    context.partition.put(ended)
    if status == "void":
        payment_intents.cancel(context, ended)
    record(context, ended, verb=name)
    return ended


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


def subscription_id(invoice: Json) -> str | None:
    """Return the id of the subscription that *invoice* bills, None for none."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def subscription_of(context: Context, invoice: Json) -> Json | None:
    """Return the subscription that *invoice* bills, None for one made by request."""
    found = subscription_id(invoice)
    return context.get("subscription", found) if found else None


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


def finalise(context: Context, draft: Json) -> Json:
    """Give a *draft* its number, the customer's balance, and what is to pay it."""
    customer = context.get("customer", draft["customer"])
    due = draft["total"] + customer["balance"]
    balance = min(due, 0)
    number = customer["next_invoice_sequence"]
    after = {**customer, "next_invoice_sequence": number + 1}
    context.partition.put(after)
    if customer["balance"] != balance:
        changed = keep(context, {**after, "balance": balance}, after)
        applied = "applied_to_invoice"
        balances.note(context, after, changed, applied, invoice=draft["id"])
    now = context.clock.now()
    open_ = {
        **draft,
        "amount_due": max(due, 0),
        "amount_remaining": max(due, 0),
        "automatically_finalizes_at": None,
        "effective_at": now,
        "ending_balance": balance,
        "starting_balance": customer["balance"],
        "number": f"{customer['invoice_prefix']}-{number:04}",
        "status": "open",
        "status_transitions": {**draft["status_transitions"], "finalized_at": now},
    }
    context.partition.put(open_)
    if open_["amount_remaining"]:
        payment_intents.begin(context, open_)
    record(context, open_, verb="finalized")
    return open_


def _total(taken: list[list[Json]], discount: str) -> int:
    every = [each for reduced in taken for each in reduced]
    return sum(each["amount"] for each in every if each["discount"] == discount)


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
