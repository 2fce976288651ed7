"""Reads what exists at Stripe, and makes the program that takes it under code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._catalogue import catalogue_of, listed
from ._ownership import marker_of
from ._recorded import Recorded
from ._stripe import CONFIGURATIONS, WEBHOOK_ENDPOINTS, Connection, Kind
from .errors import RequestRefused
from .importing import Existing, ForeignState, PriceNames, Program, program

__all__ = ["Adoption", "adopt_all", "adopt_foreign", "adopt_ids", "kind_of"]

Found = dict[str, Any]
Say = Callable[[str], None]
"""Tells the user how far the work is."""

_FEW = 3
_KINDS = (CONFIGURATIONS, WEBHOOK_ENDPOINTS)


@dataclass(frozen=True)
class Adoption:
    """A program that adopts what exists, and what its user has to know."""

    program: Program
    warnings: Sequence[str] = ()


def kind_of(id_: str) -> Kind | None:
    """Return what kind of object an id is of, None for one that is not managed."""
    return next((kind for kind in _KINDS if id_.startswith(kind.prefix)), None)


def adopt_all(
    connection: Connection,
    say: Say,
    managed: Sequence[Recorded] = (),
    *,
    inactive: bool = False,
) -> Adoption:
    """Adopt all that the account has, deactivated configurations if asked to.

    What is `managed` already is left out, and its names are not given again.

    Raises:
        RequestRefused: if there is nothing, or Stripe refuses.
    """
    ids = {each.id for each in managed}
    found: list[Existing] = []
    left = 0
    for kind in _KINDS:
        filters = None if inactive or not kind.can_be_inactive else {"active": True}
        for each in connection.list_all(kind, filters):
            if each["id"] in ids:
                left += 1
            else:
                found.append(Existing(_completed(connection, each)))
            say(f"Reading from Stripe: {left + len(found)}")
    told = [f"what the stack manages already was left out ({left})"] if left else []
    return _adoption(connection, found, say, told, [each.name for each in managed])


def adopt_ids(connection: Connection, ids: Iterable[str], say: Say) -> Adoption:
    """Adopt the objects with these ids.

    Raises:
        RequestRefused: if one doesn't exist, or Stripe refuses.
    """
    found = []
    for id_, each in _objects(connection, list(dict.fromkeys(ids)), say):
        if each is None:
            mode = connection.settings.mode
            raise RequestRefused(f"there is no {id_} in {mode} mode", status=404)
        found.append(Existing(each))
    return _adoption(connection, found, say)


def adopt_foreign(connection: Connection, state: ForeignState, say: Say) -> Adoption:
    """Adopt what another tool manages, under the names that it has there.

    Raises:
        RequestRefused: if nothing of it exists, or Stripe refuses.
    """
    foreign = {each.id: each for each in state.objects}
    found: list[Existing] = []
    warnings = [f"{at} has no id of Stripe's, and was left out" for at in state.left]
    for id_, each in _objects(connection, list(foreign), say):
        if each is None:
            at = foreign[id_].address
            warnings.append(f"{id_} ({at}) is gone at Stripe, and was left out")
        else:
            found.append(Existing(each, foreign[id_].names))
    if not found:
        mode = connection.settings.mode
        raise RequestRefused(
            f"nothing of it exists in {mode} mode of the key's account; give the key "
            "of the mode and account that the other tool manages",
            status=404,
        )
    return _adoption(connection, found, say, warnings)


def _objects(
    connection: Connection, ids: Sequence[str], say: Say
) -> Iterator[tuple[str, Found | None]]:
    """Yield ids and objects, None for one that Stripe doesn't know."""
    for number, id_ in enumerate(ids, 1):
        say(f"Reading from Stripe: {number} of {len(ids)}")
        kind = kind_of(id_)
        try:
            found = connection.retrieve(kind, id_) if kind else None
        except RequestRefused as refused:
            if refused.status != 404:
                raise
            found = None
        yield id_, _completed(connection, found) if found else None


def _completed(connection: Connection, found: Found) -> Found:
    """Add `connect`, which Stripe takes but doesn't tell.

    It shows in the application alone, and what a platform makes for a connected
    account has one as well.
    """
    if found["object"] == "webhook_endpoint" and not connection.account:
        return {**found, "connect": bool(found.get("application"))}
    return found


def _adoption(
    connection: Connection,
    existing: Sequence[Existing],
    say: Say,
    warnings: Iterable[str] = (),
    taken: Iterable[str] = (),
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
        if refused.status != 403:
            raise
        said.append(f"prices are named by id, not by lookup key: {refused}")
    account = connection.account or connection.account_id()
    origin = f"Stripe in {mode} mode{f', account {account}' if account else ''}"
    made = program(existing, names, origin, taken)
    said += [
        f"{each.id}: `pulumi up` will refuse it as it is: {failure}"
        for each in made.resources
        for failure in each.failures()
    ]
    said += _other_owners(found)
    return Adoption(made, said)


def _other_owners(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Say which stacks the objects' markers name."""
    owned: dict[str, list[str]] = {}
    for each in found:
        stack = "/".join((marker_of(each) or "").split("/")[:2])
        owned.setdefault(stack, []).append(each["id"])
    owned.pop("", None)
    for stack, ids in owned.items():
        more = f" and {len(ids) - _FEW} more" if len(ids) > _FEW else ""
        yield (
            f"{', '.join(ids[:_FEW])}{more}: the metadata says that {stack} manages "
            "this; where it still does, don't import it into another stack"
        )


def _price_names(
    connection: Connection, found: Iterable[Mapping[str, Any]], say: Say
) -> PriceNames:
    """Return how the prices that configurations list can be named.

    A lookup key counts only if it finds its price: it may have moved to another.
    """
    catalogue = catalogue_of(connection)
    entries = [entry for each in found for entry in listed(each)]
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
