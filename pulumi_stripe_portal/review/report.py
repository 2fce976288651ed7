"""Puts the changes of one or several stacks side by side. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pulumi_stripe_portal.stacks.preview import Message

from .before_after import Effect
from .effects import concerned, drift_of, effects_of, sides
from .fields import Risk
from .labels import Row, changed_rows, declared_rows, marker_rows
from .plan import Change, Plan
from .prices import PriceBook, price_book
from .renames import renames
from .states import Key, key_of
from .text import plain
from .values import Values

__all__ = ["InStack", "Known", "Report", "Row", "Section", "offline", "report_of"]


@dataclass(frozen=True)
class Known:
    """What is known about one stack beside its preview."""

    book: PriceBook = field(default_factory=PriceBook)
    default: Values | None = None
    """What the account's default is set to today, where that was asked."""
    apart: Mapping[Key, Known] = field(default_factory=dict)
    """The same for single resources: each may be in another account or mode."""


def offline(plan: Plan, objects: Iterable[Values] = ()) -> Known:
    """Return what a stack's resources, and objects of Stripe's in a file, tell."""
    given = list(objects)
    books = {mode: price_book(plan.states, given, mode) for mode in ("test", "live")}
    apart = {
        change.key: Known(books[change.mode])
        for change in plan.changes
        if change.mode not in ("", plan.mode)
    }
    return Known(books[plan.mode], apart=apart)


