"""Reads what exists at Stripe, and makes the program that takes it under code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.importing import (
    Adopter,
    Existing,
    Foreign,
    ForeignState,
    PriceNames,
    Program,
    doubles,
    program,
)
from pulumi_stripe_portal.schema.offer import products_of
from pulumi_stripe_portal.schema.resources import (
    KINDS,
    kind_of_id,
)
from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stripe_api.catalogue import catalogue_of
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.views import with_connect

__all__ = [
    "Adoption",
    "adopt_all",
    "adopt_foreign",
    "adopt_ids",
]

Found = dict[str, Any]
Say = Callable[[str], None]
"""Tells the user how far the work is."""


@dataclass(frozen=True)
class Adoption:
    """A program that adopts what exists, and what its user has to know."""

    program: Program
    warnings: Sequence[str] = ()
    releases: Sequence[str] = ()
    """Commands that clear the markers of others, which refuse the adoption so far."""


_ALONE = Adopter()
"""Where no stack is known, nothing is managed and no name is taken."""


def adopt_all(
    connection: Connection,
    say: Say,
    adopter: Adopter = _ALONE,
    *,
    inactive: bool = False,
) -> Adoption:
    """Adopt all that the account has, deactivated configurations if asked to.

    What the stack manages already is left out, and its names are not given again.

    Raises:
        RequestRefused: If there is nothing, or Stripe refuses.
    """
    found: list[Existing] = []
    left = 0
    for kind in KINDS:
        filters = None if inactive or not kind.can_be_inactive else {"active": True}
        for each in connection.list_all(kind, filters):
            if adopter.holder(each["id"]):
                left += 1
            else:
                found.append(Existing(_with_connect(each, connection)))
            say(f"Reading from Stripe: {left + len(found)}")
    told = [f"what the stack manages already was left out ({left})"] if left else []
    return _adoption(connection, found, say, adopter, told)


def adopt_ids(
    connection: Connection, ids: Iterable[str], say: Say, adopter: Adopter = _ALONE
) -> Adoption:
    """Adopt the objects with these ids.

    Raises:
        RequestRefused: If one doesn't exist, or Stripe refuses.
    """
    wanted, warnings = _leave_out_managed(list(dict.fromkeys(ids)), adopter)
    found = []
    for id_, each in _objects(connection, wanted, say):
        if each is None:
            mode = connection.settings.mode
            raise RequestRefused(f"there is no {id_} in {mode} mode", status=404)
        found.append(Existing(each))
    return _adoption(connection, found, say, adopter, warnings)


def adopt_foreign(
    connection: Connection,
    states: Sequence[ForeignState],
    say: Say,
    adopter: Adopter = _ALONE,
) -> Adoption:
    """Adopt what other tools manage, under the names that it has there.

    Raises:
        RequestRefused: If nothing of it exists, or Stripe refuses.
    """
    foreign: dict[str, tuple[ForeignState, Foreign]] = {}
    for state in states:
        for each in state.objects:
            foreign.setdefault(each.id, (state, each))
    warnings = [*_unread(states), *doubles(states)]
    wanted, managed = _leave_out_managed(list(foreign), adopter)
    warnings += managed
    found: list[Existing] = []
    for id_, now in _objects(connection, wanted, say):
        state, each = foreign[id_]
        if now is None:
            at = _at(state, each.address, states)
            warnings.append(f"{id_} ({at}) is gone at Stripe, and was left out")
        else:
            found.append(Existing(now, each.names))
    if wanted and not found:
        mode = connection.settings.mode
        raise RequestRefused(
            f"nothing of it exists in {mode} mode of the key's account; give the key "
            "of the mode and account that the other tool manages",
            status=404,
        )
    return _adoption(connection, found, say, adopter, warnings)


def _unread(states: Sequence[ForeignState]) -> Iterator[str]:
    """Say what of the states is no object of Stripe's."""
    for state in states:
        for address in state.left:
            at = _at(state, address, states)
            yield f"{at} has no id of Stripe's, and was left out"
        for address in state.odd:
            at = _at(state, address, states)
            tool = state.tool.capitalize()
            yield f"{at} is not as {tool} writes it, and was left out"


def _at(state: ForeignState, address: str, states: Sequence[ForeignState]) -> str:
    """Return an address, with its file where there are several."""
    shown = visible(address)
    return f"{shown} in {visible(state.file)}" if len(states) > 1 else shown


