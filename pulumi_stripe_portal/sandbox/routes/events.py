"""
Events, read only: `sandbox.events` records them.

See https://docs.stripe.com/api/events.
"""

from fnmatch import fnmatchcase
from typing import Any

from pulumi_stripe_portal.sandbox.resource import Resource
from pulumi_stripe_portal.sandbox.store import Json
from pulumi_stripe_portal.sandbox.times import created

__all__ = ["RESOURCE"]


def _of_type(event: Json, wanted: Any) -> bool:
    return fnmatchcase(event["type"], wanted)


def _of_types(event: Json, wanted: Any) -> bool:
    return event["type"] in wanted


RESOURCE = Resource(
    object="event",
    path="/v1/events",
    noun="event",
    prefix="evt_1",
    id_length=23,
    scope="event",
    params="Event",
    filters={"created": created, "type": _of_type, "types": _of_types},
)
