"""Parameters and choices that are newer than the installed `stripe` package.

Stripe may have them already; here they are accepted where a test says so. A parameter
is stored and shown as it was sent, and changes nothing else.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.contract import Shape

__all__ = ["AcceptedParams"]

_PARAM = re.compile(r"[^\[\]]+(\[[^\[\]]+\])*")

_NOTHING: Any = object()


class AcceptedParams:
    """What was accepted so far, by the path of its collection."""

    def __init__(self) -> None:
        """Begin with nothing accepted."""
        self._params: dict[str, list[list[str]]] = {}

    def add(self, path: str, param: str) -> None:
        """Accept *param* at *path*.

        Raises:
            ValueError: One of them is not written as Stripe writes it.
        """
        if not path.startswith("/v1/"):
            raise ValueError(f"{path!r} is no path such as '/v1/webhook_endpoints'.")
        if not _PARAM.fullmatch(param):
            raise ValueError(f"{param!r} is no parameter such as 'features[new][on]'.")
        self._params.setdefault(path, []).append(re.findall(r"[^\[\]]+", param))

    def clear(self) -> None:
        """Accept nothing but what the `stripe` package knows."""
        self._params.clear()

    def take(self, path: str, params: Json, shape: Shape) -> tuple[Json, Shape]:
        """Take what the *shape* of a request doesn't know out of its *params*.

        Returns:
            What was taken, with types guessed from its texts, and the shape without
            the choices of those parameters that it knows.
        """
        taken: Json = {}
        for collection, accepted in self._params.items():
            if path != collection and path.rpartition("/")[0] != collection:
                continue
            for names in accepted:
                if _knows(shape, names):
                    shape = _free(shape, names)
                    continue
                value = _pop(params, names, shape)
                if value is not _NOTHING:
                    _put(taken, names, _guess(value))
        return taken, shape


def _knows(shape: Shape, names: list[str]) -> bool:
    inside: Shape | None = shape
    for name in names:
        inside = (inside.fields or {}).get(name) if inside else None
    return inside is not None


def _free(shape: Shape, names: list[str]) -> Shape:
    if not names:
        item = replace(shape.item, choices=()) if shape.item else None
        return replace(shape, choices=(), item=item)
    head, *rest = names
    fields = dict(shape.fields or {})
    return replace(shape, fields={**fields, head: _free(fields[head], rest)})


def _pop(params: Json, names: list[str], shape: Shape | None) -> Any:
    """Remove a parameter, and unknown objects that held nothing else."""
    head, *rest = names
    if not rest:
        return params.pop(head, _NOTHING)
    inside = params.get(head)
    if not isinstance(inside, dict):
        return _NOTHING
    known = (shape.fields or {}).get(head) if shape else None
    value = _pop(inside, rest, known)
    if value is not _NOTHING and not inside and known is None:
        del params[head]
    return value


def _put(taken: Json, names: list[str], value: Any) -> None:
    *parents, last = names
    for name in parents:
        taken = taken.setdefault(name, {})
    taken[last] = value


def _guess(value: Any) -> Any:
    """Guess what a text stands for: true, a whole number, null, or itself."""
    if isinstance(value, dict):
        if value and all(re.fullmatch("[0-9]{1,9}", key) for key in value):
            return [_guess(value[key]) for key in sorted(value, key=int)]
        return {key: _guess(inside) for key, inside in value.items()}
    if value in ("true", "false"):
        return value == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,15})", value):
        return int(value)
    return value or None
