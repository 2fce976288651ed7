"""Values as Pulumi's JSON carries them: unknown, secret, or not what they should be.

Pure. `read` is where a preview's or a state's values come in: what it returns has the
types that the inputs declare, so that nothing after it has to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pulumi_stripe_portal.engine import wire
from pulumi_stripe_portal.schema.field import Field, Untold
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, differing, has_opaque, value_at

__all__ = [
    "SECRET",
    "UNKNOWN",
    "UNREADABLE",
    "Opaque",
    "Values",
    "conceal",
    "differences",
    "marks",
    "read",
    "reveal",
]

Values: TypeAlias = "Mapping[str, Any]"
"""Inputs or outputs of a resource, a state, an object of Stripe's."""


class Opaque(Untold):
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
    return _read(node, value, UNREADABLE if in_state else UNKNOWN)


def _read(
    node: Node, value: Any, unknown: Opaque, depth: int = 0, *, complete: bool = False
) -> Any:
    """Read anything; with `complete`, an object needs its required fields."""
    kind = type(value)
    if kind is str:
        if value in (wire.UNKNOWN, "[secret]"):
            return SECRET if value == "[secret]" else unknown
        if value == "" and not (complete and node.children):
            return [] if node.kind == "list" else value
        fits = node.kind == "scalar" and (node.holds or str) is str
        return value if fits else UNREADABLE
    if kind is dict:
        if wire.SIGNATURE in value:
            return SECRET
        return _fields(node, value, unknown, depth, complete=complete)
    if kind is list:
        if depth >= _DEEPEST or (node.kind != "list" and node is not _ANY):
            return UNREADABLE
        return [
            UNREADABLE
            if item in (None, "")
            else _read(node.element or _ANY, item, unknown, depth + 1, complete=True)
            for item in value
        ]
    if kind is float and value.is_integer():
        value = int(value)
    if value is None or (kind is bool and _takes(node, bool)):
        return value
    is_number = kind is not bool and -_LARGEST <= value <= _LARGEST
    return value if is_number and _takes(node, type(value)) else UNREADABLE


def _fields(
    node: Node, value: Values, unknown: Opaque, depth: int, *, complete: bool
) -> Any:
    """Read an object or a mapping."""
    children = node.children
    has_fields = node.kind in ("object", "mapping", "open") or (
        node.kind == "scalar" and (children or node is _ANY)
    )
    if not has_fields or depth >= _DEEPEST:
        return UNREADABLE
    complete = complete or node.mark.whole or node.kind == "scalar"
    copy: dict[str, Any] = {}
    for name, item in value.items():
        child = children.get(name, _ANY)
        if type(item) is bool and child.holds is bool:  # as most are
            copy[name] = item
        elif item is not None and name != "__provider":
            copy[name] = _read(child, item, unknown, depth + 1, complete=complete)
    if complete:
        for name, child in children.items():
            needed = child.required and child.mark.default is None
            if needed and copy.get(name, "") == "":
                return UNREADABLE
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


def differences(
    root: Node, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[Path, Node]]:
    """Yield the leaves that differ, less those that are secret before and after."""
    for path, leaf in _differing(root, old, new, ()):
        if not (value_at(old, path) is SECRET and value_at(new, path) is SECRET):
            yield path, leaf


def _differing(node: Node, old: Any, new: Any, at: Path) -> Iterator[tuple[Path, Node]]:
    """Do as `differing`, and pass over what is equal: nearly all of a large preview."""
    if old == new and not has_opaque(old):
        return
    if node.kind == "object" and not node.mark.whole:
        for name, child in node.children.items():
            was, will = value_at(old, (name,)), value_at(new, (name,))
            if was is not None or will is not None:
                yield from _differing(child, was, will, (*at, name))
    else:
        for path, leaf in differing(node, old, new):
            yield (*at, *path), leaf
