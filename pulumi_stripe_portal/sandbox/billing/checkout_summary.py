"""What a Checkout Session sells: today's invoice, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import customers, discounts, invoice_preview
from .clock_of import in_time_of

__all__ = ["Summary", "subscribe_params", "summarise"]


@dataclass(frozen=True)
class Summary:
    """What is to be paid.

    Attributes:
        invoice: A preview of the first invoice, as it is stored.
        upcoming: A preview of the next one, None where there will be none.
        discount: What is taken off the first one.
        trial_end: When a trial ends, None where there is none.
        coupon: The coupon that is taken into account.
    """

    invoice: Json
    upcoming: Json | None
    discount: int
    trial_end: int | None
    coupon: Json | None


def summarise(context: Context, session: Json, code: Json | None = None) -> Summary:
    """Return what *session* comes to, with a promotion *code* if one was entered."""
    with context.store.rehearsal(context.partition):
        customer = session["customer"] or customers.create(context, {})["id"]
        params = {**subscribe_params(session, code), "customer": customer}
        there = in_time_of(context, context.get("customer", customer))
        made, invoice = invoice_preview.first_invoice(there, params)
        applied = discounts.active(there, made)
        return Summary(
            invoice=invoice,
            upcoming=invoice_preview.upcoming_invoice(
                there, {**made, "status": "trialing" if made["trial_end"] else "active"}
            ),
            discount=invoice["subtotal"] - invoice["total"],
            trial_end=made["trial_end"],
            coupon=discounts.coupon_of(there, applied[0]) if applied else None,
        )


def subscribe_params(session: Json, code: Json | None = None) -> Json:
    """Return the parameters of the subscription that a session is for."""
    named = [{"promotion_code": code["id"]}] if code else session["discounts"]
    lines = session["lines"]
    return {
        **session["data"],
        "discounts": named,
        "items": [
            {name: each[name] for name in ("price", "quantity") if name in each}
            for each in lines
        ],
    }
