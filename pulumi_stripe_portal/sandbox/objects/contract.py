"""What a request may contain, read from the installed `stripe` package.

Each operation names one of the package's param TypedDicts, such as
`billing_portal.ConfigurationCreateParams`; it becomes a tree of `Shape`s. Nothing
about a parameter's name, type, choices or presence is written down a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib import import_module
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from typing_extensions import NotRequired, Required, get_type_hints, is_typeddict

__all__ = ["Shape", "shape_of"]


@dataclass(frozen=True)
class Shape:
    """What one parameter accepts; `Literal['']|List[...]` has *clearable* and *item*.

    Attributes:
        scalar: The type of a single value: str, bool, int, float or Decimal.
        choices: The only values of a str, in Stripe's order; empty where it is free.
        clearable: Whether an empty string clears it.
        item: The shape of each element, where a list is accepted.
        values: The shape of each value, where a map such as metadata is accepted.
        fields: The parameters inside, where an object is accepted.
        required: Those of *fields* that must be sent.
    """

    scalar: type | None = None
    choices: tuple[str, ...] = ()
    clearable: bool = False
    item: Shape | None = None
    values: Shape | None = None
    fields: Mapping[str, Shape] | None = None
    required: frozenset[str] = field(default_factory=frozenset)


@cache
def shape_of(params: str) -> Shape:
    """Return the shape of `stripe.params.<params>`, without the SDK's own options.

    Takes some milliseconds the first time and imports `stripe`.
    """
    namespace, _, name = params.rpartition(".")
    module = import_module(".".join(filter(None, ["stripe.params", namespace])))
    return _object(getattr(module, name))


def _object(cls: Any) -> Shape:
    options = import_module("stripe._request_options")
    # One of the options has a type that exists for type checkers only.
    names = {**vars(options), "StripeContext": Any}
    hints = get_type_hints(cls, localns=names, include_extras=True)
    shared = options.RequestOptions.__annotations__
    return Shape(
        fields={n: _shape(hint) for n, hint in hints.items() if n not in shared},
        required=frozenset(cls.__required_keys__),
    )


def _shape(hint: Any) -> Shape:
    parts: dict[str, Any] = {}
    literals: list[str] = []
    for part in _alternatives(hint):
        origin = get_origin(part)
        if origin is Literal:
            literals += get_args(part)
        elif origin is list:
            parts["item"] = _shape(get_args(part)[0])
        elif origin is dict:
            parts["values"] = _map_value(_shape(get_args(part)[1]))
        elif is_typeddict(part):
            parts.update(_together(parts, _object(part)))
        elif part is str and literals:
            # Only says that Stripe may add choices: `int|Literal['now']|str`.
            parts.setdefault("scalar", str)
        elif part in (str, bool, int, float, Decimal):
            parts["scalar"] = part
        elif part is Any:
            # A file, which `http.parameters` puts a name in place of.
            parts["scalar"] = str
    choices = tuple(literal for literal in literals if literal)
    if choices:
        parts.setdefault("scalar", str)
    return Shape(choices=choices, clearable="" in literals, **parts)


def _together(parts: Mapping[str, Any], other: Shape) -> dict[str, Any]:
    """Return what an object may have that is of one type or of another.

    Required is what both require; a choice, as that of their `object`, is of either.
    """
    known: Mapping[str, Shape] | None = parts.get("fields")
    fields = dict(other.fields or {})
    if known is None:
        return {"fields": fields, "required": other.required}
    for name, shape in known.items():
        more = fields[name].choices if name in fields else ()
        fields[name] = replace(shape, choices=(*shape.choices, *more))
    return {"fields": fields, "required": parts["required"] & other.required}


def _map_value(value: Shape) -> Shape:
    """Let an empty text in a map delete its key, whatever the type says.

    An object can't be empty: `currency_options[eur]=` is refused [OURS: no answer of
    Stripe's to it is known].
    """
    clearable = value.clearable or value.scalar is not None
    return Shape(scalar=value.scalar, clearable=clearable, fields=value.fields)


def _alternatives(hint: Any) -> list[Any]:
    if get_origin(hint) in (NotRequired, Required):
        return _alternatives(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return [part for each in get_args(hint) for part in _alternatives(each)]
    return [hint]
