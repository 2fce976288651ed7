"""Finds everything that is wrong with a resource's inputs, before anything is sent.

What a type can't say is in `rules`. `tests/test_against_pydantic.py` holds what is
found here to what pydantic finds by the same declarations, whose import alone takes
longer than all else that is done for an unchanged resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pulumi_stripe_portal.schema.extras import extra_failures
from pulumi_stripe_portal.schema.failures import (
    NO_API_SETS_IT,
    Failure,
    Secret,
    literals,
    meant_choice,
    one_of,
    shown_value,
)
from pulumi_stripe_portal.schema.field import Field, is_opaque
from pulumi_stripe_portal.schema.plain import text_failures
from pulumi_stripe_portal.schema.tree import Node, schema_of
from pulumi_stripe_portal.schema.visible import split_address

__all__ = [
    "Failure",
    "Secret",
    "check_types",
    "literals",
    "newer_choices",
    "one_of",
    "shown_value",
]


def check_types(declaration: type, inputs: Mapping[str, Any]) -> list[Failure]:
    """Return every wrong type, missing or unknown key, unknown choice, broken limit.

    `inputs` are tidied; values that are not known yet pass.
    """
    root = schema_of(declaration)
    others = [*_misfits(root, inputs, ""), *extra_failures(root, inputs)]
    texts = list(text_failures(inputs))
    said = {failure.path for failure in texts}
    return [*texts, *(each for each in others if each.path not in said)]


def newer_choices(node: Node, value: Any) -> Iterable[str]:
    """Yield the choices that this package doesn't know, but Stripe may."""
    if isinstance(value, Mapping):
        for name, child in node.children.items():
            yield from newer_choices(child, value.get(name))
    elif isinstance(value, list) and node.element:
        for item in value:
            yield from newer_choices(node.element, item)
    elif node.mark.form and isinstance(value, str) and value not in node.choices:
        yield value


def _misfits(node: Node, value: Any, path: str) -> Iterator[Failure]:
    """Yield what can't stand at a place, in the declaration's order."""
    if is_opaque(value):
        if node.kind in ("object", "mapping", "open"):
            yield Failure(
                path,
                "is an Output as a whole",
                "give a dict; its values can be Outputs",
            )
    elif node.kind == "list" and isinstance(value, list):
        limit = node.mark.max_length
        if limit is not None and len(value) > limit:
            yield Failure(path, f"has {len(value)} elements", f"keep at most {limit}")
        for index, item in enumerate(value):
            yield from _misfits(node.element or node, item, f"{path}[{index}]")
    elif node.kind == "mapping" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _misfits(_TEXT, item, f"{path}.{key}")
    elif node.kind == "open" and isinstance(value, Mapping):
        return
    elif node.kind != "list" and node.children and isinstance(value, Mapping):
        yield from _misfits_in_fields(node, value, path)
    elif node.kind == "scalar" and node.choices:
        if value not in node.choices and not _may_be_newer(node, value):
            remedy = one_of(node.choices, value)
            yield Failure(path, "{value} is not allowed", remedy, value)
    elif node.kind == "scalar" and _is_a(node.holds or str, value):
        yield from _broken_limits(node.mark, value, path)
    elif node.kind == "scalar" and node.children:
        keys = ", ".join(node.children)
        yield Failure(
            path,
            "{value} is of the wrong type",
            f"give an id (a text), or an object with {keys}",
            value,
        )
    else:
        wanted = _WANTED[(node.holds or str) if node.kind == "scalar" else node.kind]
        yield Failure(path, "{value} is of the wrong type", wanted, value)


def _misfits_in_fields(
    node: Node, value: Mapping[str, Any], path: str
) -> Iterator[Failure]:
    for name, child in node.children.items():
        at = f"{path}.{name}".lstrip(".")
        if name in value:
            yield from _misfits(child, value[name], at)
        elif child.required:
            yield Failure(at, "is missing", "it is required here")
    for key in value:
        if key not in node.children:
            yield _unknown_key(f"{path}.{key}".lstrip("."), node)


_TEXT = Node("", "scalar", Field(), holds=str)


def _is_a(type_: type, value: Any) -> bool:
    """Tell whether a value is of a type; to Python, a boolean is a number too."""
    return isinstance(value, type_) and (type_ is bool or not isinstance(value, bool))


_WANTED: Mapping[Any, str] = {
    bool: "use True or False",
    int: "give a whole number",
    str: "give a text",
    "list": "give a list",
    "mapping": "give an object of texts",
    "object": "give an object",
    "open": "give an object",
}


def _may_be_newer(node: Node, value: Any) -> bool:
    """Tell a choice of Stripe's form from one that is misspelt."""
    return bool(
        node.mark.form
        and isinstance(value, str)
        and re.fullmatch(node.mark.form, value)
        and meant_choice(value, node.choices) is None
    )


_NOT_INPUTS = {
    "is_default": NO_API_SETS_IT,
}
"""What Stripe's objects have and its requests have not."""


def _unknown_key(path: str, parent: Node) -> Failure:
    key = path.rpartition(".")[2]
    if key in _NOT_INPUTS:
        return Failure(path, "can't be set", _NOT_INPUTS[key])
    remedy = one_of(tuple(parent.children), key) if parent.children else "remove it"
    return Failure(path, "there is no such key", remedy)


def _broken_limits(mark: Field, value: Any, path: str) -> Iterator[Failure]:
    """Yield what a scalar breaks: length, web address, kind of id."""
    if not isinstance(value, str):
        return
    limit = mark.max_length
    if limit is not None and len(value) > limit:
        yield Failure(
            path,
            f"{{value}} has {len(value)} characters",
            f"shorten it to at most {limit}",
            value,
        )
    if mark.filled and value == "":
        yield Failure(path, "is empty", "give it, or leave it out")
    problem = _url_problem(value) if mark.url else None
    if problem:
        yield Failure(path, *problem, value)
    if not _is_id(mark.prefix, value):
        yield Failure(
            path,
            "{value} is no id of such an object",
            f"give one that begins with {mark.prefix}",
            value,
        )


_FULL = "write the full address, e.g. 'https://example.com/account'"


def _url_problem(value: str) -> tuple[str, str] | None:
    """Return what is wrong with a web address, and what to do."""
    if not value:
        return None
    if "://" not in value:
        return "{value} has no scheme (such as https)", _FULL
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        return "{value} has a space or line end in it", "remove it, or write %20"
    parts = split_address(value)
    if parts is None:
        return "{value} is no web address", _FULL
    if parts.scheme.lower() not in ("http", "https"):
        return "{value} is no address of the web", "use https"
    return None if parts.hostname else ("{value} names no host", _FULL)


def _is_id(prefix: str, value: str) -> bool:
    return not (prefix and value) or bool(re.fullmatch(rf"{prefix}\w+", value, re.A))
