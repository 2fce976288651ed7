"""The strings of a form against a `Shape`: typed values, or Stripe's complaint.

Second step of a request, after `forms`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pulumi_stripe_portal.sandbox.errors import Evidence, StripeError, missing_param
from pulumi_stripe_portal.sandbox.objects.contract import Shape
from pulumi_stripe_portal.sandbox.objects.limits import Limit

__all__ = ["coerce"]

_INDEX = re.compile(r"\[\d+\]")


def coerce(
    given: Mapping[str, Any], shape: Shape, limits: Mapping[str, Limit]
) -> dict[str, Any]:
    """*given* with the types of *shape*.

    *limits* adds rules by path, list positions left out: `features[x]`, `y[][z]`. What
    an empty string clears becomes [] for a list and None for everything else.

    Raises:
        StripeError: The first parameter that Stripe would refuse.
    """
    return _fields(given, shape, "", limits)


def _fields(
    given: Mapping[str, Any], shape: Shape, path: str, limits: Mapping[str, Limit]
) -> dict[str, Any]:
    known = shape.fields or {}
    unknown = [_join(path, name) for name in given if name not in known]
    if unknown:
        raise _unknown(unknown)
    typed = {
        name: _value(value, known[name], _join(path, name), limits)
        for name, value in given.items()
    }
    for name in known:
        if name in shape.required and name not in given:
            raise missing_param(_join(path, name))
    return typed


def _value(value: Any, shape: Shape, path: str, limits: Mapping[str, Limit]) -> Any:
    if value == "":
        if not shape.clearable:
            raise _empty(path)
        return [] if shape.item else None
    typed = _convert(value, shape, path, limits)
    limit = limits.get(_INDEX.sub("[]", path))
    if limit:
        limit(path, typed)
    return typed


def _convert(value: Any, shape: Shape, path: str, limits: Mapping[str, Limit]) -> Any:
    if not isinstance(value, dict):
        return _scalar(value, shape, path)
    if shape.fields is not None:
        return _fields(value, shape, path, limits)
    if shape.values is not None:
        inner = shape.values
        return {
            key: _value(each, inner, _join(path, key), limits)
            for key, each in value.items()
        }
    if shape.item is not None:
        return _list(value, shape.item, path, limits)
    raise _invalid("string", value, path)


def _list(
    value: dict[str, Any], item: Shape, path: str, limits: Mapping[str, Limit]
) -> list[Any]:
    if not all(key.isdigit() for key in value):
        raise _invalid("array", None, path)
    places = sorted(value, key=int)
    return [_value(value[key], item, f"{path}[{key}]", limits) for key in places]


def _scalar(value: str, shape: Shape, path: str) -> Any:
    if shape.scalar is None:
        raise _invalid("array" if shape.item else "object", None, path)
    if shape.choices and value not in shape.choices and shape.scalar is str:
        raise _no_choice(path, shape.choices)
    if value in shape.choices or shape.scalar is str:
        return value
    if shape.scalar is bool:
        if value not in ("true", "false"):
            raise _invalid("boolean", value, path)
        return value == "true"
    if shape.scalar is int:
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise _invalid("integer", value, path, "parameter_invalid_integer")
        return int(value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise _invalid("decimal", value, path)
    return float(number) if shape.scalar is float else str(number)


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _unknown(paths: list[str]) -> StripeError:
    plural = "s" if len(paths) > 1 else ""
    return StripeError(
        400,
        f"Received unknown parameter{plural}: {', '.join(paths)}",
        param=paths[0],
        code="parameter_unknown",
        evidence=Evidence.OBSERVED,
        source="is_default sent to /v1/billing_portal/configurations",
    )


def _no_choice(path: str, choices: tuple[str, ...]) -> StripeError:
    # The real message about enabled_events starts with the first event, not with "*".
    *others, last = [choice for choice in choices if choice != "*"]
    listed = ", ".join(others) + (", or " if len(others) > 1 else " or ") + last
    return StripeError(
        400,
        f"Invalid {path}: must be one of {listed if others else last}",
        param=path,
        evidence=Evidence.OBSERVED,
        source="enabled_events of a webhook endpoint",
    )


def _empty(path: str) -> StripeError:
    return StripeError(
        400,
        f"You passed an empty string for '{path}'. We assume empty values are an "
        f"attempt to unset a parameter; however '{path}' cannot be unset. You should "
        f"remove '{path}' from your request or supply a non-empty value.",
        param=path,
        code="parameter_invalid_empty",
        evidence=Evidence.DOCUMENTED,
        source="https://docs.stripe.com/error-codes#parameter-invalid-empty",
    )


def _invalid(
    kind: str, value: object, path: str, code: str | None = None
) -> StripeError:
    return StripeError(
        400,
        f"Invalid {kind}" if value is None else f"Invalid {kind}: {value}",
        param=path,
        code=code,
        evidence=Evidence.REPORTED,
        source="Stripe-wide",
    )
