"""Values of a declared tree: tidied, compared and put in a stable order. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi_stripe_portal.schema.extras import extra_leaves
from pulumi_stripe_portal.schema.field import Field, is_opaque
from pulumi_stripe_portal.schema.tree import Node

__all__ = [
    "Path",
    "canonical",
    "differing",
    "has_opaque",
    "identical",
    "order_like",
    "same",
    "tidy",
    "value_at",
    "with_earlier",
    "with_value",
]

Path = tuple[str, ...]


def tidy(node: Node, value: Any) -> Any:
    """Copy a value as Pulumi and Stripe would carry it.

    None in a dict means "not declared" and goes; `""` for a list is `[]`; whole
    floats are ints again (Pulumi carries every number as a float); tuples are lists.
    """
    if is_opaque(value):
        return value
    if isinstance(value, Mapping):
        return {
            key: tidy(node.children.get(key, _ANY), item)
            for key, item in value.items()
            if item is not None
        }
    if node.kind == "list" and value == "":
        return []
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [tidy(node.element or _ANY, item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


_ANY = Node("", "scalar", Field())


def canonical(node: Node, value: Any) -> Any:
    """Spell a value out: defaults filled in, set-like lists sorted.

    Two values are the same for Stripe if and only if their canonical forms are equal.
    """
    if type(value) in _PLAIN and value != "" and node.kind == "scalar":
        return value
    if is_opaque(value):
        return value
    if value is None or (value == "" and node.kind != "mapping"):
        value = node.mark.default
    if node.kind == "mapping":
        return {key: text for key, text in (value or {}).items() if text != ""}
    if isinstance(value, Mapping) and node.children:
        return {
            key: canonical(child, value.get(key))
            for key, child in node.children.items()
        }
    if node.kind == "list" and isinstance(value, Sequence):
        items = [canonical(node.element or _ANY, item) for item in value]
        is_sorted = len(items) < 2 or not node.mark.unordered
        return items if is_sorted else sorted(items, key=_sort_key)
    return value


def _sort_key(value: Any) -> str:
    if type(value) is str and value.isascii() and value.isidentifier():
        return f'"{value}"'  # as JSON has it
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(sort_keys=True, default=repr)


def same(node: Node, left: Any, right: Any) -> bool:
    """Tell whether two values mean the same; one that is not known yet never does.

    This decides what is drift: whether Stripe's value is another than the code's.
    """
    if left is None and right is None:
        return True
    left, right = canonical(node, left), canonical(node, right)
    return not has_opaque(left) and not has_opaque(right) and bool(left == right)


def identical(left: Any, right: Any) -> bool:
    """Tell whether two values are the same to the type of each part.

    Not as `==` has it, for which True is 1. What is not known yet is never the same.
    """
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(
            identical(value, right[key]) for key, value in left.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(identical, left, right))
    plain = isinstance(left, (str, bool, int, float, type(None)))
    return plain and type(left) is type(right) and bool(left == right)


def has_opaque(value: Any) -> bool:
    """Tell whether something in the value is not known yet."""
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, Mapping):
        value = list(value.values())
    elif not isinstance(value, list):
        return is_opaque(value)
    for item in value:
        if type(item) in _PLAIN:  # as nearly all are
            continue
        if has_opaque(item):
            return True
    return False


_PLAIN = (str, bool, int, float)


def value_at(value: Any, path: Path) -> Any:
    """Return what is at the path, None where nothing is, or the unknown on the way."""
    for name in path:
        if not isinstance(value, dict):  # nearly all are
            if is_opaque(value):
                return value
            if not isinstance(value, Mapping):
                return None
        value = value.get(name)
    return value


def differing(node: Node, old: Any, new: Any) -> Iterator[tuple[Path, Node]]:
    """Yield the leaves on which two trees of inputs differ.

    What is declared in neither, or declared with Stripe's default in one and not at
    all in the other, does not differ. A mapping yields one path for each key, and an
    open object one for each of its leaves. What a refresh calls drift are these.
    """
    for path, leaf in node.leaves():
        before, after = value_at(old, path), value_at(new, path)
        if leaf.kind == "open":
            yield from ((each, leaf) for each in _differing_extras(path, before, after))
            continue
        if same(leaf, before, after):
            continue
        if leaf.kind == "mapping" and not is_opaque(before) and not is_opaque(after):
            before, after = canonical(leaf, before), canonical(leaf, after)
            for key in sorted({*before, *after}):
                if before.get(key) != after.get(key) or is_opaque(after.get(key)):
                    yield (*path, key), leaf
        else:
            yield path, leaf


def with_earlier(
    node: Node, old: dict[str, Any], before: Any, new: Any
) -> dict[str, Any]:
    """Add to `old` what only `new` declares, where `before` has it otherwise."""
    filled = old
    for path, leaf in node.leaves() if before else ():
        was, now = value_at(before, path), value_at(new, path)
        keyed = leaf.kind in ("mapping", "open")
        fixed = leaf.mark.ours or leaf.mark.create_only or keyed
        if fixed or was is None or now is None or value_at(old, path) is not None:
            continue
        if not same(leaf, was, now):
            filled = with_value(filled, path, was)
    return filled


def with_value(values: Any, path: Path, value: Any) -> dict[str, Any]:
    """Return a copy with a value at a path."""
    inside = values if isinstance(values, Mapping) else {}
    first, *rest = path
    item = with_value(inside.get(first), tuple(rest), value) if rest else value
    return {**inside, first: item}


def _differing_extras(at: Path, old: Any, new: Any) -> Iterator[Path]:
    before, after = dict(extra_leaves(old)), dict(extra_leaves(new))
    for path in sorted({*before, *after}):
        given = after.get(path)
        # As texts: True and 1 are equal, but not for Stripe.
        if has_opaque(given) or _sort_key(before.get(path)) != _sort_key(given):
            yield (*at, *path)


def order_like(node: Node, reference: Any, value: Any) -> Any:
    """Give set-like lists the order of an earlier value; new elements come last.

    Pulumi shows lists by position: without this, a reordered list reads as a change
    of each of its elements.
    """
    if is_opaque(value) or is_opaque(reference):
        return value
    if isinstance(value, Mapping):
        inside = reference if isinstance(reference, Mapping) else {}
        return {
            key: order_like(node.children[key], inside.get(key), item)
            if key in node.children
            else item
            for key, item in value.items()
        }
    if node.kind != "list" or not isinstance(value, list):
        return value
    element = node.element or _ANY
    rest = list(value)
    ordered = []
    for earlier in reference if isinstance(reference, list) else []:
        match = next((item for item in rest if _alike(element, earlier, item)), None)
        if match is not None:
            rest.remove(match)
            ordered.append(order_like(element, earlier, match))
    if not node.mark.unordered:
        return value
    return ordered + [order_like(element, None, item) for item in rest]


def _alike(element: Node, earlier: Any, item: Any) -> bool:
    """Tell whether two elements are the same, or the same product changed."""
    if same(element, earlier, item):
        return True
    if not (isinstance(earlier, Mapping) and isinstance(item, Mapping)):
        return False
    product = earlier.get("product")
    return product is not None and product == item.get("product")
