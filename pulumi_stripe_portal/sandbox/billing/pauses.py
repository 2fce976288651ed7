"""Pauses: of payment collection, and of whole subscriptions."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import items
from .params import refuse
from .plan_switch import Terms, switch_items
from .statuses import RUNNING

__all__ = ["pause", "resume", "resume_collection", "set_collection"]


def set_collection(subscription: Json, given: Json | None) -> Json:
    """Return *subscription* with its collection paused as *given*, or not paused.

    Its invoices go on but ask for nothing; its status stays [D].
    """
    if given is None:
        return {**subscription, "pause_collection": None}
    wanted = {"behavior": given["behavior"], "resumes_at": given.get("resumes_at")}
    return {**subscription, "pause_collection": wanted}


def pause(context: Context, subscription: Json, reason: str) -> Json:
    """Pause *subscription* as a whole: no periods and no invoices until it resumes.

    Records `customer.subscription.paused`.

    Raises:
        StripeError: It does not run.
    """
    status = subscription["status"]
    if status not in RUNNING:
        raise refuse(f"A subscription with the status {status} cannot be paused.")
    details = {
        "subscription": {"type": reason},
        "transitioned_at": context.clock.now(),
        "type": "subscription",
    }
    after = {
        **subscription,
        "status": "paused",
        "status_details": {"paused": details},
    }
    context.partition.put(after)
    record(context, after, subscription, "paused")
    return after


def resume(context: Context, subscription: Json, anchor: str = "now") -> Json:
    """Resume a paused *subscription*, with a new period unless *anchor* is `unchanged`.

    Raises:
        StripeError: It is not paused.
    """
    if subscription["status"] != "paused":
        raise refuse("You cannot resume a subscription that is not paused.")
    active = {**subscription, "status": "active", "status_details": None}
    over = items.span(subscription["items"]).end <= context.clock.now()
    fresh = "now" if anchor == "now" or over else "unchanged"
    terms = Terms(proration_behavior="none", billing_cycle_anchor=fresh)
    after = switch_items(context, active, subscription["items"], terms)
    context.partition.put(after)
    record(context, after, subscription, "resumed")
    return after


def resume_collection(context: Context, subscription: Json) -> Json:
    """Collect the payments of *subscription* again and record the update."""
    return keep(context, set_collection(subscription, None), subscription)