@dataclass(frozen=True)
class InStack:
    """What happens to one resource in one stack."""

    change: Change
    renamed: Effect | None = None
    """What to say where it looks renamed."""

    @property
    def new(self) -> bool:
        """Whether nothing is known from before."""
        return self.change.op == "create" and self.change.default is None

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What the code's change does."""
        return effects_of(self.change, self.renamed)

    @cached_property
    def drift(self) -> tuple[Effect, ...]:
        """What was changed at Stripe, outside the code."""
        return drift_of(self.change)

    # A large review has no room for the rows of all its resources: they wait.
    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Before and after; of what is new, only after."""
        was, will = sides(self.change)
        if will is None:
            return ()
        if self.new:
            return declared_rows(self.change, will)
        rows = changed_rows(self.change, was or {}, will)
        return (*rows, *marker_rows(self.change))

    @cached_property
    def drift_rows(self) -> tuple[Row, ...]:
        """After the last `up`, at Stripe now, and after the next `up`."""
        recorded, found = self.change.recorded, self.change.found
        if recorded is None or found is None or not self.change.drifted:
            return ()
        return changed_rows(self.change, recorded, found, self.change.after or {})

    @cached_property
    def risks(self) -> set[Risk]:
        """What is to be looked at, drift that the next `up` undoes included."""
        return {e.risk for e in (*self.effects, *self.drift) if e.risk is not None}

    @property
    def verb(self) -> str:
        """What happens, in a word or two."""
        if self.change.op == "delete" and not self.change.key.is_endpoint:
            return "let go of" if self.change.is_default else "switched off"
        if self.change.op == "create" and self.change.default:
            return _OF_OP["adopt"]
        return _OF_OP[self.change.op]


_OF_OP = {
    "create": "new",
    "adopt": "taken under code",
    "update": "changed",
    "replace": "replaced",
    "delete": "deleted",
    "release": "let go of",
    "remake": "made again",
}
_RANKS = {risk: rank for rank, risk in enumerate(Risk)}
VERBS = [*_OF_OP.values(), "switched off"]
"""What can happen, in the order in which it is counted."""


@dataclass(frozen=True)
class Section:
    """One resource, in all stacks where something happens to it."""

    title: str
    key: Key
    parts: Mapping[str, InStack]
    """By stack."""

    @property
    def rank(self) -> tuple[int, str, Key]:
        """Where it stands: the most serious first, then by name."""
        risks = [risk for part in self.parts.values() for risk in part.risks]
        first = min((_RANKS[risk] for risk in risks), default=len(Risk))
        return first, self.title, self.key


@dataclass(frozen=True)
class Report:
    """What a review says, before it is put into Markdown or a page."""

    plans: tuple[Plan, ...]
    sections: tuple[Section, ...] = ()

    @property
    def stacks(self) -> list[str]:
        """The names of the stacks."""
        return [plan.stack for plan in self.plans]

    def parts(self, stack: str) -> list[InStack]:
        """Return what happens in one stack."""
        return [
            section.parts[stack] for section in self.sections if stack in section.parts
        ]

    def prices(self, stack: str) -> list[str]:
        """Return the ids of the prices whose customers the changes concern."""
        ids = (
            price.id
            for part in self.parts(stack)
            for effect in part.effects
            for price in concerned(part.change, effect)
        )
        return list(dict.fromkeys(filter(None, ids)))

    def risks(self, stack: str) -> list[Risk]:
        """Return what is to be looked at in one stack, most serious first."""
        found = {risk for part in self.parts(stack) for risk in part.risks}
        return [risk for risk in Risk if risk in found]

    def verbs(self, stack: str) -> dict[str, int]:
        """Return how many resources the code changes in one stack, by what happens."""
        found = Counter(p.verb for p in self.parts(stack) if p.change.by_code)
        return {verb: found[verb] for verb in VERBS if found[verb]}

    def drifted(self, stack: str) -> int:
        """Return how many resources were changed at Stripe, outside the code."""
        return sum(bool(part.drift) for part in self.parts(stack))


def report_of(
    plans: Sequence[Plan],
    known: Mapping[str, Known] | None = None,
) -> Report:
    """Return the report of one or several stacks.

    `known` says by stack what is known beside the previews.
    """
    of_stack = {plan.stack: (known or {}).get(plan.stack, Known()) for plan in plans}
    parts: dict[Key, dict[str, InStack]] = {}
    named = [_with_names(plan, of_stack[plan.stack]) for plan in plans]
    for plan in named:
        renamed = renames(plan.changes)
        for change in plan.changes:
            here = of_stack[plan.stack]
            here = here.apart.get(change.key, here)
            told = replace(change, book=here.book, default=here.default)
            part = InStack(told, renamed.get(change.key))
            parts.setdefault(change.key, {})[plan.stack] = part
    titles = {
        key: key.title(
            *(
                inputs
                for part in of_one.values()
                for inputs in (part.change.after, part.change.recorded)
            )
        )
        for key, of_one in parts.items()
    }
    shared = Counter(titles.values())
    for key, title in titles.items():
        if shared[title] > 1:
            titles[key] = f"{title} ({key.name}, {key.type})"
    sections = [Section(titles[key], key, of_one) for key, of_one in parts.items()]
    return Report(tuple(named), tuple(sorted(sections, key=lambda s: s.rank)))


# Not where it is quoted, as in a line of code: `import_="bpc_…"` takes the id alone.
_ID = re.compile(r'(?<!")\b(?:bpc|we|price|prod|pmc|fbo)_\w+')


def _with_names(plan: Plan, known: Known) -> Plan:
    """Say names for the ids in a preview's messages, where they are known."""
    names: dict[str, str] = {}
    for each in (known, *known.apart.values()):
        names |= each.book.names
        names |= {price.id: plain(price.title) for price in each.book.prices}
    for state in plan.states:
        key = key_of(state["urn"])
        for id_ in (state["id"], state["inputs"].get("adopt")):
            if key and id_ and isinstance(id_, str):
                names[id_] = f"'{key.name}'"

    def name_in(text: str) -> str:
        return _ID.sub(lambda id_: names.get(id_[0], id_[0]), text)

    def named(messages: Iterable[Message]) -> tuple[Message, ...]:
        return tuple(replace(each, text=name_in(each.text)) for each in messages)

    changes = tuple(
        replace(change, announcements=tuple(map(name_in, change.announcements)))
        if change.announcements
        else change
        for change in plan.changes
    )
    errors, warnings = named(plan.errors), named(plan.warnings)
    return replace(plan, changes=changes, errors=errors, warnings=warnings)
