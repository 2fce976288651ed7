"""Whether values that the engine hands over have the form that they are declared with.

What programs give is told in full by `validate`. A state holds what has passed that,
perhaps of an earlier version, and what anybody has edited in it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.tree import Node

__all__ = ["find_misshapen"]


def find_misshapen(node: Node, value: Any, at: str = "") -> str | None:
    """Return the first place where a value can't be what stands there, None if none is.

    Args:
        node: What is declared there. What no declaration names counts for nothing.
        value: As Pulumi carries it, all numbers as floats; nothing, "" that clears
            what is there, or what is not known yet, is fine.
        at: The place of the value itself, as a dotted path.
    """
    if is_opaque(value):  # an object is one with values that may be
        return at if node.kind == "object" else None
    if value is None or value == "":
        return None
    if isinstance(value, Mapping):
        if node.kind == "open":
            return None
        if node.kind == "mapping":
            return next(
                (f"{at}.{key}" for key, each in value.items() if not _is_text(each)),
                None,
            )
        if not node.children or node.kind == "list":
            return at
        return _find_in_fields(node, value, at)
    if isinstance(value, list):
        if node.kind != "list":
            return at
        for index, each in enumerate(value):
            inside = f"{at}[{index}]"
            found = find_misshapen(node.element or node, each, inside)
            if each in (None, "") or found is not None:
                return found or inside
        return None
    # An id may stand for an object.
    holds = str if node.children else node.holds
    whole = holds is int and isinstance(value, float) and value.is_integer()
    fits = holds is None or type(value) is holds or whole
    return None if node.kind == "scalar" and fits else at


def _find_in_fields(node: Node, value: Mapping[str, Any], at: str) -> str | None:
    is_whole = bool(at) and (node.kind == "scalar" or at.endswith("]"))
    for name, child in node.children.items():
        path = f"{at}.{name}".lstrip(".")
        held = value.get(name)
        if held is None and is_whole and child.required:
            return path
        found = find_misshapen(child, held, path)
        if found is not None:
            return found
    return None


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str) or is_opaque(value)
