"""Puts the changes of one or several stacks side by side. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal._values import value_at

from .effects import drift_of, effects_of, sides
from .exact import exact
from .fields import Risk, words_at
from .plan import Change, Key, Plan
from .prices import PriceBook
from .text import Quoted, Text
from .turn import Effect
from .values import changed

__all__ = ["Part", "Report", "Row", "Section", "report_of"]

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One setting that changes, with its exact values from left to right."""

    setting: Text
    path: str
    values: tuple[Text, ...]


@dataclass(frozen=True)
class Part:
    """What happens to one resource in one stack."""

    change: Change
    effects: tuple[Effect, ...]
    rows: tuple[Row, ...]
    """Before, and after."""
    drift: tuple[Effect, ...] = ()
    drift_rows: tuple[Row, ...] = ()
    """After the last `up`, at Stripe now, and after the next `up`."""

    @property
    def risks(self) -> set[Risk]:
        """What is to be looked at, drift that the next `up` undoes included."""
        return {e.risk for e in (*self.effects, *self.drift) if e.risk is not None}

    @property
    def verb(self) -> str:
        """What happens, in a word or two."""
        if self.change.op == "delete" and not self.change.is_endpoint:
            return "let go of" if self.change.is_default else "switched off"
        return _VERBS[self.change.op]


_VERBS = {
    "create": "new",
    "adopt": "comes under code",
    "update": "changed",
    "replace": "replaced",
    "delete": "deleted",
    "release": "let go of",
    "remake": "made again",
}


@dataclass(frozen=True)
class Section:
    """One resource, in all stacks where something happens to it."""

    title: str
    key: Key
    parts: Mapping[str, Part]
    """By stack."""

    @property
    def rank(self) -> tuple[int, str, Key]:
        """Where it stands: the most serious first, then by name."""
        risks = [risk for part in self.parts.values() for risk in part.risks]
        first = min(map(list(Risk).index, risks), default=len(Risk))
        return first, self.title, self.key


@dataclass(frozen=True)
class Report:
    """What a review says, before it is put into Markdown or a page."""

    plans: tuple[Plan, ...]
    sections: tuple[Section, ...] = field(default_factory=tuple)

    @property
    def stacks(self) -> list[str]:
        """The names of the stacks."""
        return [plan.stack for plan in self.plans]

    def parts(self, stack: str) -> list[Part]:
        """Return what happens in one stack."""
        return [
            section.parts[stack] for section in self.sections if stack in section.parts
        ]

    def risks(self, stack: str) -> list[Risk]:
        """Return what is to be looked at in one stack, most serious first."""
        found = {risk for part in self.parts(stack) for risk in part.risks}
        return [risk for risk in Risk if risk in found]

    def verbs(self, stack: str) -> Counter[str]:
        """Return how many resources the code changes in one stack, by what happens."""
        return Counter(part.verb for part in self.parts(stack) if part.change.by_code)

    def drifted(self, stack: str) -> int:
        """Return how many resources were changed at Stripe, outside the code."""
        return sum(bool(part.drift) for part in self.parts(stack))


def report_of(
    plans: Sequence[Plan],
    books: Mapping[str, PriceBook] | None = None,
    defaults: Mapping[str, Values] | None = None,
) -> Report:
    """Return the report of one or several stacks.

    `books` and `defaults` say by stack what names are known, and what the account's
    default is set to today.
    """
    parts: dict[Key, dict[str, Part]] = {}
    for plan in plans:
        book = (books or {}).get(plan.stack) or PriceBook()
        default = (defaults or {}).get(plan.stack)
        for change in plan.changes:
            of_one = parts.setdefault(change.key, {})
            of_one[plan.stack] = _part(change, book, default)
    titles = {key: _title(key, of_one.values()) for key, of_one in parts.items()}
    shared = Counter(titles.values())
    sections = [
        Section(
            titles[key]
            if shared[titles[key]] == 1
            else f"{titles[key]} ({key.name}, {key.type})",
            key,
            of_one,
        )
        for key, of_one in parts.items()
    ]
    return Report(tuple(plans), tuple(sorted(sections, key=lambda s: s.rank)))


def _title(key: Key, parts: Iterable[Part]) -> str:
    """Return the resource's name for people: its `name`, else that in the code."""
    if key.type != "WebhookEndpoint":
        for part in parts:
            for inputs in (part.change.after, part.change.recorded):
                name = (inputs or {}).get("name")
                if isinstance(name, str) and name.strip():
                    return name
    return key.name


def _part(change: Change, book: PriceBook, default: Values | None) -> Part:
    was, will = sides(change, default)
    rows: tuple[Row, ...] = ()
    if will is not None:
        rows = _rows(change, book, was or {}, will)
    return Part(
        change=change,
        effects=effects_of(change, book, default),
        rows=rows,
        drift=drift_of(change, book),
        drift_rows=_drift_rows(change, book),
    )


def _rows(change: Change, book: PriceBook, *sides: Values) -> tuple[Row, ...]:
    """Return the settings on which the first two sides differ."""
    rows = []
    for path, leaf in changed(change.root, *sides[:2]):
        words = words_at(change.root, path)
        setting: Text = (words.label,)
        if leaf.kind == "mapping" and len(path) > 1:
            setting = (f"{words.label}: ", Quoted(path[-1]))
        dotted = ".".join(path)
        values = tuple(exact(leaf, dotted, value_at(side, path), book) for side in sides)
        rows.append(Row(setting, dotted, values))
    return tuple(rows)


def _drift_rows(change: Change, book: PriceBook) -> tuple[Row, ...]:
    if change.recorded is None or change.found is None or not change.drifted:
        return ()
    after = change.after or {}
    return _rows(change, book, change.recorded, change.found, after)
