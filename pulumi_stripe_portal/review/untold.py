"""Tells of what differs and is in no sentence: what it was, and what it will be. Pure.

It is said to make no difference only where that can be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, same, value_at

from . import offers
from .before_after import BeforeAfter, Effect, fact
from .format_value import format_value
from .labels import has_words, label_at, lead_at, words_at
from .text import BREAK, Text, joined

__all__ = ["unfelt", "untold"]

Values = Mapping[str, Any]
Leaf: TypeAlias = "tuple[Path, Node]"


def untold(
    root: Node, sides: tuple[Values, Values], pair: BeforeAfter, leaves: Sequence[Leaf]
) -> Iterator[Effect]:
    """Say from what to what these leaves change, or why nobody will notice."""
    idle: dict[str, list[Leaf]] = {}
    for path, leaf in leaves:
        name = pair.was.name_of(path)
        why = _indifference(pair, name)
        if has_words(root, path) and (pair.new or leaf.mark.create_only):
            continue  # told with all that is made
        if why is not None:
            idle.setdefault(why, []).append((path, leaf))
        elif not pair.will.matters(name):
            continue  # told with what it belongs to, which is switched off
        elif pair.was.matters(name) or not same(leaf, None, value_at(sides[1], path)):
            yield _changes(root, sides, pair, (path, leaf))
    yield from unfelt(root, {} if pair.new else idle)


def unfelt(root: Node, idle: Mapping[str, Sequence[Leaf]]) -> Iterator[Effect]:
    """Name what makes no difference, by the reason."""
    for why, leaves in idle.items():
        paths = [path for path, leaf in leaves if not leaf.mark.create_only]
        if paths:
            whom = "" if "enabled_events" in root.children else " for customers"
            labels = joined([label_at(root, path) for path in paths])
            yield fact((f"No difference{whom}{why}: ", *labels, "."))


def _changes(
    root: Node, sides: tuple[Values, Values], pair: BeforeAfter, at: Leaf
) -> Effect:
    path, leaf = at
    words = words_at(root, path)
    was, will = (
        _in_line(format_value(leaf, ".".join(path), value_at(side, path), pair.book))
        for side in sides
    )
    lead = (*lead_at(root, path), ":" if has_words(root, path) else "")
    if pair.new:
        return fact((*lead, " is set to ", *will, "."), words.risk)
    return fact((*lead, " changes from ", *was, " to ", *will, "."), words.risk)


def _in_line(text: Text) -> Text:
    return tuple("; " if part is BREAK else part for part in text)


_CANCEL = "features.subscription_cancel"


def _indifference(pair: BeforeAfter, name: str) -> str | None:
    """Return why nobody notices that a leaf differs, None where that isn't shown."""
    sides = pair.was, pair.will
    if not any(side.matters(name) for side in sides):
        return " while the feature is off"
    if name == f"{_CANCEL}.proration_behavior" and all(
        side.at(f"{_CANCEL}.mode") == "at_period_end" for side in sides
    ):  # «create_prorations … only compatible with mode=immediately» (OpenAPI)
        return " while cancelling takes effect at the end of the period"
    if name == "features.subscription_update.products" and offers.alike(pair):
        return ""
    return None
