"""Values that come from outside as Python or JSON has them, against annotations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

__all__ = ["check_types"]

_WORDS: Mapping[object, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    type(None): "nothing",
}


def check_types(
    values: Mapping[str, Any], annotated: Any, required: Iterable[str] = ()
) -> None:
    """Let *values* pass that have the types of *annotated*: a function or a class.

    Raises:
        TypeError: One has another type, is unknown, or is not there.
    """
    hints = get_type_hints(annotated)
    for name, value in values.items():
        if name not in hints or name == "return":
            known = ", ".join(sorted(set(hints) - {"return"})) or "none"
            raise TypeError(f"There is no field {name[:100]!r}; there are: {known}.")
        if not _fits(value, hints[name]):
            shown = repr(value)[:100]
            raise TypeError(f"{name} is {_words(hints[name])}, not {shown}.")
    for name in required:
        if name not in values:
            raise TypeError(f"The field {name!r} is missing.")


def _fits(value: Any, hint: Any) -> bool:
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in inside)
    if origin is Literal:
        return value in inside and isinstance(value, str)
    if origin is list:
        return isinstance(value, list) and all(_fits(each, inside[0]) for each in value)
    if hint is float:
        return type(value) in (int, float)
    return type(value) is hint


def _words(hint: Any) -> str:
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(_words(each) for each in inside)
    if origin is Literal:
        return " or ".join(map(repr, inside))
    if origin is list:
        return f"a list, each {_words(inside[0])}"
    return _WORDS[hint]
