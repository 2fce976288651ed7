"""What a review says and in which order, before it is put into any markup. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from pulumi_stripe_portal.stacks.preview import Message

from .before_after import Effect
from .fields import Risk
from .labels import Table, table_of
from .report import InStack, Report, Section
from .states import Key
from .text import WHO_GET_IT, Strong, Text

__all__ = [
    "BESIDES",
    "DRIFT_LEAD",
    "DRIFT_TITLE",
    "Announced",
    "Group",
    "Story",
    "announcements",
    "failures",
    "others",
    "sentence",
    "stories",
    "summary",
    "warnings",
]

BESIDES = "Also"
"""The heading of what needs no look."""
DRIFT_TITLE = "Changed at Stripe, outside the code"
DRIFT_LEAD = (
    "By hand in the Dashboard, or by another tool. The next update sets it to what the "
    "code says."
)

_ADOPTS = "as it is; nothing is written to Stripe"
"""What earlier versions warned of where code and object are alike."""
_OF_DRIFT = ("After the last update", "At Stripe now", "After the next")
_HEADINGS = {
    Risk.OUTAGE: "A portal goes offline",
    Risk.MONEY: "Money",
    Risk.SECRET: "A secret changes",
    Risk.ACCESS: "What customers can do",
    Risk.LEGAL: "Legal",
    Risk.DEFAULT: "The account's default",
    Risk.EVENTS: "What the app is told",
    None: BESIDES,
}


Announced: TypeAlias = "Mapping[Key, Mapping[str, str]]"
"""What previews announce of single resources: texts, and where they are said."""


@dataclass(frozen=True)
class Group:
    """Sentences about one thing that is to be looked at."""

    heading: str
    """Empty where nothing has to be."""
    sentences: tuple[Text, ...]


@dataclass(frozen=True)
class Story:
    """What is said about one resource."""

    section: Section
    event: str
    """What happens to it, and where."""
    parts: Mapping[str, InStack]
    """By stack."""
    drift: bool
    """Whether it tells of what was changed outside the code."""

    @property
    def title(self) -> str:
        """The resource's name, and what it is."""
        aside = self.section.key.resource_type.aside
        return f"{self.section.title} ({aside})" if aside else self.section.title

    # A large review has no room for all that can be said: it waits.
    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The sentences by what they are about; the same one stands there once."""
        groups: list[Group] = []
        for risk in [*Risk, None]:
            found: dict[Text, list[str]] = {}
            for stack, part in self.parts.items():
                for effect in part.drift if self.drift else part.effects:
                    if effect.risk is risk:
                        text = sentence(effect, new=part.new)
                        found.setdefault(text, []).append(stack)
            sentences = tuple(
                text if len(where) == len(self.parts) else (*text, _only(where))
                for text, where in found.items()
            )
            if sentences:
                heading = _HEADINGS[risk] if risk or groups else ""
                groups.append(Group(heading, sentences))
        return tuple(groups)

    @cached_property
    def table(self) -> Table | None:
        """The exact values."""
        parts = self.parts.items()
        if self.drift:
            return table_of({s: part.drift_rows for s, part in parts}, _OF_DRIFT)
        return table_of({s: part.rows for s, part in parts}, ("Before", "After"))


def summary(report: Report) -> str:
    """Return the one line that says it all."""
    stacks = "; ".join(
        f"{_stack(report, stack)}: {_status(report, stack)}" for stack in report.stacks
    )
    found = {risk for stack in report.stacks for risk in report.risks(stack)}
    heads = {**_HEADINGS, Risk.SECRET: "a secret"}
    shown = [heads[risk] for risk in Risk if risk in found]
    risks = ", ".join(head[0].lower() + head[1:] for head in shown)
    return f"Customer portal, {stacks}{f'. Look at: {risks}' if risks else ''}"


def _stack(report: Report, name: str, mode: str = "") -> str:
    """Return a stack's name, and its mode where the name does not say it.

    A resource with an explicit provider may be in another `mode` than its stack.
    """
    mode = mode or next(plan.mode for plan in report.plans if plan.stack == name)
    return (name or "stack") + ("" if name == mode else f" ({mode} mode)")


def _status(report: Report, stack: str) -> str:
    counts = [f"{count} {verb}" for verb, count in report.verbs(stack).items()]
    drifted = report.drifted(stack)
    if drifted:
        counts.append(f"{drifted} changed outside the code")
    if any(plan.errors for plan in report.plans if plan.stack == stack):
        counts = ["the preview failed", *(f"{count} so far" for count in counts)]
    return ", ".join(counts) or "no changes"


def failures(report: Report) -> Iterator[tuple[str, tuple[Message, ...]]]:
    """Yield the stacks whose preview failed, and why."""
    for plan in report.plans:
        if plan.errors:
            yield _stack(report, plan.stack), plan.errors


def warnings(report: Report) -> Iterator[tuple[str, list[Message]]]:
    """Yield the previews' warnings, with where they are where that isn't everywhere."""
    adopted = {
        (stack, section.key.type, section.key.name)
        for section in report.sections
        for stack, part in section.parts.items()
        if part.change.op == "adopt"
    }
    warned: dict[Message, list[str]] = {}
    for plan in report.plans:
        for warning in plan.warnings:
            about = plan.stack, warning.kind, warning.resource
            if _ADOPTS in warning.text and about in adopted:
                continue  # good news, and the resource's story tells it
            warned.setdefault(warning, []).append(plan.stack)
    by_stacks: dict[tuple[str, ...], list[Message]] = {}
    for message, stacks in warned.items():
        by_stacks.setdefault(tuple(stacks), []).append(message)
    for where, messages in by_stacks.items():
        yield "" if len(where) == len(report.plans) else _only(where), messages


def announcements(report: Report) -> Announced:
    """Return what the previews warn of about one resource that changes, and no other.

    By resource: each text, with where that is where it isn't everywhere.
    """
    changing = {(each.key.type, each.key.name): each for each in report.sections}
    by_text: dict[str, dict[tuple[str, str], list[str]]] = {}
    for plan in report.plans:
        for warning in plan.warnings:
            of_one = by_text.setdefault(warning.text, {})
            about = warning.kind, warning.resource
            of_one.setdefault(about, []).append(plan.stack)
    found: dict[Key, dict[str, str]] = {}
    for text, of_one in by_text.items():
        for about, stacks in of_one.items() if len(of_one) == 1 else ():
            section = changing.get(about)
            if section is not None:
                everywhere = len(stacks) == len(section.parts)
                where = "" if everywhere else _only(stacks)
                found.setdefault(section.key, {})[text] = where
    return found


def others(report: Report) -> Iterator[str]:
    """Yield what becomes of resources that are not the portal's."""
    for plan in report.plans:
        if plan.others:
            counts = ", ".join(f"{n} to {op}" for op, n in plan.others.items())
            yield f"Not part of the portal, in {_stack(report, plan.stack)}: {counts}."


def stories(report: Report, *, drift: bool = False) -> Iterator[Story]:
    """Yield what the code changes, or what drifted: a story for each resource."""
    for section in report.sections:
        verbs: dict[str, list[str]] = {}
        parts = {}
        for stack, part in section.parts.items():
            if part.drift if drift else part.change.by_code:
                parts[stack] = part
                where = _stack(report, stack, part.change.mode)
                verbs.setdefault("" if drift else f"{part.verb} in ", []).append(where)
        if parts:
            event = "; ".join(verb + _and(where) for verb, where in verbs.items())
            yield Story(section, event, parts, drift)


def sentence(effect: Effect, *, new: bool) -> Text:
    """Return the whole sentence; `new` says that there was nothing before."""
    if effect.kind == "fact":
        before = (" Before: ", *effect.before, ".") if effect.before else ()
        return (*effect.text, *before)
    can = "can no longer" if effect.kind == "loss" else "can" if new else "can now"
    return (
        *WHO_GET_IT,
        " ",
        Strong(can),
        " ",
        *effect.text,
        *effect.then,
        ".",
    )


def _and(words: Iterable[str]) -> str:
    return " and ".join(words)


def _only(stacks: Iterable[str]) -> str:
    return f" ({_and(stacks)} only)"
