"""The strings of a form against a `Shape`: typed values, or Stripe's complaint.

Second step of a request, after `forms`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.contract import Shape
from pulumi_stripe_portal.sandbox.objects.limits import Limit, at_most
from pulumi_stripe_portal.sandbox.objects.ranges import range_of

__all__ = ["coerce"]

_INDEX = re.compile(r"\[[0-9]+\]")
_POSITION = re.compile(r"[0-9]{1,9}")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
_OLDER = "payment_method_types"
_SHOWN = 200
_LENGTH = 5_000
"""
Characters of a text that has no rule of its own.

A text has up to 5,000 characters [OURS: most texts in Stripe's OpenAPI document have
this bound, a few have other ones].
"""


@dataclass(frozen=True)
class _Rules:
    """What holds besides types: further rules by path, at the time *now*."""

    limits: Mapping[str, Limit]
    now: int

    def check(self, path: str, value: Any) -> None:
        """Let the typed value of *path* pass.

        Raises:
            StripeError: A rule forbids it.
        """
        limit = self.limits.get(_INDEX.sub("[]", path))
        if limit:
            limit(path, value)
        elif isinstance(value, str) and "metadata[" not in path:
            _any_text(path, value)


_any_text = at_most(_LENGTH)


def coerce(
    given: Mapping[str, Any], shape: Shape, limits: Mapping[str, Limit], now: int
) -> dict[str, Any]:
    """*given* with the types of *shape*, at the time *now*.

    *limits* adds rules by path, list positions left out: `features[x]`, `y[][z]`. What
    an empty string clears becomes [] for a list and None for everything else.

    Raises:
        StripeError: The first parameter that Stripe would refuse.
    """
    return _fields(given, shape, "", _Rules(limits, now))


def _fields(
    given: Mapping[str, Any], shape: Shape, path: str, rules: _Rules
) -> dict[str, Any]:
    known = shape.fields or {}
    if _OLDER in given and _OLDER not in known and f"allowed_{_OLDER}" in known:
        raise _no_longer_supported(_join(path, _OLDER))
    unknown = [_join(path, name) for name in given if name not in known]
    if unknown:
        raise _unknown(unknown)
    typed = {
        name: _value(value, known[name], _join(path, name), rules)
        for name, value in given.items()
    }
    for name in known:
        if name in shape.required and name not in given:
            raise missing_param(_join(path, name))
    return typed


def _value(value: Any, shape: Shape, path: str, rules: _Rules) -> Any:
    if value == "":
        if not shape.clearable:
            raise _empty(path)
        return [] if shape.item else None
    typed = _convert(value, shape, path, rules)
    rules.check(path, typed)
    return typed


def _convert(value: Any, shape: Shape, path: str, rules: _Rules) -> Any:
    if not isinstance(value, dict):
        return _scalar(value, shape, path, rules.now)
    if shape.fields is not None:
        return _fields(value, shape, path, rules)
    if shape.values is not None:
        inner = shape.values
        return {
            key: _value(each, inner, _join(path, key), rules)
            for key, each in value.items()
        }
    if shape.item is not None:
        return _list(value, shape.item, path, rules)
    raise _invalid("string", value, path)


def _list(value: dict[str, Any], item: Shape, path: str, rules: _Rules) -> list[Any]:
    if not all(_POSITION.fullmatch(key) for key in value):
        raise _invalid("array", None, path)
    places = sorted(value, key=int)
    return [_value(value[key], item, f"{path}[{key}]", rules) for key in places]


def _scalar(value: str, shape: Shape, path: str, now: int) -> Any:
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
        if not _INTEGER.fullmatch(value):
            raise _invalid("integer", value, path, "parameter_invalid_integer")
        whole = int(value)
        range_of(path).check(path, whole, now)
        return whole
    if not _DECIMAL.fullmatch(value):
        raise _invalid("decimal", value, path)
    number = Decimal(value)
    if shape.scalar is float:
        range_of(path).check(path, float(number), now)
        return float(number)
    range_of(path).check(path, number, now)
    return f"{number:f}"


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _unknown(paths: list[str]) -> StripeError:
    plural = "s" if len(paths) > 1 else ""
    return StripeError(
        f"Received unknown parameter{plural}: {', '.join(map(_short, paths[:20]))}",
        Evidence.OBSERVED("is_default sent to /v1/billing_portal/configurations"),
        param=_short(paths[0]),
        code="parameter_unknown",
    )


def _no_longer_supported(path: str) -> StripeError:
    return StripeError(
        f"The parameter {path} is no longer supported; use allowed_{_OLDER}, or leave "
        "it out.",
        Evidence.DOCUMENTED(
            "https://docs.stripe.com/changelog/endive/2026-09-30/removes-the-payment-"
            "method-types-parameter-from-payment-intents-and-setup-intents; our words"
        ),
        param=path,
        code="payment_method_types_no_longer_supported",
    )


def _no_choice(path: str, choices: tuple[str, ...]) -> StripeError:
    # The real message about enabled_events starts with the first event, not with "*".
    *others, last = [choice for choice in choices if choice != "*"]
    listed = ", ".join(others) + (", or " if len(others) > 1 else " or ") + last
    return StripeError(
        f"Invalid {path}: must be one of {listed if others else last}",
        Evidence.OBSERVED("enabled_events of a webhook endpoint"),
        param=path,
    )


def _empty(path: str) -> StripeError:
    return StripeError(
        f"You passed an empty string for '{path}'. We assume empty values are an "
        f"attempt to unset a parameter; however '{path}' cannot be unset. You should "
        f"remove '{path}' from your request or supply a non-empty value.",
        Evidence.DOCUMENTED(
            "https://docs.stripe.com/error-codes#parameter-invalid-empty"
        ),
        param=path,
        code="parameter_invalid_empty",
    )


def _invalid(
    kind: str, value: object, path: str, code: str | None = None
) -> StripeError:
    return StripeError(
        f"Invalid {kind}" if value is None else f"Invalid {kind}: {_short(value)}",
        Evidence.REPORTED("public code"),
        param=path,
        code=code,
    )
