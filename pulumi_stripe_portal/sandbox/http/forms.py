"""Stripe's form encoding: `a[b][0][c]=1` to nested dicts.

First step of a request; `validation` then gives the strings their types. Lists stay
dicts with the keys "0", "1", ... here, because only the contract knows whether
`metadata[0]` is a list or a map with the key "0".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["nest", "pairs", "parse"]

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_SEGMENT = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST = 32
_MOST = 10_000


def parse(*encoded: str) -> dict[str, Any]:
    """Decode the nested parameters of form-encoded texts: a query and a body.

    `[]` takes the next free place of a list, or stays in the last one while that has
    no such key yet, as in `a[][b]=1&a[][c]=2`. The last of two equal keys wins.

    Raises:
        StripeError: One key is used both as a value and as an object, is nested too
            deeply, or there are too many.
    """
    return nest(pair for text in encoded for pair in pairs(text))


def nest(given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nest parameters by their keys, as `parse` does.

    Raises:
        StripeError: As `parse`.
    """
    tree: dict[str, Any] = {}
    for key, value in given:
        path = _segments(key)
        if len(path) > _DEEPEST:
            raise _too_much(f"parameters are nested deeper than {_DEEPEST} levels")
        _insert(tree, path, value, key)
    return tree


def pairs(text: str) -> list[tuple[str, str]]:
    """Return the keys and values of a form-encoded text.

    Raises:
        StripeError: There are too many.
    """
    if text.count("&") >= _MOST:
        raise _too_much(f"it has more than {_MOST} parameters")
    return parse_qsl(text, keep_blank_values=True)


def _segments(key: str) -> list[str]:
    match = _KEY.fullmatch(key)
    if match is None:
        return [key]
    return [match[1], *_SEGMENT.findall(match[2])]


def _insert(node: dict[str, Any], path: list[str], value: str, key: str) -> None:
    head, *rest = path
    if head == "":
        head = _slot(node, rest)
    if not rest:
        if isinstance(node.get(head), dict):
            raise _conflict(key)
        node[head] = value
        return
    child = node.setdefault(head, {})
    if not isinstance(child, dict):
        raise _conflict(key)
    _insert(child, rest, value, key)


def _slot(node: dict[str, Any], rest: list[str]) -> str:
    last = node.get(str(len(node) - 1))
    if rest and isinstance(last, dict) and rest[0] not in last:
        return str(len(node) - 1)
    return str(len(node))


def _too_much(what: str) -> StripeError:
    return StripeError(
        f"Invalid request: {what}.",
        Evidence.OURS("which bounds Stripe has is not known"),
    )


def _conflict(key: str) -> StripeError:
    return StripeError(
        f"Invalid request: {key[:200]} is both a value and an object.",
        Evidence.OURS("no answer of Stripe's to this is known"),
        param=key[:200],
    )
