"""Values as Pulumi's JSON carries them: unknown, secret, or not what they should be.

Pure. `read` is where a preview's or a state's values come in: what it returns has the
types that the inputs declare, so that nothing after it has to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pulumi.output import Unknown

from pulumi_stripe_portal.engine import wire
from pulumi_stripe_portal.schema.field import Field
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, differing, has_opaque, value_at

__all__ = [
    "SECRET",
    "UNKNOWN",
    "UNREADABLE",
    "Inputs",
    "Opaque",
    "Values",
    "are_known",
    "conceal",
    "differences",
    "marks",
    "read",
    "reveal",
]

Values: TypeAlias = "Mapping[str, Any]"
"""Inputs or outputs of a resource, a state, an object of Stripe's."""


class Opaque(Unknown):
    """A value that a preview does not tell, and why."""

    def __init__(self, words: str) -> None:
        """Take the words that stand for the value."""
        self.words = words

    def __repr__(self) -> str:
        """Return the words: what is sorted and written by its `repr` stays in order."""
        return f"({self.words})"


UNKNOWN = Opaque("not known before the update")
SECRET = Opaque("secret, not shown")
UNREADABLE = Opaque("not readable: it has a form that it can't have")

_DEEPEST = 32
"""How deep values may be nested; inputs are nested 6 deep."""
_LARGEST = 2**53
"""Pulumi carries numbers as floats, which tell no larger ones apart."""
_ANY = Node("", "scalar", Field())


def reveal(value: Any) -> Any:
    """Copy a value of Pulumi's JSON, with marks for what it does not tell."""
    return read(_ANY, value)


def read(node: Node, value: Any, *, in_state: bool = False) -> Any:
    """Copy a value of Pulumi's JSON that is declared as this node.

    What it does not tell, and what is nothing that could stand there, become marks: in
    a state of its own, where nothing is still to come, an unknown value is such, too.
    None means "not declared" and goes, `""` for a list is `[]`, and whole floats are
    integers again: Pulumi carries every number as a float.
    """
    reading = _Reading(UNREADABLE if in_state else UNKNOWN)
    found = reading.value(node, value, 0)
    return Inputs(found, reading.is_whole) if isinstance(found, dict) else found


class Inputs(dict[str, Any]):
    """Inputs as they were read."""

    def __init__(self, values: Mapping[str, Any], are_known: bool) -> None:  # noqa: FBT001
        """Take the values, and whether all of them are known."""
        super().__init__(values)
        self.are_known = are_known
        """Whether nothing in them is unknown, secret or unreadable."""


class _Reading:
    """One value as it is read."""

    def __init__(self, unknown: Opaque) -> None:
        self.unknown = unknown
        self.is_whole = True

    def mark(self, mark: Opaque) -> Opaque:
        """Note that something is not told."""
        self.is_whole = False
        return mark

    def value(
        self, node: Node, value: Any, depth: int, *, complete: bool = False
    ) -> Any:
        """Read anything; with `complete`, an object needs its required fields."""
        kind = type(value)
        if kind is str:
            if value == wire.UNKNOWN:
                return self.mark(self.unknown)
            if value == "[secret]":
                return self.mark(SECRET)
            if value == "" and not (complete and node.children):
                return [] if node.kind == "list" else value
            fits = node.kind == "scalar" and (node.holds or str) is str
            return value if fits else self.mark(UNREADABLE)
        if kind is dict:
            if wire.SIGNATURE in value:
                return self.mark(SECRET)
            return self.fields(node, value, depth, complete=complete)
        if kind is list:
            if depth >= _DEEPEST or (node.kind != "list" and node is not _ANY):
                return self.mark(UNREADABLE)
            element = node.element or _ANY
            return [
                self.mark(UNREADABLE)
                if item in (None, "")
                else self.value(element, item, depth + 1, complete=True)
                for item in value
            ]
        if kind is float and value.is_integer():
            value = int(value)
        if value is None or (kind is bool and _takes(node, bool)):
            return value
        is_number = kind is not bool and -_LARGEST <= value <= _LARGEST
        fits = is_number and _takes(node, type(value))
        return value if fits else self.mark(UNREADABLE)

    def fields(
        self, node: Node, value: Mapping[str, Any], depth: int, *, complete: bool
    ) -> Any:
        """Read an object or a mapping."""
        children = node.children
        has_fields = node.kind in ("object", "mapping", "open") or (
            node.kind == "scalar" and (children or node is _ANY)
        )
        if not has_fields or depth >= _DEEPEST:
            return self.mark(UNREADABLE)
        complete = complete or node.mark.whole or node.kind == "scalar"
        copy: dict[str, Any] = {}
        for name, item in value.items():
            child = children.get(name, _ANY)
            if type(item) is bool and child.holds is bool:  # as most are
                copy[name] = item
            elif item is not None and name != "__provider":
                copy[name] = self.value(child, item, depth + 1, complete=complete)
        if complete:
            for name, child in children.items():
                needed = child.required and child.mark.default is None
                if needed and copy.get(name, "") == "":
                    return self.mark(UNREADABLE)
        return copy


def _takes(node: Node, type_: type) -> bool:
    scalar = node.kind == "scalar" and not node.children
    return scalar and (node.holds is None or node.holds is type_)


def marks(value: Any) -> Iterator[Opaque]:
    """Yield what stands in a value for what is not told."""
    if isinstance(value, Opaque):
        yield value
    inside = value.values() if isinstance(value, Mapping) else value
    for item in inside if isinstance(value, (Mapping, list)) else ():
        yield from marks(item)


def conceal(values: Any, other: Any) -> Any:
    """Return values without those that are secret in what they are compared with.

    A program may make a secret of what the state has held in clear so far.
    """
    if SECRET not in marks(other):
        return values
    if isinstance(values, Mapping) and isinstance(other, Mapping):
        return {name: conceal(each, other.get(name)) for name, each in values.items()}
    return None if values is None else SECRET


def are_known(values: Mapping[str, Any]) -> bool:
    """Tell whether nothing in inputs is unknown, secret or unreadable."""
    return values.are_known if isinstance(values, Inputs) else not has_opaque(values)


def differences(
    root: Node, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[Path, Node]]:
    """Yield the leaves that differ, less those that are secret before and after."""
    known = are_known(old) and are_known(new)
    for path, leaf in _differing(root, old, new, (), known=known):
        if not (value_at(old, path) is SECRET and value_at(new, path) is SECRET):
            yield path, leaf


def _differing(
    node: Node, old: Any, new: Any, at: Path, *, known: bool
) -> Iterator[tuple[Path, Node]]:
    """Do as `differing`, and pass over what is equal: nearly all of a large preview."""
    if old == new and (known or not has_opaque(old)):
        return
    if node.kind == "object" and not node.mark.whole:
        for name, child in node.children.items():
            was = old.get(name) if isinstance(old, dict) else value_at(old, (name,))
            will = new.get(name) if isinstance(new, dict) else value_at(new, (name,))
            if was is not None or will is not None:
                yield from _differing(child, was, will, (*at, name), known=known)
    else:
        for path, leaf in differing(node, old, new):
            yield (*at, *path), leaf
