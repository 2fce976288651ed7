"""Every request that the installed `stripe` package can make, from its sources.

It is read anew here, by nothing that the sandbox reads it with.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from typing_extensions import NotRequired, Required, get_type_hints, is_typeddict

__all__ = ["Parameter", "Request", "parameters", "requests"]

_OPTIONS = import_module("stripe._request_options")
_KEYS = {"currency_options": "eur"}
_PLAIN: dict[Any, Any] = {
    str: "x",
    bool: True,
    int: 1,
    float: 1.5,
    Decimal: "1.5",
    Any: "x",
}


@dataclass(frozen=True)
class Request:
    """A request of the package.

    Attributes:
        method: `get`, `post` or `delete`.
        path: With its ids in braces, as `/v1/customers/{customer}`.
        params: The module and the name of the type of its parameters.
    """

    method: str
    path: str
    params: tuple[str, str] | None

    def __str__(self) -> str:
        """Return what a test is called by."""
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True)
class Parameter:
    """One parameter, as deep as it goes: `items[][price]`, and a value with it alone.

    Attributes:
        path: The names on the way to it, "[]" for an element of a list.
        value: What is sent for the first of them, with what else is required in it.
        scalar: The value at the end of the way.
    """

    path: tuple[str, ...]
    value: Any
    scalar: Any

    def __str__(self) -> str:
        """Return it as a form has it."""
        head, *rest = self.path
        return head + "".join(f"[{name}]" if name != "[]" else "[]" for name in rest)


@cache
def requests() -> tuple[Request, ...]:
    """Return every request, once each."""
    spec = find_spec("stripe")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    [folder] = spec.submodule_search_locations
    found = {
        each: None
        for source in sorted(Path(folder).rglob("_*_service.py"))
        for each in _in_module(ast.parse(source.read_text(encoding="utf-8")))
    }
    return tuple(found)


def _in_module(tree: ast.Module) -> Iterator[Request]:
    modules = {
        name.name: node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from _in_function(node, modules)


def _in_function(node: ast.FunctionDef, modules: dict[str, str]) -> Iterator[Request]:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    typed = {each.arg: each.annotation for each in arguments}
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr not in ("_request", "_request_stream"):
            continue
        method, path = call.args[:2]
        if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):
            path = path.func.value  # "…".format(…)
        assert isinstance(method, ast.Constant)
        assert isinstance(path, ast.Constant)
        names = [
            part.value
            for part in ast.walk(typed.get("params") or ast.Constant(None))
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        params = (modules[names[0]], names[0]) if names else None
        yield Request(str(method.value), str(path.value), params)


def parameters(request: Request, samples: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Return what *request* needs at least, and all of its `Parameter`s.

    *samples* are values for parameters by their last name; others get one of their
    type.
    """
    if request.params is None:
        return {}, []
    module, name = request.params
    params = getattr(import_module(module), name)
    found = [
        Parameter((name, *path), value, scalar)
        for name, hint in _fields(params).items()
        for path, value, scalar in _leaves(hint, name, samples)
    ]
    return _least(params, samples), found


@cache
def _fields(params: Any) -> dict[str, Any]:
    names = {**vars(_OPTIONS), "StripeContext": Any}
    hints = get_type_hints(params, localns=names, include_extras=True)
    shared = _OPTIONS.RequestOptions.__annotations__
    return {name: hint for name, hint in hints.items() if name not in shared}


def _least(params: Any, samples: dict[str, Any], but: str = "") -> dict[str, Any]:
    hints = _fields(params)
    return {
        name: next(value for _, value, _ in _leaves(hints[name], name, samples))
        for name in sorted(params.__required_keys__)
        if name in hints and name != but
    }


def _leaves(
    hint: Any, name: str, samples: dict[str, Any]
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Yield each way below a parameter, what to send for it, and what is at its end."""
    parts = list(_alternatives(hint))
    plain = [part for part in parts if part in _PLAIN or _is_choice(part)]
    if plain:
        value = _scalar(plain, name, samples)
        yield (), value, value
    for part in parts:
        origin = get_origin(part)
        if origin is list:
            for path, value, scalar in _leaves(get_args(part)[0], name, samples):
                yield ("[]", *path), [value], scalar
        elif origin is dict:
            key = _KEYS.get(name, "key")
            for path, value, scalar in _leaves(get_args(part)[1], name, samples):
                yield (key, *path), {key: value}, scalar
        elif is_typeddict(part):
            for inner, each in _fields(part).items():
                beside = _least(part, samples, but=inner)
                for path, value, scalar in _leaves(each, inner, samples):
                    yield (inner, *path), {**beside, inner: value}, scalar


def _alternatives(hint: Any) -> Iterator[Any]:
    if get_origin(hint) in (NotRequired, Required, Union, UnionType):
        for each in get_args(hint):
            yield from _alternatives(each)
    else:
        yield hint


def _is_choice(part: Any) -> bool:
    return get_origin(part) is Literal and any(get_args(part))


def _scalar(plain: list[Any], name: str, samples: dict[str, Any]) -> Any:
    literals = [part for part in plain if get_origin(part) is Literal]
    choices = [each for part in literals for each in get_args(part) if each]
    free = [_PLAIN[part] for part in plain if part in _PLAIN]
    if name in samples and (samples[name] in choices or not choices):
        return samples[name]
    return (choices or free)[0]
