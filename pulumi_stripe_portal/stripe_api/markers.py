"""The ownership marker in an object's metadata: who made it, not who uses it.

An interrupted run leaves an object that no state knows. The search for the marker
before a create finds it, so that exactly one object exists in the end. Stripe's own
search does not cover these objects, so all are listed, once in a process. What may be
done with what is found is decided in `providers.claims`.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi_stripe_portal.engine.urn import Urn
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.metadata_rules import MARKER_KEY
from pulumi_stripe_portal.schema.resources import CONFIGURATIONS, Kind
from pulumi_stripe_portal.stripe_api.rate_limit import RateLimit

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = [
    "Objects",
    "default_of",
    "fit_marker",
    "forget_process",
    "maker_of",
    "marker_of",
    "marker_of_urn",
    "marker_text",
    "objects_of",
    "other_manager",
    "replaceable",
]

_MARKER_LENGTH = 500

_FEW = 2
_FRESH = 60.0
"""Seconds after which a list that nobody read meanwhile is asked for again.

A refresh of hundreds reads on and on, however slow the machine: it asks once.
"""


def marker_of(found: Mapping[str, Any]) -> str | None:
    """Return the ownership marker that an object carries."""
    marker = (found.get("metadata") or {}).get(MARKER_KEY)
    return marker if isinstance(marker, str) else None


def marker_text(project: str, stack: str, kind: str, name: str) -> str:
    """Return the marker of a resource."""
    return fit_marker(f"{project}/{stack}/{kind}/{name}")


def marker_of_urn(urn: str) -> str:
    """Return the marker of the resource that has a URN."""
    known = Urn.of(urn)
    if known is None:
        return fit_marker(urn)
    return marker_text(known.project, known.stack, known.kind, known.name)


def fit_marker(marker: str) -> str:
    """Return a marker that Stripe takes as a value of metadata."""
    if len(marker) <= _MARKER_LENGTH:
        return marker
    return hashlib.sha256(marker.encode()).hexdigest()


def replaceable(marker: str, identity: Mapping[str, Any]) -> str:
    """Return the marker of an object, apart from that of the one that replaces it.

    `identity` holds the inputs of which a change replaces it. A value that is not known
    while the program runs can't be part of it.
    """
    known = {
        name: "" if is_opaque(value) else value
        for name, value in identity.items()
        if value not in (None, False)
    }
    text = json.dumps(known, sort_keys=True, default=str)
    return fit_marker(f"{marker}#{hashlib.sha256(text.encode()).hexdigest()[:12]}")


def maker_of(marker: str) -> str:
    """Return the resource that a marker names, as `project/stack/Type/name`."""
    return re.sub(r"#[0-9a-f]{12}$", "", marker)


_managers: dict[str, str] = {}


def other_manager(id_: str, urn: str | None) -> str | None:
    """Return the URN of another resource that this process saw with the object.

    The first one to ask is taken for its manager.
    """
    if urn is None:
        return None
    first = _managers.setdefault(id_, urn)
    return None if first == urn else first


def forget_process() -> None:
    """Begin as a new process does, which has asked for nothing and seen nothing yet."""
    from pulumi_stripe_portal.stripe_api.connection import Connection

    _managers.clear()
    Connection._all.clear()
    RateLimit.forget_all()


class Objects:
    """The objects of one kind that a connection sees, listed as seldom as can be."""

    def __init__(self, connection: Connection, kind: Kind) -> None:
        """List the objects of a kind over a connection, when they are asked for."""
        self.made_ids: set[str] = set()
        """What this process has created or taken back."""
        self.replaced_ids: set[str] = set()
        """What another object is to take the place of."""
        self.planned_urns: set[str | None] = set()
        """The URNs of the resources that are to get another object yet."""
        self.default_is_managed = False
        """Whether the program has a DefaultPortalConfiguration for the account: what a
        program in Python says of itself, and elsewhere the check of one has shown."""
        self._connection = connection
        self._kind = kind
        self._lock = threading.RLock()
        self._all: dict[str, dict[str, Any]] | None = None
        self._active: dict[str, dict[str, Any]] | None = None
        self._adopted: dict[str, dict[str, Any]] = {}
        self._last_read = 0.0
        self._reads = 0

    def all(self) -> list[dict[str, Any]]:
        """Return every object, deactivated ones too; one list in a process."""
        with self._lock:
            if self._all is None:
                found = self._connection.list_all(self._kind)
                self._all = {item["id"]: item for item in found}
            return list(self._all.values())

    def all_if_listed(self) -> list[dict[str, Any]] | None:
        """Return every object where they have been listed, None where not."""
        with self._lock:
            return None if self._all is None else list(self._all.values())

    def with_marker(self, marker: str) -> list[dict[str, Any]]:
        """Return the objects that carry the marker, newest first."""
        return [item for item in self.all() if marker_of(item) == marker]

    def read(self, id_: str) -> dict[str, Any]:
        """Return one object: by itself for the first few reads, then from a list.

        A refresh of hundreds of resources is a few pages instead of hundreds of
        requests. What the list lacks (deactivated objects) is asked for by itself.
        """
        with self._lock:
            self._reads += 1
            if self._reads > _FEW:
                found = self._listed().get(id_)
                if found is not None:
                    return found
        return self._connection.retrieve(self._kind, id_)

    def read_to_adopt(self, id_: str) -> dict[str, Any]:
        """Return an object that is to be adopted; asked for once in a process."""
        with self._lock:
            if id_ not in self._adopted:
                self._adopted[id_] = self._connection.retrieve(self._kind, id_)
            return self._adopted[id_]

    def _listed(self) -> dict[str, dict[str, Any]]:
        if self._active is None or time.monotonic() - self._last_read > _FRESH:
            filters = {"active": True} if self._kind.can_be_inactive else None
            found = self._connection.list_all(self._kind, filters)
            self._active = {item["id"]: item for item in found}
        self._last_read = time.monotonic()
        return self._active

    def put(self, found: dict[str, Any]) -> None:
        """Remember an object as a write has just returned it."""
        with self._lock:
            for cache in (self._all, self._active):
                if cache is not None:
                    cache[found["id"]] = found

    def drop(self, id_: str) -> None:
        """Forget an object that was deleted."""
        with self._lock:
            for cache in (self._all, self._active):
                if cache is not None:
                    cache.pop(id_, None)


def objects_of(connection: Connection, kind: Kind) -> Objects:
    """Return the objects of a kind; the same ones for every resource of a process."""
    return connection.share(kind.noun, lambda: Objects(connection, kind))


def default_of(connection: Connection) -> dict[str, Any] | None:
    """Return the account's default configuration, None where there is none yet."""

    def ask() -> dict[str, Any] | None:
        listed = objects_of(connection, CONFIGURATIONS).all_if_listed()
        if listed is not None:
            return next((each for each in listed if each["is_default"]), None)
        return next(connection.list_all(CONFIGURATIONS, {"is_default": True}), None)

    return connection.share("default", ask)
