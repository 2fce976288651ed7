"""Invoices: made, numbered, finalised and paid in one go."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import (
    balances,
    discounts,
    invoice_items,
    lines,
    payment_intents,
    taxes,
)
from .invoice_fields import blank

__all__ = [
    "bill",
    "charges_of",
    "finalise",
    "reckon",
    "subscription_id",
    "subscription_of",
    "usage_of",
    "void",
]


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
    invoice |= blank(context, customer, subscription) | {"billing_reason": reason}
    invoice = reckon(context, invoice, subscription, charged, applied)
    keep(context, invoice)
    return finalise(context, invoice)


def reckon(
    context: Context,
    draft: Json,
    payable: Json,
    charged: list[Json],
    applied: list[Json],
) -> Json:
    """Return a *draft* of the lines *charged*, with all that they come to.

    The discounts *applied* are taken off the lines already; see `taxes.apply` for
    *payable*.
    """
    customer = context.get("customer", draft["customer"])
    untaxed = {**draft, **_totals(customer, charged, applied)}
    return taxes.apply(context, untaxed, payable)


def _totals(customer: Json, charged: list[Json], applied: list[Json]) -> Json:
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


def charges_of(
    context: Context, subscription: Json, ended: list[Json] | None = None
) -> list[Json]:
    """Return the lines that bill *subscription* for its current period.

    What is metered is billed for the period before, in which the items were those that
    have *ended*; the first period has none before it.
    """
    charges = usage_of(context, subscription, ended or [])
    for item in subscription["items"]:
        if ended is None or item["quantity"] is not None:
            charges += lines.lines_of_period(context, subscription, item)
    return charges


def usage_of(
    context: Context, subscription: Json, ended: list[Json], end: int | None = None
) -> list[Json]:
    """Return the lines that bill what was used of the items *ended*, until *end*."""
    return [
        line
        for item in ended
        for line in lines.lines_of_usage(context, subscription, item, end)
    ]


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


def subscription_id(invoice: Json) -> str | None:
    """Return the id of the subscription that *invoice* bills, None for none."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def subscription_of(context: Context, invoice: Json) -> Json | None:
    """Return the subscription that *invoice* bills, None for one made by request."""
    found = subscription_id(invoice)
    return context.get("subscription", found) if found else None


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
