"""The settings that change, with their exact values, and stacks side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_stripe_portal.schema.extras import extra_leaves
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, value_at

from .labels import format_value, own_name, words_at
from .plan import Change
from .prices import PriceBook
from .text import BREAK, Quoted, Text
from .values import Values, differences

__all__ = ["Row", "Table", "changed_rows", "declared_rows", "marker_rows", "table_of"]


@dataclass(frozen=True)
class Row:
    """One setting that changes, with its exact values from left to right."""

    setting: Text
    path: str
    values: tuple[Text, ...]


def changed_rows(change: Change, book: PriceBook, *sides: Values) -> tuple[Row, ...]:
    """Return the settings on which the first two sides differ."""
    found = differences(change.root, *sides[:2])
    return tuple(_row(change, book, path, leaf, sides) for path, leaf in found)


def declared_rows(change: Change, book: PriceBook, inputs: Values) -> tuple[Row, ...]:
    """Return all settings that the code declares."""
    rows = []
    for path, leaf in change.root.leaves():
        value = value_at(inputs, path)
        paths: list[Path] = [] if value is None else [path]
        if leaf.kind == "mapping" and isinstance(value, Mapping):
            paths = [(*path, key) for key in value]
        elif leaf.kind == "open" and isinstance(value, Mapping):
            paths = [(*path, *at) for at, _ in extra_leaves(value)]
        rows += [_row(change, book, at, leaf, (inputs,)) for at in sorted(paths)]
    return tuple(rows)


def marker_rows(change: Change) -> Iterator[Row]:
    """Yield the ownership marker where an update writes another."""
    if change.remarked:
        values = ((Quoted(each) if each else "not set",) for each in change.markers[1:])
        yield Row(("Ownership marker",), "metadata.pulumi", tuple(values))


def _row(
    change: Change, book: PriceBook, path: Path, leaf: Node, sides: Iterable[Values]
) -> Row:
    words = words_at(change.root, path)
    setting: Text = (words.label,)
    if leaf.kind == "mapping" and len(path) > 1:
        setting = (f"{words.label}: ", Quoted(path[-1]))
    values = (format_value(leaf, path, value_at(side, path), book) for side in sides)
    return Row(setting, own_name(path), tuple(values))


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
