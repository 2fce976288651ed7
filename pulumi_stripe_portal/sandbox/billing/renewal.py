"""What the end of a period, of a trial, or of patience brings."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import (
    cancellation,
    collection,
    discounts,
    invoices,
    items,
    pauses,
    schedules,
    tax_params,
)
from .periods import interval, period

__all__ = ["end_trial", "expire", "pay", "remind", "renew", "retry", "revive"]


def renew(context: Context, subscription: Json) -> Json:
    """Begin the next period: a planned switch takes effect, and an invoice is made."""
    now = context.clock.now()
    after = schedules.take_effect(context, subscription)
    recurring = items.recurring(context, after["items"])
    anchor = after["billing_cycle_anchor"]
    before = items.recurring(context, subscription["items"])
    if interval(recurring) != interval(before):
        anchor = now
    span = period(anchor, recurring, now)
    after = {
        **after,
        "billing_cycle_anchor": anchor,
        "items": items.with_span(after["items"], span),
    }
    return _bill(context, subscription, after, ended=subscription["items"])


def end_trial(context: Context, subscription: Json) -> Json:
    """Begin the first paid period; what was used before costs nothing.

    Without a payment method the trial's settings decide: an invoice that stays open,
    the end, or a pause [SPECIFIED: stripe 16.1.0, Subscription.trial_settings].
    """
    behavior = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    payer = collection.payer(context, subscription)
    if payer is None and behavior == "cancel":
        return cancellation.end(context, subscription, reason=None)
    if payer is None and behavior == "pause":
        reason = "trial_end_without_payment_method"
        return pauses.pause(context, subscription, reason)
    now = context.clock.now()
    recurring = items.recurring(context, subscription["items"])
    span = period(now, recurring, now)
    after = {
        **subscription,
        "billing_cycle_anchor": now,
        "items": items.with_span(subscription["items"], span),
        "status": "active",
    }
    return _bill(context, subscription, after, ended=[])


def remind(context: Context, subscription: Json) -> None:
    """Record `customer.subscription.trial_will_end`.

    `customer.subscription.trial_will_end` comes three days before a trial ends, or at
    its start if it is shorter
    [DOCUMENTED: docs.stripe.com/billing/subscriptions/trials].
    """
    reminded = {**subscription, "reminded": True}
    context.partition.put(reminded)
    record(context, reminded, verb="trial_will_end")


def expire(context: Context, subscription: Json) -> Json:
    """Give up a subscription whose first invoice was not paid in time."""
    latest = context.get("invoice", subscription["latest_invoice"])
    if latest["status"] == "open":
        invoices.void(context, latest)
    ended = {"status": "incomplete_expired", "ended_at": context.clock.now()}
    return keep(context, {**subscription, **ended}, subscription)


def retry(context: Context, invoice: Json) -> None:
    """Try a payment again.

    A subscription ends when the last retry fails [OURS: at Stripe it is a setting].
    """
    after = collection.settle(context, invoice)
    subscription = invoices.subscription_of(context, invoice)
    if subscription is None:
        return
    if after["status"] == "paid":
        revive(context, subscription)
    elif after["next_payment_attempt"] is None and not subscription["ended_at"]:
        cancellation.end(context, subscription, reason="payment_failed")


def pay(
    context: Context,
    invoice: Json,
    method: str | None = None,
    *,
    on_session: bool = False,
) -> Json:
    """Pay an open *invoice*, which may make its subscription active again.

    *method* is charged instead of what the subscription or customer has.

    Raises:
        StripeError: There is nothing to charge, or it is declined.
    """
    paid = collection.settle_or_refuse(context, invoice, method, on_session=on_session)
    subscription = invoices.subscription_of(context, paid)
    if subscription is not None:
        revive(context, subscription)
    return paid


def revive(context: Context, subscription: Json) -> None:
    """Make *subscription* active once nothing of it is unpaid any more."""
    if subscription["status"] not in ("past_due", "incomplete"):
        return
    for each in context.partition.all("invoice"):
        owner = invoices.subscription_id(each)
        if owner == subscription["id"] and each["status"] == "open":
            return
    keep(context, {**subscription, "status": "active"}, subscription)


def _bill(context: Context, before: Json, after: Json, *, ended: list[Json]) -> Json:
    context.partition.put(after)
    charges = invoices.charges_of(context, after, ended)
    invoice = invoices.bill(context, after, charges, "subscription_cycle")
    pause = after["pause_collection"]
    if pause is None:
        invoice = collection.settle(context, invoice)
    elif pause["behavior"] == "void":
        invoice = invoices.void(context, invoice)
    elif pause["behavior"] == "mark_uncollectible":
        invoice = invoices.void(context, invoice, "uncollectible")
    after = discounts.spend(context, after) | {"latest_invoice": invoice["id"]}
    after |= tax_params.after_invoice(invoice)
    unpaid = invoice["status"] == "open" and pause is None
    if unpaid and after["collection_method"] == "charge_automatically":
        after |= {"status": "past_due"}
    return keep(context, after, before)
