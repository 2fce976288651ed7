"""What a field is called, and its exact values, in words for who never saw the code.

Those of a change as a table, several stacks side by side. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pulumi_stripe_portal.schema.extras import extra_leaves
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, canonical, value_at

from .before_after import usable
from .endpoints import visible_address
from .features import durations, length
from .fields import EXTRA, FIELDS, Risk, Words
from .offers import offer_of
from .plan import Change
from .prices import PriceBook
from .text import BREAK, Part, Quoted, Text, join, plain
from .values import Opaque, Values, differences, marks

__all__ = [
    "Row",
    "Table",
    "changed_rows",
    "declared_rows",
    "format_value",
    "is_endpoint",
    "marker_rows",
    "own_name",
    "risk_of",
    "table_of",
    "words_at",
]

_BY_KEY = ("mapping", "open")
_WITH_NAMES = ("payment_method_configuration", "feedback_options", "account")
"""Fields that hold ids of objects that may have names."""


def words_at(root: Node, path: Sequence[str]) -> Words:
    """Return the words for a field of a resource; a mapping's key has the mapping's.

    A field that has none is a risk until somebody looks: a portal's is about what
    customers can do, an endpoint's about what the app is told.
    """
    top = root.children.get(path[0])
    keyed = top is not None and top.kind in _BY_KEY
    found = FIELDS.get(path[0] if keyed else ".".join(path))
    if found is None or found.topic == EXTRA:
        found = found or Words("Parameter newer than this review")
        return replace(found, risk=risk_of(root), own=own_name(path))
    return found


def is_endpoint(root: Node) -> bool:
    """Tell whether it is an endpoint's tree of inputs, rather than a portal's."""
    return "enabled_events" in root.children


def risk_of(root: Node) -> Risk:
    """Return what a change is about that there are no words for."""
    return Risk.EVENTS if is_endpoint(root) else Risk.ACCESS


def own_name(path: Sequence[str]) -> str:
    """Return what Stripe calls a field: its path there."""
    extra = path[0] == "extra_params" and len(path) > 1
    return ".".join(path[1:] if extra else path)


def format_value(leaf: Node, path: Sequence[str], value: Any, book: PriceBook) -> Text:
    """Return a setting's value; one that isn't set is what Stripe makes of that.

    What is not told of it is said, whatever else is.
    """
    dotted = ".".join(path)
    if value is None or value == "":
        default = canonical(leaf, None)
        if default in (None, [], {}):
            return ("not set",)
        return (*_value(leaf, dotted, default, book), " (not set)")
    text = _value(leaf, dotted, value, book)
    untold = dict.fromkeys(mark.words for mark in marks(value))
    said = plain(text) if untold else ""
    return (*text, *(f"; {words}" for words in untold if words not in said))


def _value(leaf: Node, path: str, value: Any, book: PriceBook) -> Text:
    if isinstance(value, Opaque):
        return (value.words,)
    if path in _SPECIAL:
        if not usable(leaf, value):
            return (next(marks(value)).words,)
        return _SPECIAL[path](canonical(leaf, value), book)
    if isinstance(value, Mapping) or (leaf.kind == "open" and type(value) is not str):
        return (Quoted(json.dumps(value, default=repr, ensure_ascii=False)),)
    if isinstance(value, list):
        listed = [_value(leaf, path, item, book) for item in value]
        return join(listed, most=30) if listed else ("none",)
    if isinstance(value, bool):
        yes, no = ("on", "off") if leaf.name == "enabled" else ("yes", "no")
        return (yes if value else no,)
    if leaf.name in _WITH_NAMES:
        return book.label(value)
    if path == "url":
        return visible_address(value)
    words = FIELDS[path].choices.get(value) if path in FIELDS else None
    return (words,) if words else (Quoted(str(value)),)


def _products(value: list[Mapping[str, Any]], book: PriceBook) -> Text:
    """Return a line for each product: its prices, and its quantity."""
    parts: list[Part] = []
    for entry in value:
        offer = offer_of(entry, book)
        quantity = offer.range if offer.quantity[0] else "fixed"
        given = value_at(entry, ("prices",))
        listed = given if isinstance(given, list) else [given]
        ordered = sorted(listed, key=lambda price: book.price(price).rank)
        prices = join([_price(price, book) for price in ordered], most=30)
        parts += [BREAK, *prices, f"; quantity {quantity}"]
    return tuple(parts[1:]) if parts else ("none",)


def _price(given: Any, book: PriceBook) -> Text:
    """Return a price's name, and how the code names it where that can be read."""
    key = given.get("lookup_key") if isinstance(given, Mapping) else None
    title = book.price(given).title
    if not isinstance(key, str) or Quoted(key) in title:
        return title
    return (*title, " as ", Quoted(key))


