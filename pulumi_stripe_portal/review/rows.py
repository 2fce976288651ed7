"""The settings that change, with their exact values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, value_at

from .labels import format_value, own_name, words_at
from .plan import Change
from .prices import PriceBook
from .text import Quoted, Text
from .values import Values, differences, nested

__all__ = ["Row", "changed_rows", "declared_rows", "drift_rows", "marker_rows"]


@dataclass(frozen=True)
class Row:
    """One setting that changes, with its exact values from left to right."""

    setting: Text
    path: str
    values: tuple[Text, ...]


def changed_rows(change: Change, book: PriceBook, *sides: Values) -> tuple[Row, ...]:
    """Return the settings on which the first two sides differ."""
    differing = differences(change.root, *sides[:2])
    return tuple(_row(change, book, path, leaf, sides) for path, leaf in differing)


def declared_rows(change: Change, book: PriceBook, inputs: Values) -> tuple[Row, ...]:
    """Return all settings that the code declares."""
    rows = []
    for path, leaf in change.root.leaves():
        value = value_at(inputs, path)
        if leaf.kind == "mapping" and isinstance(value, Mapping):
            paths: list[Path] = [(*path, key) for key in sorted(value)]
        elif leaf.kind == "open" and isinstance(value, Mapping):
            paths = sorted(at for at, _ in nested(value, path))
        else:
            paths = [] if value is None else [path]
        rows += [_row(change, book, at, leaf, (inputs,)) for at in paths]
    return tuple(rows)


def marker_rows(change: Change) -> Iterator[Row]:
    """Yield the ownership marker where an update writes another."""
    _, found, will = change.markers
    if change.remarked:
        values = tuple(
            (Quoted(each),) if each else ("not set",) for each in (found, will)
        )
        yield Row(("Ownership marker",), "metadata.pulumi", values)


def _row(
    change: Change, book: PriceBook, path: Path, leaf: Node, sides: Iterable[Values]
) -> Row:
    words = words_at(change.root, path)
    setting: Text = (words.label,)
    if leaf.kind == "mapping" and len(path) > 1:
        setting = (f"{words.label}: ", Quoted(path[-1]))
    values = (format_value(leaf, path, value_at(side, path), book) for side in sides)
    return Row(setting, own_name(path), tuple(values))


def drift_rows(change: Change, book: PriceBook) -> tuple[Row, ...]:
    """Return the settings that were changed at Stripe, and what the next `up` does."""
    if change.recorded is None or change.found is None or not change.drifted:
        return ()
    after = change.after or {}
    return changed_rows(change, book, change.recorded, change.found, after)
