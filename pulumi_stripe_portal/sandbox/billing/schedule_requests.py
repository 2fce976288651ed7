"""Subscription schedules by request: a switch that is planned, or taken back.

One that the portal makes is the same: what runs, and what follows at the period's end.
"""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param, unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from . import cancellation, items, schedules
from .params import only
from .periods import after

__all__ = ["cancel", "create", "update"]

_PHASE = ("duration", "end_date", "items", "proration_behavior", "start_date")


def create(context: Context, params: Json) -> Json:
    """Make the schedule of a subscription that runs.

    Raises:
        StripeError: It has one, or is not named.
    """
    only(params, ("from_subscription",), "subscription schedules")
    named = params.get("from_subscription")
    if not named:
        raise missing_param("from_subscription")
    subscription = reference(context, "subscription", named, "from_subscription")
    if subscription["schedule"]:
        raise StripeError(
            "You cannot migrate a subscription that is already attached to a "
            f"schedule: `{subscription['schedule']}`.",
            Evidence.REPORTED("public code"),
            param="from_subscription",
        )
    if subscription["ended_at"]:
        raise cancellation.already_ended()
    return schedules.begin(context, subscription)


def update(context: Context, schedule: Json, params: Json) -> Json:
    """Plan what follows the current period.

    Raises:
        StripeError: It has ended, or its phases are others than what runs and what
            follows.
    """
    known = ("end_behavior", "metadata", "phases", "proration_behavior")
    only(params, known, "updating subscription schedules")
    if params.get("end_behavior", "release") != "release":
        raise unsupported(f"the end_behavior {params['end_behavior']} of schedules")
    if schedule["status"] != "active":
        raise StripeError(
            "You can not update a subscription schedule that is currently in the "
            f"`{schedule['status']}` status.",
            Evidence.OURS("no words of Stripe's for it are known"),
        )
    changed = dict(schedule)
    if "metadata" in params:
        changed["metadata"] = merge_metadata(schedule["metadata"], params["metadata"])
    if "phases" in params:
        changed |= _phases(context, schedule, params["phases"])
    return keep(context, changed, schedule)


def cancel(context: Context, schedule: Json, params: Json) -> Json:
    """End a schedule together with its subscription, at once.

    Raises:
        StripeError: It has ended.
    """
    only(params, ("invoice_now", "prorate"), "canceling subscription schedules")
    if schedule["status"] != "active":
        raise StripeError(
            "You cannot cancel a subscription schedule that is currently in the "
            f"`{schedule['status']}` status.",
            Evidence.OURS("no words of Stripe's for it are known"),
        )
    subscription = context.get("subscription", schedule["subscription"])
    invoice_now = params.get("invoice_now", True)
    prorate = params.get("prorate", True)
    cancellation.end(context, subscription, prorate=prorate, invoice_now=invoice_now)
    return context.get(schedule["object"], schedule["id"])


def _phases(context: Context, schedule: Json, given: list[Json]) -> Json:
    subscription = context.get("subscription", schedule["subscription"])
    for each in given:
        only(each, _PHASE, "phases of subscription schedules")
    span = items.span(subscription["items"])
    first, *rest = given
    if len(rest) > 1:
        raise unsupported("phases, more than one after the current one")
    same = _prices(first["items"]) == _prices(subscription["items"])
    starts = first.get("start_date", span.start)
    if not same or starts != span.start:
        raise unsupported("phases whose first is not what the subscription is now")
    ends = first.get("end_date", rest[0].get("start_date") if rest else None)
    if ends not in (None, span.end):
        raise unsupported("phases that end within a billing period")
    if not rest:
        return {"phases": schedule["phases"][:1], "wanted": None}
    wanted = [
        items.new(context, subscription["id"], each, f"phases[1][items][{place}]")
        for place, each in enumerate(rest[0]["items"])
    ]
    until = rest[0].get("end_date")
    length = rest[0].get("duration")
    if length:
        count = length.get("interval_count", 1)
        until = after(span.end, length["interval"], count)
    placed = items.with_span(wanted, span)
    return schedules.plan(context, subscription, placed, until)


def _prices(found: list[Json]) -> list[tuple[str | None, int]]:
    return [
        (each.get("price") or each.get("plan"), each.get("quantity") or 1)
        for each in found
    ]