def _leave_out_managed(
    ids: Sequence[str], adopter: Adopter
) -> tuple[list[str], list[str]]:
    """Return the ids that the stack doesn't manage, and what to say of the others."""
    wanted, told = [], []
    for id_ in ids:
        holder = adopter.holder(id_)
        if holder is None:
            wanted.append(id_)
        else:
            resource = f"{holder.type} '{visible(holder.name)}'"
            told.append(f"the stack manages {id_} already, as {resource}: left out")
    return wanted, told


def _objects(
    connection: Connection, ids: Sequence[str], say: Say
) -> Iterator[tuple[str, Found | None]]:
    """Yield ids and objects, None for one that Stripe doesn't know."""
    for number, id_ in enumerate(ids, 1):
        say(f"Reading from Stripe: {number} of {len(ids)}")
        kind = kind_of_id(id_)
        try:
            found = connection.retrieve(kind, id_) if kind else None
        except RequestRefused as refused:
            if not refused.says_missing(id_):
                raise
            found = None
        yield id_, _with_connect(found, connection) if found else None


def _with_connect(found: Found, connection: Connection) -> Found:
    return dict(with_connect(found, connected=bool(connection.account)))


def _adoption(
    connection: Connection,
    existing: Sequence[Existing],
    say: Say,
    adopter: Adopter,
    warnings: Iterable[str] = (),
) -> Adoption:
    mode = connection.settings.mode
    said = list(warnings)
    if not existing:
        nothing = f"there is nothing to import in {mode} mode"
        raise RequestRefused("; ".join([nothing, *said]), status=404)
    found = [each.found for each in existing]
    names = PriceNames()
    try:
        names = _price_names(connection, found, say)
    except RequestRefused as refused:
        if not refused.lacks_permission:
            raise
        said.append(f"prices are named by id, not by lookup key: {refused}")
    account = connection.account or connection.account_id()
    origin = f"Stripe in {mode} mode{f', account {account}' if account else ''}"
    made = program(existing, names, origin, adopter)
    said += [
        f"{each.id}: `pulumi up` will refuse it as it is: {failure}"
        for each in made.resources
        for failure in each.failures()
    ]
    releases = []
    for owners, command in _other_owners(made, adopter.release):
        said.append(f"{owners}: `{command}`")
        releases.append(command)
    return Adoption(made, said, releases)


def _other_owners(made: Program, release: str) -> Iterator[tuple[str, str]]:
    """Yield whom the objects' markers name, and what clears these."""
    owned: dict[str, list[str]] = {}
    told: dict[str, list[str]] = {}
    for each in made.resources:
        if each.owner is not None:
            stack = each.owner.stack or each.owner.resource
            owned.setdefault(stack, []).append(each.id)
            told.setdefault(stack, []).append(each.owner.resource)
    for stack, ids in owned.items():
        resources = f" ({', '.join(told[stack])})" if told[stack] != [stack] else ""
        yield (
            f"{', '.join(ids)}: the metadata says that {stack} manages this"
            f"{resources}, so that `import_` is refused; once it has let go of it",
            f"{release} {' '.join(ids)}",
        )


def _price_names(
    connection: Connection, found: Iterable[Mapping[str, Any]], say: Say
) -> PriceNames:
    """Return how the prices that configurations list can be named.

    A lookup key counts only if it finds its price: it may have moved to another.
    """
    catalogue = catalogue_of(connection)
    entries = [entry for each in found for entry in products_of(each)]
    products = list(dict.fromkeys(entry["product"] for entry in entries))
    prices: dict[str, Mapping[str, Any]] = {}
    for number, product in enumerate(products, 1):
        say(f"Reading prices from Stripe: product {number} of {len(products)}")
        prices |= catalogue.of_product(product) or {}
    on_offer = {price for entry in entries for price in entry["prices"]}
    keys = {
        id_: price["lookup_key"]
        for id_, price in prices.items()
        if id_ in on_offer and price["lookup_key"]
    }
    catalogue.want(keys.values())
    finds = {key: catalogue.by_key(key) for key in keys.values()}
    return PriceNames(
        {id_: key for id_, key in keys.items() if (finds[key] or {}).get("id") == id_},
        {price["product"]["id"]: price["product"]["name"] for price in prices.values()},
    )
