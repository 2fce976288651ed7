"""
Events: what happened, kept for `GET /v1/events`.

Delivery to webhook endpoints is not there yet. Every event passes `record`, inside the
transaction of the request that caused it; deliveries are to leave after its commit,
which is where `Api` has the answer and has not sent it.
"""

from __future__ import annotations

from typing import Any

from .expand import render
from .resource import Call, Resource
from .store import API_VERSION, Json

__all__ = ["previous_attributes", "record"]

_KEPT = 30 * 24 * 60 * 60
"""Seconds for which events can be retrieved: 30 days [D]."""


def record(
    call: Call, resource: Resource, item: Json, before: Json | None = None
) -> Json:
    """
    Record `<object>.created`, or `<object>.updated` where there is a *before*.

    The event carries the object as it is answered without any expansion.
    """
    shown = render(call, resource, item, [])
    data: Json = {"object": shown}
    if before is not None:
        data["previous_attributes"] = previous_attributes(
            render(call, resource, before, []), shown
        )
    kind = call.resources["event"]
    event = call.new(kind) | {
        "api_version": API_VERSION,
        "data": data,
        "pending_webhooks": 0,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": f"{resource.object}.{'created' if before is None else 'updated'}",
    }
    for old in call.partition.all(kind.object):
        if old["created"] < event["created"] - _KEPT:
            call.partition.remove(old)
    call.partition.put(event)
    return event


def previous_attributes(before: Json, after: Json) -> Json:
    """
    Return the old values of what changed: objects key by key, lists as a whole.

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
