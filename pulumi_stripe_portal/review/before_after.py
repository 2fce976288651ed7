"""How it was and how it will be, as the sentences ask for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import canonical, has_opaque, value_at

from .fields import Risk
from .prices import Price, PriceBook
from .text import Text
from .values import are_known

__all__ = ["BeforeAfter", "Effect", "Side", "fact", "gain", "loss", "turned", "usable"]

Values = Mapping[str, Any]


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
    holds: Text = ()
    """What holds after the change and did not before, as a sentence without its end:
    with `before` how it is on either side, without it what is on one side only."""


def gain(text: Text | str, risk: Risk | None, *prices: Price, then: str = "") -> Effect:
    """Say what customers can do from now on."""
    can = _text(text)
    return Effect("gain", can, risk, prices, (), _text(then), ("Customers can ", *can))


def loss(text: Text | str, risk: Risk | None, *prices: Price, then: str = "") -> Effect:
    """Say what customers can no longer do."""
    return Effect("loss", _text(text), risk, prices, (), _text(then))


def fact(
    text: Text | str,
    risk: Risk | None = None,
    *prices: Price,
    before: Text | str = "",
    holds: Text | str = "",
) -> Effect:
    """Say something else, as a whole sentence."""
    sides = {"before": _text(before), "holds": _text(holds)}
    return Effect("fact", _text(text), risk, prices, **sides)


def turned(clause: str, before: str, risk: Risk | None) -> Effect:
    """Say how something goes from now on, and how it went before."""
    return fact(f"{clause}.", risk, before=before, holds=clause)


def _text(text: Text | str) -> Text:
    if isinstance(text, str):
        return (text,) if text else ()
    return text


class _Leaves(Mapping[str, tuple[Node, Any]]):
    """The leaves of inputs and their values, by dotted path, looked up when asked."""

    def __init__(self, root: Node, inputs: Values) -> None:
        self._root, self._inputs = root, inputs

    def __getitem__(self, dotted: str) -> tuple[Node, Any]:
        path, leaf = self._root.by_path[dotted]
        return leaf, value_at(self._inputs, path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._root.by_path)

    def __len__(self) -> int:
        return len(self._root.by_path)


@dataclass(frozen=True)
class Side:
    """One side of a change: the value of each leaf, Stripe's defaults filled in."""

    leaves: Mapping[str, tuple[Node, Any]]
    """The leaves and their values as given, by dotted path."""
    whole: bool
    """Whether all of them are known."""
    bare: frozenset[str] = frozenset()
    """Features that are known to be on, and nothing more about them."""

    @classmethod
    def of(cls, root: Node, inputs: Values, bare: Iterable[str] = ()) -> Side:
        """Return the side of these inputs."""
        return cls(_Leaves(root, inputs), are_known(inputs), frozenset(bare))

    def at(self, path: str) -> Any:
        """Return the value at a dotted path, as Stripe understands it."""
        return canonical(*self.leaves[path])

    def on(self, feature: str) -> bool:
        """Tell whether a feature is on."""
        return self.at(f"features.{feature}.enabled") is True

    @property
    def asleep(self) -> bool:
        """Whether nobody can use it at all: it is deactivated or switched off."""
        return any(
            path in self.leaves and self.at(path) is value
            for path, value in (("active", False), ("disabled", True))
        )

    def name_of(self, path: Sequence[str]) -> str:
        """Return the dotted path of the leaf that holds what is at a path."""
        names = (".".join(path[:depth]) for depth in range(len(path), 0, -1))
        return next(name for name in names if name in self.leaves)

    def matters(self, path: str) -> bool:
        """Tell whether Stripe looks at a leaf: what it belongs to is on."""
        *parents, last = path.split(".")
        switches = (
            ".".join([*parents[:depth], "enabled"])
            for depth in range(1, len(parents) + (last != "enabled"))
        )
        return all(
            self.at(switch) is True for switch in switches if switch in self.leaves
        )

    def chosen(self, path: str) -> list[str]:
        """Return the choices of a list, in the order that Stripe documents."""
        leaf, chosen = self.leaves[path][0], self.at(path)
        newer = [choice for choice in chosen if choice not in leaf.choices]
        return [choice for choice in leaf.choices if choice in chosen] + newer

    def fill_from(self, other: Side) -> Side:
        """Return the side with the other's value for each leaf that isn't known.

        So no sentence is made of what a preview doesn't tell; that it doesn't is told
        apart. Of a list of products, what is known is kept.
        """
        if self.whole:
            return self
        leaves = {}
        for path, (leaf, value) in self.leaves.items():
            if not usable(leaf, value):
                value = other.leaves[path][1]
            leaves[path] = (leaf, value if usable(leaf, value) else None)
        return Side(leaves, whole=False, bare=self.bare)


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

    def without(self, path: str) -> tuple[BeforeAfter, BeforeAfter]:
        """Return the change without that of one leaf: as it was, and as it will be."""
        was = replace(
            self.was, leaves={**self.was.leaves, path: self.will.leaves[path]}
        )
        will = replace(
            self.will, leaves={**self.will.leaves, path: self.was.leaves[path]}
        )
        return replace(self, will=will), replace(self, was=was)
