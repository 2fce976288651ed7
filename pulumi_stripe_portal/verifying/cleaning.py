"""Clears up what a run made: all of it that Stripe lets go, also after an interruption.

What a run makes carries the run in its metadata, so that it is found without its id:
the answer to a request may have been lost. What an older run left, because its process
was killed, is cleared up with it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.exchange import Answer, exchange

from .probe import Probe

__all__ = ["COLLECTIONS", "TAG", "Cleaner", "Collection"]

TAG = "sandbox_verify"
"""The metadata key that says which run made an object."""

_HOUR = 3600
_OFF = {"active": False}
_ON = {"active": True}


@dataclass(frozen=True)
class Collection:
    """Objects of one kind, and how they are cleared up."""

    path: str
    noun: str
    kept: bool
    """Whether Stripe keeps them for ever: they are switched off, and stay."""
    method: str = "POST"
    end: str = ""
    """What follows on the object's path."""
    params: Mapping[str, Any] = field(default_factory=dict)
    filters: Mapping[str, Any] = field(default_factory=dict)
    """What finds those that are to be cleared up."""
    has_metadata: bool = True


COLLECTIONS = (
    Collection("/v1/customers", "customer", kept=False, method="DELETE"),
    Collection(
        "/v1/promotion_codes",
        "promotion code",
        kept=True,
        params=_OFF,
        filters=_ON,
    ),
    Collection("/v1/coupons", "coupon", kept=False, method="DELETE"),
    Collection(
        "/v1/billing_portal/configurations",
        "portal configuration",
        kept=True,
        params=_OFF,
        filters=_ON,
    ),
    Collection(
        "/v1/billing/feedback_options",
        "feedback option",
        kept=True,
        end="/deactivate",
        filters={"status": "active"},
        has_metadata=False,
    ),
    Collection(
        "/v1/webhook_endpoints", "webhook endpoint", kept=False, method="DELETE"
    ),
    Collection("/v1/prices", "price", kept=True, params=_OFF, filters=_ON),
    Collection("/v1/products", "product", kept=True, params=_OFF, filters=_ON),
)
"""All that probes make, in the order in which it is cleared up.

Subscriptions, invoices, tax ids and cards go with their customer.
"""


class Cleaner:
    """Knows what a run made at Stripe, and clears it up."""

    def __init__(self, connection: Connection) -> None:
        """Take whose objects they are; the run is made up."""
        self.run = secrets.token_hex(4)
        """The run, as the objects carry it."""
        self._connection = connection
        self._begun: int | None = None  # by Stripe's clock
        self._made: dict[str, list[str]] = {each.path: [] for each in COLLECTIONS}

    def tag(self, probe: Probe) -> Mapping[str, Any]:
        """Return the parameters of a probe, with the run in them where it makes."""
        tagged = [each.path for each in COLLECTIONS if each.has_metadata]
        if probe.method != "POST" or probe.path not in tagged:
            return probe.params
        return {**probe.params, "metadata": {TAG: self.run}}

    def note(self, probe: Probe, answer: Answer) -> None:
        """Take down what a probe has made."""
        made, created = answer.body.get("id"), answer.body.get("created")
        if answer.is_done and probe.path in self._made and isinstance(made, str):
            self._made[probe.path].append(made)
            if self._begun is None and isinstance(created, int):
                self._begun = created

    def clean(self, say: Callable[[str], None]) -> list[str]:
        """Delete or switch off everything, and return in words what couldn't be."""
        left: list[str] = []
        for each in COLLECTIONS:
            say(f"Clearing up: {each.noun}s")
            ids = dict.fromkeys(self._made[each.path])
            try:
                ids |= dict.fromkeys(self._find(each))
            except RequestRefused as refused:
                left.append(f"{each.noun}s could not be looked for: {refused}")
                if refused.status is None:  # nobody answers: it was tried for long
                    return left + self._list_left(each)
            left += [text for id_ in ids for text in self._end(each, id_)]
        return left

    def _list_left(self, first: Collection) -> list[str]:
        """Return what a run made and is not cleared up, from a collection on."""
        rest = COLLECTIONS[COLLECTIONS.index(first) :]
        return [f"{each.noun} {id_}" for each in rest for id_ in self._made[each.path]]

    def _find(self, collection: Collection) -> Iterator[str]:
        params = {"limit": 100, **collection.filters}
        answer = exchange(self._connection, "GET", collection.path, params)
        if not answer.is_done:
            words = str(answer.error.get("message"))
            raise RequestRefused(words, status=answer.status)
        listed = answer.body.get("data")
        for each in listed if isinstance(listed, list) else []:
            if self._is_left(collection, each):
                yield each["id"]

    def _is_left(self, collection: Collection, found: Any) -> bool:
        if not isinstance(found, Mapping) or not isinstance(found.get("id"), str):
            return False
        if not collection.has_metadata:
            return self.run in str(found.get("description"))
        metadata, created = found.get("metadata"), found.get("created")
        run = metadata.get(TAG) if isinstance(metadata, Mapping) else None
        begun = time.time() if self._begun is None else self._begun
        old = isinstance(created, int) and created < begun - _HOUR
        return run == self.run or (run is not None and old)

    def _end(self, collection: Collection, id_: str) -> Iterator[str]:
        path = f"{collection.path}/{id_}{collection.end}"
        try:
            answer = exchange(
                self._connection, collection.method, path, collection.params
            )
        except RequestRefused as refused:
            yield f"{collection.noun} {id_}: {refused}"
            return
        if not answer.is_done and answer.status != 404:
            yield f"{collection.noun} {id_}: {answer.error.get('message')}"
