"""What a Checkout Session sells: today's invoice, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import checkout_customer, discounts, invoice_preview, tax_params
from .clock_of import in_time_of

__all__ = ["Summary", "amounts", "subscribe_params", "summarise"]


@dataclass(frozen=True)
class Summary:
    """What is to be paid.

    Attributes:
        invoice: A preview of the first invoice, as it is stored.
        amounts: The fields of the session about money.
        upcoming: A preview of the next one, None where there will be none.
        trial_end: When a trial ends, None where there is none.
        coupon: The coupon that is taken into account.
    """

    invoice: Json
    amounts: Json
    upcoming: Json | None
    trial_end: int | None
    coupon: Json | None


def summarise(context: Context, session: Json, entered: Json) -> Summary:
    """Return what *session* comes to, with what was *entered* so far."""
    with context.store.rehearsal(context.partition):
        customer = checkout_customer.sold_to(context, session, entered)
        params = subscribe_params(session, customer, entered)
        there = in_time_of(context, customer)
        made, invoice = invoice_preview.first_invoice(there, params)
        applied = discounts.active(there, made)
        return Summary(
            invoice=invoice,
            amounts=amounts(there, session, invoice),
            upcoming=invoice_preview.upcoming_invoice(
                there, {**made, "status": "trialing" if made["trial_end"] else "active"}
            ),
            trial_end=made["trial_end"],
            coupon=discounts.coupon_of(there, applied[0]) if applied else None,
        )


def subscribe_params(session: Json, customer: Json, entered: Json) -> Json:
    """Return the parameters of the subscription that a session is for."""
    code = entered["code"]
    taken = ("price", "quantity", "tax_rates")
    params = {
        **session["data"],
        "customer": customer["id"],
        "discounts": [{"promotion_code": code["id"]}] if code else session["discounts"],
        "items": [
            {name: each[name] for name in taken if name in each}
            for each in session["lines"]
        ],
    }
    if checkout_customer.is_taxed(session, customer):
        params["automatic_tax"] = {"enabled": True}
    return params


def amounts(context: Context, session: Json, invoice: Json) -> Json:
    """Return the fields of *session* about money, as the first *invoice* has them."""
    automatic = session["automatic_tax"]
    if automatic["enabled"]:
        known = invoice["automatic_tax"]["status"] == "complete"
        status = "complete" if known else "requires_location_inputs"
        automatic = {**automatic, "status": status}
    off = (each["amount"] for each in invoice["total_discount_amounts"])
    return {
        "amount_subtotal": invoice["subtotal"],
        "amount_total": invoice["total"],
        "automatic_tax": automatic,
        "breakdown": _breakdown(context, invoice),
        "currency": invoice["currency"],
        "sold": invoice["lines"],
        "total_details": {
            "amount_discount": sum(off),
            "amount_shipping": 0,
            "amount_tax": sum(each["amount"] for each in invoice["total_taxes"]),
        },
    }


def _breakdown(context: Context, invoice: Json) -> Json:
    """Return each discount and each tax of *invoice*, with its object in full."""
    discount = context.resources["discount"]
    told = ("amount", "taxability_reason", "taxable_amount")
    taxes = []
    for each in invoice["total_taxes"]:
        [rate] = tax_params.shown(context, [each["tax_rate_details"]["tax_rate"]])
        taxes.append({**{name: each[name] for name in told}, "rate": rate})
    return {
        "discounts": [
            {
                "amount": each["amount"],
                "discount": render(
                    context, discount, context.get("discount", each["discount"]), []
                ),
            }
            for each in invoice["total_discount_amounts"]
        ],
        "taxes": taxes,
    }
