"""Finds everything that is wrong with a resource's inputs, before anything is sent.

Types and keys are pydantic's work, rules that a type can't say are in `_rules`.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ._marks import is_opaque
from ._schema import Node, schema_of

__all__ = [
    "HIDDEN",
    "Failure",
    "Secret",
    "check_types",
    "literals",
    "one_of",
    "shown_value",
]

HIDDEN = "[hidden]"
_NO_VALUE: Any = object()


class Secret:
    """Stands for a value that is never shown."""

    def __repr__(self) -> str:
        """Return what is shown instead."""
        return HIDDEN


@dataclass(frozen=True)
class Failure:
    """One thing that is wrong: where, what, and what to do."""

    path: str
    problem: str
    """What is wrong; `{value}` stands where the value is shown."""
    remedy: str
    value: Any = _NO_VALUE

    def text(
        self, shown: Callable[[str, Any], bool] = lambda _path, _value: True
    ) -> str:
        """Return the failure as one line.

        A value of which `shown(path, value)` is false appears as `[hidden]`.
        """
        value = self._shown(shown)
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.problem.replace('{value}', value)}; {self.remedy}"

    def _shown(self, shown: Callable[[str, Any], bool]) -> str:
        if self.value is _NO_VALUE:
            return ""
        if not isinstance(self.value, (bool, int, float)) and not shown(
            self.path, self.value
        ):
            return HIDDEN
        if isinstance(self.value, Mapping):
            return "an object"
        if isinstance(self.value, (list, tuple)):
            return "a list"
        text = shown_value(self.path, self.value)
        return text if len(text) <= 120 else f"{text[:117]}…'"


def literals(outputs: Iterable[str]) -> Callable[[str, Any], bool]:
    """Return what tells whether a path's value was written plainly in the program.

    `outputs` are the paths of those that came as an Output, which may be secret.
    """
    places = tuple(outputs)

    def shown(path: str, _value: Any = None) -> bool:
        return not any(_within(path, at) or _within(at, path) for at in places)

    return shown


def _within(path: str, outer: str) -> bool:
    return path.startswith(outer) and path[len(outer) : len(outer) + 1] in (
        "",
        ".",
        "[",
    )


def shown_value(path: str, value: Any) -> str:
    """Return a value as messages show it: a URL's query may be secret."""
    if value is None or value == "":
        return "not set"
    text = repr(value)
    return re.sub(r"\?.*", f"?{HIDDEN}'", text) if path.endswith("url") else text


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
    return [*reversed(unique.values()), *_limits(root, inputs)]


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
        return Failure(
            path, "{value} is not allowed", one_of(node.choices, value), value
        )
    if node.children and node.kind == "scalar":
        if isinstance(value, Mapping):
            return None  # the branch of the object says what is wrong with it
        return Failure(
            path,
            "{value} is of the wrong type",
            f"give an id, or an object with {', '.join(node.children)}",
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


def _unknown_key(path: str, parent: Node) -> Failure:
    key = path.rpartition(".")[2]
    remedy = one_of(tuple(parent.children), key) if parent.children else "remove it"
    return Failure(path, "there is no such key", remedy)


def one_of(choices: tuple[str, ...], value: Any) -> str:
    """Name the choices, the nearest one first."""
    near = difflib.get_close_matches(str(value), choices, n=1, cutoff=0.6)
    if len(choices) > _MANY:
        meant = f"did you mean {near[0]!r}? There are" if near else "use one of the"
        return f"{meant} {len(choices)} choices of its type"
    *most, last = [repr(choice) for choice in choices]
    wanted = f"use {', '.join(most)} or {last}" if most else f"use {last}"
    return f"{wanted} (did you mean {near[0]!r}?)" if near and most else wanted


_MANY = 12


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
    if node.mark.url and isinstance(value, str) and value and not _is_url(value):
        yield Failure(
            path,
            "{value} has no scheme (such as https)",
            "write the full address, e.g. 'https://example.com/account'",
            value,
        )
    if isinstance(value, str) and value and not value.startswith(node.mark.prefix):
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


def _is_url(value: str) -> bool:
    scheme, separator, rest = value.partition("://")
    return scheme.lower() in ("http", "https") and bool(separator and rest)
