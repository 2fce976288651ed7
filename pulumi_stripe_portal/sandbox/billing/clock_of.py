"""Which test clock an object lives on."""

from __future__ import annotations

from typing import TypeVar

from pulumi_stripe_portal.sandbox.data.store import Json, Partition
from pulumi_stripe_portal.sandbox.objects.resource import Context

__all__ = ["KIND", "clock_of", "in_time_of", "latest_time"]

KIND = "test_helpers.test_clock"

_Place = TypeVar("_Place", bound=Context)


def in_time_of(place: _Place, item: Json) -> _Place:
    """Return *place* at the time of the test clock of *item*, if it has one."""
    clock = clock_of(place.partition, item)
    if clock is None:
        return place
    return place.on_test_clock(place.get(KIND, clock)["frozen_time"])


def latest_time(partition: Partition, now: int) -> int:
    """Return the time that a parameter's future is counted from.

    Whose clock it is for is not known before it is read: the latest one's is taken.
    """
    clocks: list[int] = [clock["frozen_time"] for clock in partition.all(KIND)]
    return max([now, *clocks])


def clock_of(partition: Partition, item: Json) -> str | None:
    """Return the id of the test clock of *item*, None where it has none.

    A clock's customers have it, and all that is theirs.
    """
    if item["object"] == KIND:
        own: str = item["id"]
        return own
    owner = item
    if item["object"] != "customer":
        named = item.get("customer")
        owner = (isinstance(named, str) and partition.get("customer", named)) or {}
    found: str | None = owner.get("test_clock")
    return found
