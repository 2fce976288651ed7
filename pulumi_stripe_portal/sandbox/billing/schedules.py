"""Subscription schedules: a switch that waits for the end of the period."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import items
from .invoice_fields import ISSUER, NO_TAX
from .periods import period

__all__ = ["begin", "defer", "next_items", "plan", "release", "stop", "take_effect"]


def defer(context: Context, subscription: Json, wanted: list[Json]) -> Json:
    """Let *subscription* switch to the items *wanted* when its period ends.

    Makes the schedule and records that the subscription has it.
    """
    schedule = {**_blank(context, subscription), **plan(context, subscription, wanted)}
    keep(context, schedule)
    return keep(context, {**subscription, "schedule": schedule["id"]}, subscription)


def begin(context: Context, subscription: Json) -> Json:
    """Make a schedule that has nothing but the current period yet, and return it."""
    span = items.span(subscription["items"])
    now = _phase(subscription, subscription["items"], span.start, span.end)
    schedule = {**_blank(context, subscription), "phases": [now], "wanted": None}
    keep(context, schedule)
    keep(context, {**subscription, "schedule": schedule["id"]}, subscription)
    return schedule


def plan(
    context: Context, subscription: Json, wanted: list[Json], until: int | None = None
) -> Json:
    """Return what a schedule has that switches to *wanted* when the period ends.

    It manages the subscription until then; what it says of *until* when the next phase
    lasts has no effect [OURS: at Stripe it is released at that phase's end].
    """
    span = items.span(subscription["items"])
    recurring = items.recurring(context, wanted)
    _, then = period(span.end, recurring, span.end)
    return {
        "phases": [
            _phase(subscription, subscription["items"], span.start, span.end),
            _phase(subscription, wanted, span.end, until or then),
        ],
        "wanted": wanted,
    }


def _blank(context: Context, subscription: Json) -> Json:
    span = items.span(subscription["items"])
    return context.new(context.resources["subscription_schedule"]) | {
        "application": context.application,
        "billing_mode": subscription["billing_mode"],
        "canceled_at": None,
        "completed_at": None,
        "current_phase": {"end_date": span.end, "start_date": span.start},
        "customer": subscription["customer"],
        "customer_account": None,
        "default_settings": {
            "application_fee_percent": None,
            "automatic_tax": NO_TAX,
            "billing_cycle_anchor": "automatic",
            "billing_thresholds": None,
            "collection_method": subscription["collection_method"],
            "default_payment_method": subscription["default_payment_method"],
            "description": None,
            "invoice_settings": {
                "account_tax_ids": None,
                "custom_fields": None,
                "days_until_due": None,
                "description": None,
                "footer": None,
                "issuer": ISSUER,
            },
            "on_behalf_of": subscription["on_behalf_of"],
            "transfer_data": None,
        },
        "end_behavior": "release",
        "metadata": {},
        "pause_schedules": [],
        "released_at": None,
        "released_subscription": None,
        "status": "active",
        "subscription": subscription["id"],
        "test_clock": subscription["test_clock"],
    }


def next_items(context: Context, subscription: Json) -> list[Json] | None:
    """Return the items that *subscription* will switch to, None where it will not."""
    if subscription["schedule"] is None:
        return None
    schedule = context.get("subscription_schedule", subscription["schedule"])
    found: list[Json] | None = schedule["wanted"]
    return found


def take_effect(context: Context, subscription: Json) -> Json:
    """Return *subscription* with the items that its schedule has for the new period.

    The schedule is released; the event of the subscription is the caller's.
    """
    wanted = next_items(context, subscription)
    if wanted is None:
        return subscription
    _release(context, subscription["schedule"])
    return {**subscription, "items": wanted, "schedule": None}


def release(context: Context, schedule: Json) -> Json:
    """Let the subscription of *schedule* go on as it is.

    Raises:
        StripeError: The schedule has ended.
    """
    if schedule["status"] != "active":
        status = schedule["status"]
        raise StripeError(
            "You cannot release a subscription schedule that is currently in the "
            f"`{status}` status. A schedule may only be released if it is not started "
            "or active.",
            Evidence.OURS("no words of Stripe's for it are known"),
        )
    subscription = context.get("subscription", schedule["subscription"])
    released = _release(context, schedule["id"])
    keep(context, {**subscription, "schedule": None}, subscription)
    return released


def stop(context: Context, id_: str) -> Json:
    """End a schedule together with its subscription."""
    schedule = context.get("subscription_schedule", id_)
    now = context.clock.now()
    stopped = {
        **schedule,
        "canceled_at": now,
        "current_phase": None,
        "status": "canceled",
    }
    context.partition.put(stopped)
    record(context, stopped, verb="canceled")
    return stopped


def _release(context: Context, id_: str) -> Json:
    schedule = context.get("subscription_schedule", id_)
    released = {
        **schedule,
        "current_phase": None,
        "released_at": context.clock.now(),
        "released_subscription": schedule["subscription"],
        "status": "released",
        "subscription": None,
    }
    context.partition.put(released)
    record(context, released, schedule, "released")
    return released


def _phase(subscription: Json, wanted: list[Json], start: int, end: int) -> Json:
    return {
        "add_invoice_items": [],
        "application_fee_percent": None,
        "automatic_tax": NO_TAX,
        "billing_cycle_anchor": None,
        "billing_thresholds": None,
        "collection_method": None,
        "currency": subscription["currency"],
        "default_payment_method": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "end_date": end,
        "invoice_settings": None,
        "items": [
            {
                "billing_thresholds": None,
                "discounts": [],
                "metadata": {},
                "plan": item["price"],
                "price": item["price"],
                "quantity": item["quantity"],
                "tax_rates": [],
            }
            for item in wanted
        ],
        "metadata": {},
        "on_behalf_of": None,
        "proration_behavior": "none",
        "start_date": start,
        "transfer_data": None,
        "trial": False,
        "trial_end": None,
    }
