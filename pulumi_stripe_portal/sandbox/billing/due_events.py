"""The passing of time: what falls due, in the order in which it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.clock import Clock
from pulumi_stripe_portal.sandbox.data.store import Json, Partition, Store
from pulumi_stripe_portal.sandbox.objects.resource import Context, Resource

from . import (
    cancellation,
    checkout_sessions,
    invoice_drafts,
    items,
    pauses,
    renewal,
    tax_ids,
    upcoming,
)
from .clock_of import clock_of
from .statuses import RUNNING

__all__ = ["Due", "DueEvents", "first_due"]

_DAY = 24 * 60 * 60
_PATIENCE = 23 * 60 * 60
"""
Seconds that a subscription may be incomplete.

An incomplete subscription expires 23 hours after it was made
[SPECIFIED: stripe 16.1.0, Subscription.status].
"""


@dataclass(frozen=True)
class Due:
    """Something that happens to *item* at a moment; *rank* orders what coincides."""

    moment: int
    rank: int
    item: Json
    run: Callable[[Context, Json], object]


class DueEvents:
    """Lets everything happen that the sandbox's clock has passed."""

    def __init__(
        self, store: Store, clock: Clock, resources: Mapping[str, Resource]
    ) -> None:
        """Let things happen in a store, by a clock, to the resources' objects."""
        self._store = store
        self._clock = clock
        self._resources = resources
        self._known: dict[tuple[str, bool], tuple[Partition, int, Due | None]] = {}

    def catch_up(self, origin: str) -> int | None:
        """Do what is due, each thing at its own moment, and return when more will be.

        *origin* is where the sandbox answers, for links in what is made.
        """
        with self._store.lock:
            changed = False
            while True:
                found = [
                    (partition, first)
                    for partition in self._store.partitions()
                    for first in [self._first_due(partition)]
                    if first
                ]
                if not found:
                    break
                partition, due = min(found, key=lambda each: each[1].moment)
                if due.moment > self._clock.now():
                    break
                self._do(partition, due, origin)
                changed = True
            if changed:
                self._store.save()
            return min((due.moment for _, due in found), default=None)

    def _first_due(self, partition: Partition) -> Due | None:
        """Return what comes first: asked at each request, searched after a change."""
        key = (partition.account, partition.livemode)
        known, version, due = self._known.get(key, (None, 0, None))
        if known is not partition or version != partition.version:
            due = first_due(partition)
            self._known[key] = (partition, partition.version, due)
        return due

    def _do(self, partition: Partition, due: Due, origin: str) -> None:
        context = Context(
            store=self._store,
            clock=self._clock,
            partition=partition,
            resources=self._resources,
            origin=origin,
        )
        with self._store.transaction(partition):
            due.run(context.at(due.moment), due.item)


def first_due(partition: Partition, clock: str | None = None) -> Due | None:
    """Return what comes first of what is on a test *clock*, or on none."""
    every = [
        due
        for kind, of_kind in _KINDS.items()
        for item in partition.objects.get(kind, {}).values()
        if clock_of(partition, item) == clock
        for due in of_kind(item)
    ]
    return min(every, key=lambda due: (due.moment, due.rank), default=None)


def _of_subscription(item: Json) -> Iterator[Due]:
    if item["ended_at"]:
        return
    if item["status"] == "incomplete":
        yield Due(item["created"] + _PATIENCE, 0, item, renewal.expire)
        return
    pause = item["pause_collection"]
    if pause and pause["resumes_at"]:
        yield Due(pause["resumes_at"], 1, item, pauses.resume_collection)
    if item["cancel_at"]:
        yield Due(item["cancel_at"], 2, item, cancellation.end_as_planned)
    announced = upcoming.due(item)
    if announced is not None:
        yield Due(announced, 3, item, upcoming.announce)
    if item["status"] == "trialing":
        if not item["reminded"]:
            soon = max(item["trial_end"] - 3 * _DAY, item["created"])
            yield Due(soon, 3, item, renewal.remind)
        yield Due(item["trial_end"], 4, item, renewal.end_trial)
    elif item["status"] in RUNNING:
        yield Due(items.span(item["items"]).end, 5, item, renewal.renew)


def _of_invoice(item: Json) -> Iterator[Due]:
    if item["status"] == "draft" and item["automatically_finalizes_at"]:
        moment = item["automatically_finalizes_at"]
        yield Due(moment, 6, item, invoice_drafts.advance)
    if item["status"] == "open" and item["next_payment_attempt"]:
        yield Due(item["next_payment_attempt"], 6, item, renewal.retry)


def _of_tax_id(item: Json) -> Iterator[Due]:
    moment = tax_ids.due(item)
    if moment is not None:
        yield Due(moment, 7, item, tax_ids.verify)


def _of_checkout(item: Json) -> Iterator[Due]:
    if item["status"] == "open":
        yield Due(item["expires_at"], 8, item, checkout_sessions.expire)


_KINDS: Mapping[str, Callable[[Json], Iterator[Due]]] = {
    "subscription": _of_subscription,
    "invoice": _of_invoice,
    "tax_id": _of_tax_id,
    "checkout.session": _of_checkout,
}
