"""Finds everything that is wrong with a resource's inputs, before anything is sent.

Types and keys are pydantic's work, rules that a type can't say are in `rules`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
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
from pulumi_stripe_portal.schema.field import is_opaque
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
    """Return every wrong type, missing or unknown key and unknown choice.

    `inputs` are tidied; values that are not known yet pass.
    """
    import pydantic

    root = schema_of(declaration)
    try:
        _adapter(declaration).validate_python(inputs)
    except pydantic.ValidationError as error:
        found = [_failure(root, inputs, dict(item)) for item in error.errors()]
    else:
        found = []
    unique = {failure.path: failure for failure in reversed(found) if failure}
    others = [
        *reversed(unique.values()),
        *_limits(root, inputs),
        *extra_failures(root, inputs),
    ]
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


@functools.cache
def _adapter(declaration: type) -> Any:
    import pydantic

    strict = pydantic.with_config(pydantic.ConfigDict(extra="forbid", strict=True))
    return pydantic.TypeAdapter(strict(declaration))


def _failure(root: Node, inputs: Any, error: dict[str, Any]) -> Failure | None:
    """Say one of pydantic's errors in the words of the declaration."""
    path, node, parent, value = _locate(root, inputs, error["loc"])
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, parent)
    if kind == "missing":
        return Failure(path, "is missing", "it is required here")
    if kind == "literal_error":
        if _may_be_newer(node, value):
            return None
        return Failure(
            path, "{value} is not allowed", one_of(node.choices, value), value
        )
    if node.children and node.kind == "scalar":
        if isinstance(value, Mapping):
            return None  # the branch of the object says what is wrong with it
        keys = ", ".join(node.children)
        return Failure(
            path,
            "{value} is of the wrong type",
            f"give an id (a text), or an object with {keys}",
            value,
        )
    if is_opaque(value):
        return Failure(
            path, "is an Output as a whole", "give a dict; its values can be Outputs"
        )
    wanted = _WANTED.get(kind, error["msg"])
    return Failure(path, "{value} is of the wrong type", wanted, value)


def _locate(root: Node, inputs: Any, loc: Iterable[Any]) -> tuple[str, Node, Node, Any]:
    """Follow pydantic's location, which also names branches of unions."""
    path, node, parent, value = "", root, root, inputs
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
            value = value[part] if isinstance(value, (list, tuple)) else None
            parent, node = node, node.element or node
        elif node.kind == "mapping" and isinstance(value, Mapping) and part in value:
            path, value = f"{path}.{part}", value[part]
        elif part in node.children or (isinstance(value, Mapping) and part in value):
            path = f"{path}.{part}".lstrip(".")
            parent, node = node, node.children.get(part, node)
            value = value.get(part) if isinstance(value, Mapping) else None
    return path, node, parent, value


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


_WANTED = {
    "bool_type": "use True or False",
    "string_type": "give a text",
    "int_type": "give a whole number",
    "int_from_float": "give a whole number",
    "dict_type": "give an object",
    "mapping_type": "give an object of texts",
    "list_type": "give a list",
    "is_instance_of": "give a list",
    "sequence_str": "give a list",
}


def _limits(node: Node, value: Any, path: str = "") -> Iterable[Failure]:
    """Yield what breaks a limit of its field: length, web address, kind of id."""
    if is_opaque(value) or value is None:
        return
    limit = node.mark.max_length
    if limit is not None and isinstance(value, str) and len(value) > limit:
        yield Failure(
            path,
            f"{{value}} has {len(value)} characters",
            f"shorten it to at most {limit}",
            value,
        )
    if limit is not None and isinstance(value, list) and len(value) > limit:
        yield Failure(path, f"has {len(value)} elements", f"keep at most {limit}")
    if node.mark.filled and value == "":
        yield Failure(path, "is empty", "give it, or leave it out")
    problem = _url_problem(value) if node.mark.url and isinstance(value, str) else None
    if problem:
        yield Failure(path, *problem, value)
    if isinstance(value, str) and not _is_id(node.mark.prefix, value):
        yield Failure(
            path,
            "{value} is no id of such an object",
            f"give one that begins with {node.mark.prefix}",
            value,
        )
    if isinstance(value, Mapping):
        for key, child in node.children.items():
            yield from _limits(child, value.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and node.element:
        for index, item in enumerate(value):
            yield from _limits(node.element, item, f"{path}[{index}]")


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
