"""Reads the declarations of `inputs` into a tree of fields.

Knows neither Pulumi nor Stripe: only types, `Field` marks and which keys are required.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typing_extensions

from pulumi_stripe_portal.schema.field import Field

__all__ = ["Node", "schema_of", "unwrap"]


@dataclass(frozen=True)
class Node:
    """One field: its mark, and what is inside it."""

    name: str
    kind: Literal["object", "list", "mapping", "open", "scalar"]
    """`open` holds keys that no declaration names, nested to any depth."""
    mark: Field
    required: bool = True
    choices: tuple[str, ...] = ()
    children: MappingType[str, Node] = field(default_factory=dict)
    """The fields of an object; for a list of objects, those of an element."""
    element: Node | None = None
    """What a list holds."""
    holds: type | None = None
    """The type of a scalar's values: `str`, `bool` or `int`; None where several are
    allowed."""

    @functools.cached_property
    def by_path(self) -> MappingType[str, tuple[tuple[str, ...], Node]]:
        """The leaves and their paths, by dotted path."""
        return {".".join(path): (path, leaf) for path, leaf in self.leaves()}

    def leaves(
        self, at: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[str, ...], Node]]:
        """Yield the fields that are compared and sent as one value, with their path."""
        if self.kind == "object" and not self.mark.whole:
            for name, child in self.children.items():
                yield from child.leaves((*at, name))
        else:
            yield at, self


@functools.cache
def schema_of(declaration: type) -> Node:
    """Return the tree of a TypedDict of `inputs`."""
    return _node("", declaration, required=True)


def _node(name: str, annotation: Any, *, required: bool) -> Node:
    bare, mark = unwrap(annotation)
    if typing_extensions.is_typeddict(bare):
        return _object(name, bare, mark or Field(), required=required)
    origin = get_origin(bare)
    if origin is Literal:
        return Node(
            name, "scalar", mark or Field(), required, get_args(bare), holds=str
        )
    if origin is Union or type(bare).__name__ == "UnionType":
        # A price is an id or an object: as a value it is one thing.
        inside = [arm for arm in get_args(bare) if typing_extensions.is_typeddict(arm)]
        return Node(
            name,
            "scalar",
            mark
            or next(filter(None, (unwrap(arm)[1] for arm in get_args(bare))), Field()),
            required,
            children=_node(name, inside[0], required=True).children if inside else {},
            holds=_common_type(get_args(bare)),
        )
    if isinstance(origin, type) and issubclass(origin, MappingType):
        kind: Any = "open" if get_args(bare)[1] is Any else "mapping"
        return Node(name, kind, mark or Field(), required)
    if origin is not None:
        element = _node(name, get_args(bare)[0], required=True)
        return Node(
            name,
            "list",
            mark or Field(default=[]),
            required,
            element.choices,
            element.children,
            element,
        )
    return Node(name, "scalar", mark or Field(), required, holds=_common_type([bare]))


def _common_type(annotations: Iterable[Any]) -> type | None:
    found = set()
    for annotation in annotations:
        bare, _ = unwrap(annotation)
        found.add(str if get_origin(bare) is Literal else bare)
    only = found.pop() if len(found) == 1 else None
    return only if only in (str, bool, int) else None


def _object(name: str, declaration: Any, mark: Field, *, required: bool) -> Node:
    hints = typing_extensions.get_type_hints(declaration, include_extras=True)
    children = {
        key: _node(key, hint, required=key in declaration.__required_keys__)
        for key, hint in hints.items()
    }
    return Node(name, "object", mark, required, children=children)


def unwrap(annotation: Any) -> tuple[Any, Field | None]:
    """Split a type from its mark; the outermost mark counts.

    Args:
        annotation: A type of `inputs`, as `get_type_hints` returns it with extras.
    """
    mark = None
    while True:
        origin = get_origin(annotation)
        if origin in (typing_extensions.NotRequired, typing_extensions.Required):
            annotation = get_args(annotation)[0]
        elif origin is Annotated:
            annotation, *extras = get_args(annotation)
            found = [extra for extra in extras if isinstance(extra, Field)]
            mark = mark or (found[-1] if found else None)
        else:
            return annotation, mark
