"""Events: what happened, kept for `GET /v1/events` and sent to webhook endpoints.

Every event passes `record`, inside the transaction of what caused it. Deliveries are
stored with it; they leave after the commit (see `sender`).
"""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import API_VERSION, Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .fan_out import fan_out
from .records import KIND as DELIVERY

__all__ = ["KEPT", "keep", "previous_attributes", "record"]

KEPT = 30 * 24 * 60 * 60
"""
Seconds for which events can be retrieved.

Events can be retrieved for 30 days [DOCUMENTED: docs.stripe.com/api/events].
"""


def keep(
    context: Context, item: Json, before: Json | None = None, verb: str | None = None
) -> Json:
    """Store *item* and record what happened to it; return it.

    That is `created`, or `updated` where there is a *before*; nothing if it is equal.
    """
    if item != before:
        context.partition.put(item)
        record(context, item, before, verb)
    return item


def record(
    context: Context,
    item: Json,
    before: Json | None = None,
    verb: str | None = None,
    *,
    without: tuple[str, ...] = (),
) -> Json:
    """Record the event `<object>.<verb>`; *verb* is as in `keep`.

    The event carries the object as it is answered without any expansion, and *without*
    the fields that it lacks there.

    An event has the time of the sandbox, also where a test clock moves the objects
    [OURS: not known].

    What happens by itself has no request
    [DOCUMENTED: docs.stripe.com/api/events/object]. What a customer does in the portal
    has no request either [OURS: not known].
    """
    resource = context.resources[item["object"]]
    shown = render(context, resource, item, [])
    shown = {name: value for name, value in shown.items() if name not in without}
    data: Json = {"object": shown}
    if before is not None:
        data["previous_attributes"] = previous_attributes(
            render(context, resource, before, []), shown
        )
    verb = verb or ("created" if before is None else "updated")
    cause = {"id": context.request_id, "idempotency_key": context.idempotency_key}
    event = context.new(context.resources["event"]) | {
        "api_version": API_VERSION,
        "created": context.sandbox_time,
        "data": data,
        "pending_webhooks": 0,
        "request": cause,
        "type": f"{resource.event or resource.object}.{verb}",
    }
    _forget_old(context)
    context.partition.put(event)
    fan_out(context, event)
    if resource.follow:
        resource.follow(context, item)
    return event


def previous_attributes(before: Json, after: Json) -> Json:
    """Return the old values of what changed: objects key by key, lists as a whole.

    See https://docs.stripe.com/api/events/object#event_object-data-previous_attributes.
    """
    previous: dict[str, Any] = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            old = previous_attributes(old, new)
            if old:
                previous[name] = old
        elif old != new:
            previous[name] = old
    return previous


def _forget_old(context: Context) -> None:
    """Forget what can no longer be retrieved, but for what is still to be delivered."""
    oldest = context.sandbox_time - KEPT
    events = context.partition.objects.get("event", {})
    if not events or next(iter(events.values()))["created"] >= oldest:
        return
    deliveries = context.partition.all(DELIVERY)
    waiting = {each["event"] for each in deliveries if each["status"] == "pending"}
    for event in list(events.values()):
        if event["created"] < oldest and event["id"] not in waiting:
            context.partition.remove(event)
    for each in deliveries:
        if each["event"] not in events:
            context.partition.remove(each)
