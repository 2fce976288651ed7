"""What is known about a delivery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Json, Partition, Store

__all__ = [
    "KIND",
    "Attempt",
    "Delivery",
    "all_deliveries",
    "count_undelivered",
    "to_delivery",
]

KIND = "sandbox.delivery"
"""Deliveries are stored with the events of their partition, under this type."""


@dataclass(frozen=True)
class Attempt:
    """One attempt to deliver an event.

    Attributes:
        at: When, on the sandbox's clock, in seconds since the Unix epoch.
        status: The HTTP status of the answer, None where there was none.
        error: Why there was none.
    """

    at: int
    status: int | None
    error: str | None


@dataclass(frozen=True)
class Delivery:
    """An event on its way to one endpoint.

    Attributes:
        id: For `resend`.
        event: The id of the event.
        type: Its type, as `customer.updated`.
        endpoint: The id of the webhook endpoint.
        url: The endpoint's address at the time of the event.
        status: `pending`, `delivered`, `failed` after the last retry, `cancelled` where
            the endpoint was disabled or deleted, or `not delivered: no forward`.
        attempts: What was tried so far.
    """

    id: str
    event: str
    type: str
    endpoint: str
    url: str
    status: str
    attempts: tuple[Attempt, ...]


def all_deliveries(store: Store) -> Iterator[tuple[Partition, Json]]:
    """Yield the deliveries of all accounts and modes; of each, oldest first."""
    for partition in store.partitions():
        for delivery in reversed(partition.all(KIND)):
            yield partition, delivery


def to_delivery(delivery: Json) -> Delivery:
    """Return what others see of a stored *delivery*."""
    fields = ("id", "event", "type", "endpoint", "url", "status")
    attempts = tuple(Attempt(**each) for each in delivery["attempts"])
    return Delivery(**{name: delivery[name] for name in fields}, attempts=attempts)


def count_undelivered(partition: Partition, event: str) -> int:
    """Count the endpoints that *event* has not reached yet: `pending_webhooks` [S]."""
    return sum(
        each["event"] == event and each["status"] not in ("delivered", "cancelled")
        for each in partition.all(KIND)
    )
