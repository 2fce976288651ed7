"""Events, read only: `sandbox.webhooks.events` records them.

See https://docs.stripe.com/api/events.
"""

from fnmatch import fnmatchcase
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Call, Context, Resource
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import list_page
from pulumi_stripe_portal.sandbox.webhooks.events import KEPT
from pulumi_stripe_portal.sandbox.webhooks.records import count_undelivered

__all__ = ["RESOURCE"]


def _of_type(event: Json, wanted: Any) -> bool:
    return fnmatchcase(event["type"], wanted)


def _of_types(event: Json, wanted: Any) -> bool:
    return event["type"] in wanted


def _list(call: Call) -> Json:
    """Leave out what is older than 30 days, which is still kept to be delivered."""
    oldest = call.clock.now() - KEPT
    every = call.partition.newest_first(RESOURCE.object)
    return list_page(RESOURCE, call, (e for e in every if e["created"] >= oldest))


def _view(context: Context, event: Json) -> Json:
    return {
        **event,
        "pending_webhooks": count_undelivered(context.partition, event["id"]),
    }


RESOURCE = Resource(
    object="event",
    path="/v1/events",
    noun="event",
    prefix="evt_1",
    id_length=23,
    scope="event",
    params="Event",
    list=_list,
    view=_view,
    filters={"created": created, "type": _of_type, "types": _of_types},
)
