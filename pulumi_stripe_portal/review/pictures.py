"""The portal before and after a change, as configurations that can be drawn. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, canonical, value_at

from .plan import Change
from .prices import Price, PriceBook
from .text import clean
from .values import Opaque, Values, differences

__all__ = ["Picture", "catalogue_of", "picture_of"]


@dataclass(frozen=True)
class Picture:
    """What customers see today and after the change, and what differs.

    In Stripe's own shape. None where there is no portal.
    """

    before: Values | None
    after: Values | None
    marks: Mapping[str, str]
    """What is `added`, `changed` or `removed`, by dotted path; an element of a list by
    its value, and a price by its id or lookup key."""


def picture_of(change: Change, default: Values | None = None) -> Picture | None:
    """Return the picture of a change, None where there is nothing to see.

    `default` is what the account's default is set to today, where that was asked.
    """
    if change.is_endpoint or change.op in ("adopt", "release"):
        return None
    today = change.found if change.found is not None else default or None
    after = change.after
    if change.op == "delete" and change.is_default:
        return None
    undeclared = change.outputs.get("before") or default
    before = None if today is None else _whole(change, today, undeclared)
    later = None if after is None else _whole(change, after, undeclared)
    marks = dict(_marks(change.root, before or {}, later or {}))
    return Picture(_drawable(before), _drawable(later), marks)


def _whole(change: Change, inputs: Values, earlier: Values | None) -> Values:
    """Return what a configuration holds, undeclared settings of the default too."""
    if not change.key.is_default or not earlier:
        return inputs
    whole: dict[str, Any] = {}
    for path, _ in change.root.leaves():
        value = value_at(inputs, path)
        _put(whole, path, value_at(earlier, path) if value is None else value)
    return whole


def _put(values: dict[str, Any], path: Path, value: Any) -> None:
    *parents, last = path
    for name in parents:
        values = values.setdefault(name, {})
    if value is not None:
        values[last] = value


def _drawable(value: Any) -> Any:
    """Copy a configuration for a page: no secrets, and texts that stay in place."""
    if isinstance(value, Mapping):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_drawable(item) for item in value if not isinstance(item, Opaque)]
    if isinstance(value, Opaque):
        return f"({value.words})"
    return clean(value) if isinstance(value, str) else value


def _marks(root: Node, before: Values, after: Values) -> Iterator[tuple[str, str]]:
    for path, leaf in differences(root, before, after):
        dotted = ".".join(path)
        was, will = value_at(before, path), value_at(after, path)
        if leaf.kind == "list" and isinstance(was or [], list):
            names, still = _names(was), _names(will)
            yield from ((f"{dotted}.{name}", "removed") for name in names - still)
            yield from ((f"{dotted}.{name}", "added") for name in still - names)
        if leaf.kind != "mapping":  # metadata is not on the picture
            yield dotted, _mark(canonical(leaf, was), canonical(leaf, will))


def _mark(was: Any, will: Any) -> str:
    """Say what became of a setting, whose default counts as a value."""
    nothing: tuple[Any, ...] = (None, False, [])
    if was in nothing:
        return "added"
    return "removed" if will in nothing else "changed"


def _names(value: Any) -> set[str]:
    """Return what the elements of a list are called in marks."""
    found = set()
    for item in value if isinstance(value, list) else ():
        prices = item.get("prices") if isinstance(item, Mapping) else [item]
        for price in prices if isinstance(prices, list) else ():
            name = price.get("lookup_key") if isinstance(price, Mapping) else price
            if isinstance(name, str):
                found.add(name)
    return found


def catalogue_of(book: PriceBook) -> dict[str, Values]:
    """Return what is known of prices and other objects as Stripe shows them, by id."""
    known: dict[str, Values] = {
        id_: {"id": id_, "name": clean(name), "description": clean(name)}
        for id_, name in book.names.items()
    }
    for price in book.prices:
        shown = _as_stripe(price)
        known.update({key: shown for key in (price.id, price.lookup_key) if key})
    return known


def _as_stripe(price: Price) -> Values:
    recurring = {"interval": price.interval, "interval_count": price.interval_count}
    return {
        "id": price.id,
        "nickname": clean(price.nickname),
        "unit_amount": price.amount,
        "currency": price.currency,
        "recurring": recurring if price.interval else None,
        "product": {"id": price.product, "name": clean(price.product_name)},
    }
