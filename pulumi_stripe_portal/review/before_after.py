"""How it was and how it will be, as the sentences ask for it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import (
    canonical,
    has_opaque,
    value_at,
    with_value,
)

from .fields import Risk
from .prices import Price, PriceBook
from .text import Text
from .values import Values

__all__ = [
    "BeforeAfter",
    "Effect",
    "Side",
    "clause",
    "fact",
    "gain",
    "loss",
    "only_in",
    "usable",
]


@dataclass(frozen=True)
class Effect:
    """One sentence of a review."""

    kind: Literal["gain", "loss", "fact"]
    """Whether customers can do more or less; a fact is a whole sentence."""
    text: Text
    risk: Risk | None = None
    prices: tuple[Price, ...] = ()
    """The prices whose customers it concerns."""
    before: Text = ()
    """What a fact says held before, as a clause."""
    then: Text = ()
    """What comes of a gain or a loss: true of the change, not of either side."""
    reach: Literal["", "all", "offer"] = ""
    """Whom it may concern: all who have a subscription, or a plan that is on offer."""
    holds: Text = ()
    """What holds after the change and did not before, as a sentence without its end:
    with `before` how it is on either side, without it what is on one side only."""


def gain(text: Text | str, risk: Risk | None, *prices: Price, then: str = "") -> Effect:
    """Say what customers can do from now on."""
    can = _text(text)
    holds = ("Customers can ", *can)
    return Effect("gain", can, risk, prices, then=_text(then), holds=holds)


def loss(text: Text | str, risk: Risk | None, *prices: Price, then: str = "") -> Effect:
    """Say what customers can no longer do."""
    return Effect("loss", _text(text), risk, prices, then=_text(then))


def fact(
    text: Text | str,
    risk: Risk | None = None,
    *prices: Price,
    before: Text | str = "",
    holds: Text | str = "",
) -> Effect:
    """Say something else, as a whole sentence."""
    said = _text(text), risk, prices, _text(before)
    return Effect("fact", *said, holds=_text(holds))


def clause(
    holds: Text | str, risk: Risk | None = None, before: str = "", end: str = "."
) -> Effect:
    """Say what holds from now on, and how it was before: a sentence, and its end."""
    text = f"{holds}{end}" if isinstance(holds, str) else (*holds, end)
    return fact(text, risk, before=before, holds=holds)


def _text(text: Text | str) -> Text:
    if isinstance(text, str):
        return (text,) if text else ()
    return text


def only_in(was: Sequence[Any], will: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return what goes, and what comes."""
    lost = [each for each in was if each not in will]
    return lost, [each for each in will if each not in was]


@dataclass(frozen=True)
class Side:
    """One side of a change: the value of each leaf, Stripe's defaults filled in."""

    root: Node
    inputs: Values
    _found: dict[str, Any] = field(default_factory=dict, init=False, compare=False)
    """What was asked for: nearly all is asked for more than once."""

    def at(self, path: str) -> Any:
        """Return the value at a leaf's dotted path, as Stripe understands it."""
        if path not in self._found:
            at, leaf = self.root.by_path[path]
            self._found[path] = canonical(leaf, value_at(self.inputs, at))
        return self._found[path]

    def on(self, feature: str) -> bool:
        """Tell whether a feature is on."""
        return self.at(f"features.{feature}.enabled") is True

    @property
    def asleep(self) -> bool:
        """Whether nobody can use it at all: it is deactivated or switched off."""
        return any(
            path in self.root.children and self.at(path) is value
            for path, value in (("active", False), ("disabled", True))
        )

    def name_of(self, path: Sequence[str]) -> str:
        """Return the dotted path of the leaf that holds what is at a path."""
        names = (".".join(path[:depth]) for depth in range(len(path), 0, -1))
        return next(name for name in names if name in self.root.by_path)

    def matters(self, path: str) -> bool:
        """Tell whether Stripe looks at a leaf: what it belongs to is on."""
        *parents, last = path.split(".")
        switches = (
            ".".join([*parents[:depth], "enabled"])
            for depth in range(1, len(parents) + (last != "enabled"))
        )
        known = self.root.by_path
        return all(self.at(switch) is True for switch in switches if switch in known)

    def felt(self, path: str) -> Any:
        """Return the value at a leaf's dotted path, None where it doesn't matter."""
        return self.at(path) if self.matters(path) else None

    def chosen(self, path: str) -> list[str]:
        """Return the choices of a list that matters, as Stripe documents them."""
        choices, chosen = self.root.by_path[path][1].choices, self.felt(path) or ()
        newer = [choice for choice in chosen if choice not in choices]
        return [choice for choice in choices if choice in chosen] + newer

    def fill_from(self, other: Side) -> Side:
        """Return the side with the other's value for each leaf that isn't known.

        So no sentence is made of what a preview doesn't tell; that it doesn't is told
        apart. Of a list of products, what is known is kept.
        """
        filled = self.inputs
        for at, leaf in self.root.leaves() if has_opaque(filled) else ():
            if not usable(leaf, value_at(self.inputs, at)):
                value = value_at(other.inputs, at)
                value = value if usable(leaf, value) else None
                filled = with_value(filled, at, value)
        return replace(self, inputs=filled)

    def with_leaf_of(self, other: Side, path: str) -> Side:
        """Return the side with the other's value at a leaf's dotted path."""
        at, _ = self.root.by_path[path]
        value = value_at(other.inputs, at)
        return replace(self, inputs=with_value(self.inputs, at, value))


def usable(leaf: Node, value: Any) -> bool:
    """Tell whether sentences can be made of a value.

    Of a list of products they can, where only some of it is not known yet.
    """
    some = leaf.name == "products" and isinstance(value, list)
    return some or not has_opaque(value)


@dataclass(frozen=True)
class BeforeAfter:
    """A change as the sentences see it: how it was, and how it will be."""

    was: Side
    will: Side
    book: PriceBook = field(default_factory=PriceBook)
    new: bool = False
    """Whether there was nothing before."""
    given: tuple[Values, Values] = ({}, {})
    """The inputs of both sides, with all that isn't known in them."""
    changed: tuple[str, ...] = ()
    """The dotted paths of the leaves to tell of."""

    @property
    def feature(self) -> str:
        """The feature that they belong to, "" where they belong to none."""
        first, _, rest = self.changed[0].partition(".")
        return rest.partition(".")[0] if first == "features" else ""

    @property
    def sides(self) -> tuple[Side, Side]:
        """Before and after."""
        return self.was, self.will

    def at(self, path: str) -> tuple[Any, Any]:
        """Return what is at a leaf's dotted path, before and after."""
        return self.was.at(path), self.will.at(path)

    def without(self, path: str) -> tuple[BeforeAfter, BeforeAfter]:
        """Return the change without that of one leaf: as it was, and as it will be."""
        one = replace(self, will=self.will.with_leaf_of(self.was, path))
        return one, replace(self, was=self.was.with_leaf_of(self.will, path))