_CONDITIONS = "features.subscription_update.schedule_at_period_end.conditions"


def _conditions(value: list[Mapping[str, Any]], _book: PriceBook) -> Text:
    types = [value_at(each, ("type",)) for each in value]
    listed = FIELDS[f"{_CONDITIONS}.type"].texts(types)
    return join(listed, "or") if listed else ("none",)


_SPECIAL: Mapping[str, Callable[[Any, PriceBook], Text]] = {
    "features.subscription_pause.duration": lambda value, _: (
        length(durations(value)),
    ),
    "features.subscription_update.products": _products,
    _CONDITIONS: _conditions,
}
"""The fields that hold objects."""


@dataclass(frozen=True)
class Row:
    """One setting that changes, with its exact values from left to right."""

    setting: Text
    path: str
    values: tuple[Text, ...]


def changed_rows(change: Change, *sides: Values) -> tuple[Row, ...]:
    """Return the settings on which the first two sides differ."""
    found = differences(change.root, *sides[:2])
    return tuple(_row(change, path, leaf, sides) for path, leaf in found)


def declared_rows(change: Change, inputs: Values) -> tuple[Row, ...]:
    """Return all settings that the code declares."""
    rows = []
    for path, leaf in change.root.leaves():
        value = value_at(inputs, path)
        paths: list[Path] = [] if value is None else [path]
        if leaf.kind == "mapping" and isinstance(value, Mapping):
            paths = [(*path, key) for key in value]
        elif leaf.kind == "open" and isinstance(value, Mapping):
            paths = [(*path, *at) for at, _ in extra_leaves(value)]
        rows += [_row(change, at, leaf, (inputs,)) for at in sorted(paths)]
    return tuple(rows)


def marker_rows(change: Change) -> Iterator[Row]:
    """Yield the ownership marker where an update writes another."""
    if change.remarked:
        values = ((Quoted(each) if each else "not set",) for each in change.markers[1:])
        yield Row(("Ownership marker",), "metadata.pulumi", tuple(values))


def _row(change: Change, path: Path, leaf: Node, sides: Iterable[Values]) -> Row:
    words = words_at(change.root, path)
    setting: Text = (words.label,)
    if leaf.kind == "mapping" and len(path) > 1:
        setting = (f"{words.label}: ", Quoted(path[-1]))
    values = (value_at(side, path) for side in sides)
    texts = tuple(format_value(leaf, path, value, change.book) for value in values)
    return Row(setting, own_name(path), texts)


@dataclass(frozen=True)
class Table:
    """Exact values, a row for each setting."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]


def table_of(
    by_stack: Mapping[str, Sequence[Row]], columns: tuple[str, ...]
) -> Table | None:
    """Return the exact values; the stacks side by side where they differ."""
    tables = list(by_stack.values())
    if not any(tables):
        return None
    if all(len(row.values) == 1 for table in tables for row in table):
        columns = ("Value",)
    head = columns
    if all(table == tables[0] for table in tables):
        tables = tables[:1]
    else:
        head = tuple(
            f"{stack}: {column[0].lower()}{column[1:]}"
            for stack in by_stack
            for column in columns
        )
    by_path = [{row.path: row for row in table} for table in tables]
    settings = {row.path: row.setting for table in tables for row in table}
    rows = []
    for path, setting in settings.items():
        cells: list[Text] = [(*setting, BREAK, Quoted(path))]
        for found in by_path:
            values: tuple[Text, ...] = (("no change",),) * len(columns)
            if path in found:
                values = found[path].values
            cells += [*[("new",)] * (len(columns) - len(values)), *values]
        rows.append(tuple(cells))
    return Table(("Setting", *head), tuple(rows))
