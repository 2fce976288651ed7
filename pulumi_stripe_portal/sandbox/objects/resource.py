"""How a Stripe resource is declared: one `Resource` per file in `routes`.

The verbs that all resources share are in `verbs`; a declaration adds what is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from typing_extensions import Self

from pulumi_stripe_portal.sandbox.data.clock import Clock, Moment
from pulumi_stripe_portal.sandbox.data.store import Json, Key, Partition, Store

from .limits import Limit
from .search import Field

__all__ = [
    "INCLUDED",
    "Call",
    "Context",
    "Filter",
    "Operation",
    "Resource",
    "Upload",
    "equals",
]

INCLUDED = ""
"""In `Resource.expands`: a part that is left out unless it is expanded."""

Filter = Callable[[Json, Any], bool]
"""Whether an object of a list matches the typed value of a filter parameter."""


@dataclass(kw_only=True)
class Context:
    """Where something happens: whose data, when, and by which request, if by one.

    Customers in the portal and the passing of time change data without a request to
    the API. *origin* is where the sandbox answers, for the links in what it shows.
    *real* is the sandbox's own clock, where *clock* is a test clock of Stripe's.
    """

    store: Store
    clock: Clock
    partition: Partition
    resources: Mapping[str, Resource]
    origin: str
    application: str | None = None
    request_id: str | None = None
    idempotency_key: str | None = None
    real: Clock | None = None

    def new(self, resource: Resource, id_: str | None = None) -> Json:
        """Return what every object begins with; *id_* where it was chosen."""
        return {
            "id": id_ or self.new_id(resource.prefix, resource.id_length),
            "object": resource.object,
            "created": self.clock.now(),
            "livemode": self.partition.livemode,
        }

    def new_id(self, prefix: str, length: int = 24) -> str:
        """Make the next id with *prefix* of this account and mode."""
        scope = f"{self.partition.account}/{self.partition.livemode}"
        return self.store.new_id(prefix, scope, length)

    def get(self, kind: str, id_: str) -> Json:
        """Return an object that is there, as one that another object names."""
        return self.partition.objects[kind][id_]

    def at(self, moment: int) -> Self:
        """Return the same place at another time."""
        return replace(self, clock=Moment(moment))

    def on_test_clock(self, moment: int) -> Self:
        """Return the same place at the time of a test clock."""
        return replace(self, clock=Moment(moment), real=self.real or self.clock)

    @property
    def sandbox_time(self) -> int:
        """The sandbox's own time, whatever a test clock says."""
        return (self.real or self.clock).now()


class Upload(NamedTuple):
    """A file that a request brings: its name and its bytes."""

    name: str
    content: bytes


@dataclass(kw_only=True)
class Call(Context):
    """One authenticated request on its way through a handler."""

    request_id: str
    method: str
    path: str
    params: dict[str, Any]
    arguments: dict[str, str]
    key: Key
    accepted: Json = field(default_factory=dict)
    """Params that are newer than the `stripe` package; see `http.accepted_params`."""
    upload: Upload | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation:
    """A method and path that the sandbox answers.

    *params* names a TypedDict in `stripe.params`, *permission* the scope that a
    restricted key needs.
    """

    method: str
    path: str
    params: str
    permission: str
    run: Callable[[Call], Json]
    limits: Mapping[str, Limit] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """A Stripe resource; each callable that is given adds its verb.

    Attributes:
        object: Stripe's name of the type, as in the field `object`.
        path: Where it lives, as `/v1/billing_portal/configurations`.
        noun: How Stripe names it in «No such …».
        prefix: What its ids begin with.
        id_length: The characters after the prefix.
        scope: The middle of a restricted key's `rak_<scope>_read` and `_write`.
        params: Its name in `stripe.params`, to which `CreateParams` and so on is added.
        missing_param: What a 404 calls the id in `param`.
        create: From typed params to the new object.
        update: From the stored object and typed params to the changed object.
        delete: Refuses a deletion, or lets it happen by returning.
        list: Answers its list, where that is not of everything.
        filters: What its list can be filtered by, besides paging.
        searches: What it can be searched by, none where Stripe has no search for it.
        expands: Paths that `expand[]` knows, with the type they lead to or INCLUDED.
        private: Fields that only the answer to create shows.
        hidden: Fields that nothing shows: what the sandbox remembers for itself.
        limits: Rules on single parameters, by path.
        announces: Whether the verbs record `created`, `updated` and `deleted` events.
        event: What the types of its events begin with, where not with *object*.
        follow: What follows from a change of an object, after its event.
        parent: The field and the argument in *path* that name what it belongs to.
        view: From the stored object to the one that is shown, before expansion.
    """

    object: str
    path: str
    noun: str
    prefix: str
    scope: str
    params: str
    missing_param: str = "id"
    id_length: int = 24
    create: Callable[[Call, Json], Json] | None = None
    update: Callable[[Call, Json, Json], Json] | None = None
    delete: Callable[[Call, Json], None] | None = None
    list: Callable[[Call], Json] | None = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    searches: Mapping[str, Field] = field(default_factory=dict)
    expands: Mapping[str, str] = field(default_factory=dict)
    private: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    announces: bool = False
    event: str = ""
    follow: Callable[[Context, Json], None] | None = None
    parent: str = ""
    view: Callable[[Context, Json], Json] | None = None

    def operation(
        self,
        method: str,
        suffix: str,
        params: str,
        run: Callable[[Call], Json],
        limits: Mapping[str, Limit] | None = None,
    ) -> Operation:
        """Return an operation at *path* and below, for keys that have the scope."""
        access = "read" if method == "GET" else "write"
        return Operation(
            method=method,
            path=self.path + suffix,
            params=params,
            permission=f"rak_{self.scope}_{access}",
            run=run,
            limits=limits or {},
        )


def equals(name: str) -> Filter:
    """Filter by the field *name*."""

    def matches(item: Json, wanted: object) -> bool:
        return bool(item.get(name) == wanted)

    return matches
