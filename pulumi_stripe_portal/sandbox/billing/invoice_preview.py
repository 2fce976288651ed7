"""What an invoice would be: a change is made, its invoice read, and all taken back."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param, unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference

from . import cancellation, invoice_items, items, renewal, subscriptions
from .params import only
from .statuses import RUNNING

__all__ = ["first_invoice", "immediate_invoice", "preview", "upcoming_invoice"]

_OF_INVOICE = ("automatic_tax", "discounts")

_DETAILS = (
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "default_tax_rates",
    "items",
    "proration_behavior",
    "proration_date",
    "trial_end",
)

Change = Callable[[Context, Json], Json]
"""Changes a subscription, and returns it."""


def preview(context: Context, params: Json) -> Json:
    """Answer `POST /v1/invoices/create_preview`.

    Raises:
        StripeError: Nothing will be invoiced, or nothing is named.
    """
    known = (*_OF_INVOICE, "customer", "preview_mode", "subscription")
    only(params, (*known, "subscription_details"), "invoice previews")
    if params.get("preview_mode", "next") != "next":
        raise unsupported(f"the preview_mode {params['preview_mode']}")
    details = params.get("subscription_details") or {}
    only(details, _DETAILS, "subscription_details of invoice previews")
    asked: Json = {**details}
    for name in _OF_INVOICE:
        if name in params:
            asked[name] = params[name]
    named, customer = params.get("subscription"), params.get("customer")
    change = _change(asked) if asked else None
    if named:
        subscription = reference(context, "subscription", named, "subscription")
        customer = subscription["customer"]
        found = immediate_invoice(context, subscription, change) if change else None
        found = found or upcoming_invoice(context, subscription, change)
    elif customer and details.get("items"):
        found = _first(context, {**asked, "customer": customer})
    elif customer:
        reference(context, "customer", customer, "customer")
        found = _next(context, customer, change)
    else:
        raise missing_param("customer")
    if found is None:
        raise StripeError(
            f"No upcoming invoices for customer: '{customer}'",
            Evidence.REPORTED("stripe/stripe-dotnet #1246, without the quotes"),
            code="invoice_upcoming_none",
            status=404,
        )
    return found


def _next(context: Context, customer: str, change: Change | None) -> Json | None:
    """Return the next invoice of a *customer*.

    It is that of the subscription which is billed first
    [SPECIFIED: stripe 16.1.0, InvoiceCreatePreviewParams.subscription].
    """
    every = subscriptions.of(context, customer)
    if not every and invoice_items.pending_items(context, customer):
        raise unsupported("previews of invoice items alone")
    found = [upcoming_invoice(context, each, change) for each in every]
    soonest = itemgetter("next_payment_attempt")
    return min(filter(None, found), key=soonest, default=None)


def upcoming_invoice(
    context: Context, subscription: Json, change: Change | None = None
) -> Json | None:
    """Return the next invoice of *subscription*, after a *change* if one is given.

    None where there will be none: it ends, and nothing of it is metered.
    """
    with context.store.rehearsal(context.partition):
        after = change(context, subscription) if change else subscription
        if after["status"] not in RUNNING:
            return None
        moment, end = items.span(after["items"]).end, after["cancel_at"]
        begin = renewal.end_trial if after["status"] == "trialing" else renewal.renew
        if end is not None and end <= moment:
            moment, begin = end, cancellation.end_as_planned
        later = context.at(moment)
        after = begin(later, {**after, "pause_collection": None})
        made = later.partition.get("invoice", after["latest_invoice"] or "")
        if made is None or made["id"] == subscription["latest_invoice"]:
            return None
        return _as_preview(made, moment)


def immediate_invoice(
    context: Context, subscription: Json, change: Change
) -> Json | None:
    """Return the invoice that a *change* makes at once, None where it makes none."""
    with context.store.rehearsal(context.partition):
        after = change(context, subscription)
        made = after["latest_invoice"]
        if made == subscription["latest_invoice"]:
            return None
        return _as_preview(context.get("invoice", made), context.clock.now())


def first_invoice(context: Context, params: Json) -> tuple[Json, Json]:
    """Return a subscription as *params* would make it, and its first invoice.

    Nothing of it stays: it is called in a rehearsal.
    """
    behavior = {"payment_behavior": "default_incomplete"}
    made = subscriptions.create(context, {**params, **behavior})
    found = context.get("invoice", made["latest_invoice"])
    return made, _as_preview(found, context.clock.now())


def _first(context: Context, params: Json) -> Json:
    with context.store.rehearsal(context.partition):
        _, found = first_invoice(context, params)
        return found


def _change(params: Json) -> Change:
    def change(context: Context, subscription: Json) -> Json:
        return subscriptions.update(context, subscription, params)

    return change


def _as_preview(invoice: Json, moment: int) -> Json:
    """Return *invoice* as one that is only a preview."""
    id_ = "upcoming_in_" + invoice["id"].removeprefix("in_")
    return {
        **invoice,
        "id": id_,
        "amount_paid": 0,
        "amount_remaining": invoice["amount_due"],
        "attempt_count": 0,
        "attempted": False,
        "billing_reason": "upcoming",
        "created": moment,
        "effective_at": None,
        "lines": [{**line, "invoice": id_} for line in invoice["lines"]],
        "next_payment_attempt": moment,
        "number": None,
        "status": "draft",
        "status_transitions": dict.fromkeys(invoice["status_transitions"]),
    }
