"""Exact values side by side, before they are put into any markup. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .report import Row
from .text import BREAK, Quoted, Text

__all__ = ["Table", "table_of"]


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
    if all(table == tables[0] for table in tables):
        head, tables = columns, tables[:1]
    else:
        head = tuple(
            f"{stack}: {column[0].lower()}{column[1:]}"
            for stack in by_stack
            for column in columns
        )
    settings: dict[str, Text] = {}
    for table in tables:
        settings.update({row.path: row.setting for row in table})
    rows = []
    for path, setting in settings.items():
        cells: list[Text] = [(*setting, BREAK, Quoted(path))]
        for table in tables:
            cells += _cells(table, path, len(columns))
        rows.append(tuple(cells))
    return Table(("Setting", *head), tuple(rows))


def _cells(rows: Sequence[Row], path: str, count: int) -> list[Text]:
    row = next((row for row in rows if row.path == path), None)
    if row is None:
        return [("no change",)] * count
    return [("new",)] * (count - len(row.values)) + list(row.values)
