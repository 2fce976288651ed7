"""The end of subscriptions: planned, taken back, at once."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import (
    collection,
    invoice_items,
    invoices,
    items,
    prorations,
    schedules,
)

__all__ = [
    "already_ended",
    "end",
    "end_as_planned",
    "end_later",
    "ends_at",
    "plan_end",
    "take_back",
    "will_end",
]


def plan_end(context: Context, subscription: Json, params: Json) -> Json:
    """Return *subscription* as `cancel_at` and `cancel_at_period_end` have it.

    Raises:
        StripeError: A schedule manages the subscription, or the time has passed.
    """
    named = {"cancel_at", "cancel_at_period_end"} & set(params)
    if not named:
        return subscription
    if subscription["schedule"]:
        raise _is_scheduled(subscription["schedule"])
    at, at_period_end = params.get("cancel_at"), params.get("cancel_at_period_end")
    if at and at_period_end:
        raise StripeError(
            "You may only specify one of these parameters: cancel_at, "
            "cancel_at_period_end.",
            Evidence.OURS("Stripe's words for other pairs of parameters"),
            param="cancel_at",
        )
    if not at and not at_period_end:
        return take_back(subscription)
    moment = _moment(context, subscription, at)
    changed = _plan(context, subscription, moment)
    return {**changed, "cancel_at_period_end": bool(at_period_end)}


def end_later(context: Context, subscription: Json) -> Json:
    """Return *subscription* as a cancellation in the portal leaves it: to end later.

    In flexible billing mode a cancellation in the portal sets `cancel_at` alone; in
    classic mode `cancel_at_period_end` too [OBSERVED: stripe/stripe-node #2470,
    better-auth/better-auth #9321].
    """
    classic = subscription["billing_mode"]["type"] == "classic"
    changed = _plan(context, subscription, items.span(subscription["items"]).end)
    return {**changed, "cancel_at_period_end": classic}


def take_back(subscription: Json) -> Json:
    """Return *subscription* without a planned end."""
    details = {**subscription["cancellation_details"], "reason": None}
    if subscription["cancel_at"] is None:
        return subscription
    return {
        **subscription,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": details | {"comment": None, "feedback": None},
    }


def will_end(subscription: Json) -> bool:
    """Tell whether the end of *subscription* is planned."""
    return bool(subscription["cancel_at"])


def ends_at(subscription: Json) -> int | None:
    """Return the planned end of *subscription*."""
    at: int | None = subscription["cancel_at"]
    return at


def end(
    context: Context,
    subscription: Json,
    *,
    reason: str | None = "cancellation_requested",
    details: Json | None = None,
    prorate: bool = False,
    invoice_now: bool = False,
    bill_usage: bool = False,
) -> Json:
    """End *subscription* now and record `customer.subscription.deleted`.

    *prorate* credits what was paid for the time that is left; with *invoice_now* that
    is on an invoice of its own, as what was used is, which *bill_usage* bills alone.

    Raises:
        StripeError: It has ended already.
    """
    if subscription["ended_at"]:
        raise already_ended()
    now = context.clock.now()
    if prorate and subscription["status"] == "active":
        for item in subscription["items"]:
            prorations.credit(context, subscription, item, now)
    given: dict[str, Any] = {**subscription["cancellation_details"], **(details or {})}
    after = {
        **subscription,
        "canceled_at": subscription["canceled_at"] or now,
        "cancellation_details": {**given, "reason": given["reason"] or reason},
        "ended_at": now,
        "pause_collection": None,
        "schedule": None,
        "status": "canceled",
        "status_details": None,
    }
    context.partition.put(after)
    if subscription["schedule"]:
        schedules.stop(context, subscription["schedule"])
    used, bills = [], False
    if (invoice_now or bill_usage) and subscription["status"] in ("active", "past_due"):
        used = invoices.usage_of(context, subscription, subscription["items"], now)
        bills = any(each["amount"] for each in used)
    named = subscription["customer"], subscription["id"]
    if bills or (invoice_now and invoice_items.pending_items(context, *named)):
        invoice = invoices.bill(context, after, used, "subscription_update")
        after["latest_invoice"] = collection.settle(context, invoice)["id"]
        context.partition.put(after)
    record(context, after, verb="deleted")
    return after


def end_as_planned(context: Context, subscription: Json) -> Json:
    """End *subscription* when that was planned; what was used is billed.

    The last invoice has the usage
    [DOCUMENTED: docs.stripe.com/billing/subscriptions/cancel].
    """
    return end(context, subscription, bill_usage=True)


def already_ended() -> StripeError:
    """Refuse to change a subscription that has ended."""
    return StripeError(
        "A canceled subscription can only update its cancellation_details and "
        "metadata.",
        Evidence.REPORTED("fjordllc/bootcamp #10390"),
    )


def _plan(context: Context, subscription: Json, moment: int) -> Json:
    # A planned end sets `canceled_at`
    # [OURS: documented, but missing in the one event that was seen in public].
    reason = {"reason": "cancellation_requested"}
    return {
        **subscription,
        "cancel_at": moment,
        "canceled_at": context.clock.now(),
        "cancellation_details": {**subscription["cancellation_details"], **reason},
    }


def _moment(context: Context, subscription: Json, at: int | str | None) -> int:
    if at is None or isinstance(at, str):  # such as `min_period_end`
        return items.span(subscription["items"]).end
    if at <= context.clock.now():
        raise StripeError(
            "The cancel_at timestamp must be in the future.",
            Evidence.OURS("no words of Stripe's for it are known"),
            param="cancel_at",
        )
    return at


def _is_scheduled(schedule: str) -> StripeError:
    return StripeError(
        f"The subscription is managed by the subscription schedule `{schedule}`, and "
        "updating any cancelation behavior directly is not allowed. Please update the "
        "schedule instead.",
        Evidence.OBSERVED("laravel/cashier-stripe #1748"),
    )
