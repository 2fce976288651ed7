"""What an answer of Stripe's looks like; checked once, where it comes in.

A gateway, a proxy or a captive portal answers as well, with any status and any text.
Only what has Stripe's form is believed, so that no later look-up can fail.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pulumi_stripe_portal.schema.resources import (
    CONFIGURATIONS,
    RESOURCE_TYPES,
    WEBHOOK_ENDPOINTS,
)
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import value_at

__all__ = [
    "NotStripe",
    "check_answer",
    "check_deleted",
    "check_object",
    "check_page",
]

Values = Mapping[str, Any]

_DEEPEST = 64  # Stripe's own objects nest about ten levels deep

_DIGITS = 19  # of a number of 64 bits

_SCALAR = (None, str, bool, int, float)
_METADATA = (None, {"*": str})

# What this package reads of an object besides its id: fields that must be there, with
# their types. None stands for null, which a field that is missing counts as too.
_FIELDS: Mapping[str, Mapping[str, Any]] = {
    CONFIGURATIONS.object: {
        "active": bool,
        "created": int,
        "is_default": bool,
        "login_page": (None, {"url": (None, str)}),
        "metadata": _METADATA,
        "updated": int,
    },
    WEBHOOK_ENDPOINTS.object: {
        "created": int,
        "enabled_events": [str],
        "metadata": _METADATA,
        "secret": (None, str),
        "status": str,
        "url": str,
    },
    "billing_portal.session": {"url": str},
    "price": {
        "active": bool,
        "lookup_key": (None, str),
        "product": (str, {"id": str, "active": bool}),
        "recurring": (None, {"interval": str, "interval_count": int}),
    },
    "product": {"active": bool},
    "subscription": {"customer": (str, {"id": str})},
}
_DECLARED = {each.kind.object: each for each in RESOURCE_TYPES}
# Stripe always tells these two, filled with what it has.
_ALWAYS = ("features", "subscription_update")
_WITHOUT_MODE = ("account",)  # the key's own mode is all that it has


class NotStripe(Exception):
    """Something else than Stripe has answered; the message says what, in few words."""

    def __init__(self, words: str, headers: Mapping[str, str] | None = None) -> None:
        """Take what answered, in words, and its headers."""
        super().__init__(words)
        self.headers = headers or {}


def check_answer(status: int, headers: Mapping[str, str], content: bytes) -> str:
    """Return the text of an answer of Stripe's: an object, or an error object.

    Raises:
        NotStripe: It is none.
    """
    if 300 <= status < 400:
        where = _host(headers.get("Location"))
        raise NotStripe(
            f"something between here and Stripe answered with a redirect "
            f"({status}{where}), and Stripe has none",
            headers,
        )
    try:
        text = content.decode()
        found = json.loads(text, parse_int=_integer, parse_constant=_refuse)
        if _SURROGATE in text.lower():
            json.dumps(found, ensure_ascii=False).encode()
        deep = _is_deeper(found, _DEEPEST)
    except (ValueError, RecursionError):
        raise NotStripe(f"status {status} with no JSON", headers) from None
    if not isinstance(found, dict) or deep:
        raise NotStripe(f"status {status} with JSON that is no object", headers)
    if not 200 <= status < 300:
        error = found.get("error")
        if not isinstance(error, dict) or not _fits(_ERROR, error, []):
            raise NotStripe(f"status {status} without Stripe's error object", headers)
    return text


_SURROGATE = "\\ud"


def _integer(digits: str) -> int:
    """Read a number that Pulumi can carry."""
    if len(digits) > _DIGITS:
        raise ValueError("too large")
    return int(digits)


def _refuse(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity, which are no JSON


_ERROR = {"type": str, **dict.fromkeys(("message", "code", "param"), (None, str))}


def _host(location: str | None) -> str:
    """Return where a redirect leads, less what may be secret in it."""
    try:
        host = urlsplit(location or "").hostname
    except ValueError:
        return ""
    return f", to {host}" if host else ""


def _is_deeper(found: Any, depth: int) -> bool:
    if isinstance(found, dict):
        found = list(found.values())
    if not isinstance(found, list):
        return False
    return depth == 0 or any(_is_deeper(each, depth - 1) for each in found)


def check_object(found: Any, kind: str | None = None, id_: str | None = None) -> None:
    """Raise `NotStripe` unless it is an object of this kind, with this id.

    Where they are None, any is.
    """
    if not isinstance(found, dict):
        raise NotStripe("a list in place of an object")
    at: list[str] = []
    name = found.get("object")
    shape: dict[str, Any] = {"id": str, "object": str}
    if name not in _WITHOUT_MODE:
        shape = {**shape, "livemode": bool}
    if not _fits(shape, found, at):
        raise NotStripe(f"an object whose `{_path(at)}` is missing or of another type")
    if kind not in (None, name):
        raise NotStripe(f"an object of kind {str(name)[:40]!r} in place of {kind!r}")
    if id_ not in (None, found["id"]):
        raise NotStripe(f"another object in place of {id_}")
    if not _fits(_shape(str(name)), found, at):
        raise NotStripe(f"a {name} whose `{_path(at)}` is missing or of another type")


def check_page(
    page: Any, kind: str | None, expand: Sequence[str], seen: set[str]
) -> None:
    """Raise `NotStripe` unless it is a page of objects, none of them `seen` before."""
    if not _fits({"data": [dict], "has_more": bool}, page, []):
        raise NotStripe("something else in place of a list")
    if page["has_more"] and not page["data"]:
        raise NotStripe("a list that has more, but an empty page")
    ids = set()
    for found in page["data"]:
        check_object(found, kind)
        ids.add(found["id"])
        for path in expand:
            if isinstance(value_at(found, tuple(path.split(".")[1:])), str):
                raise NotStripe(f"a list without `{path}`, which was asked for")
    if len(ids) < len(page["data"]) or ids & seen:
        raise NotStripe("a list that repeats itself")


def check_deleted(found: Any, id_: str) -> None:
    """Raise `NotStripe` unless it says that the object with this id is deleted."""
    fits = _fits({"id": str, "deleted": bool}, found, [])
    if not fits or found["id"] != id_ or not found["deleted"]:
        raise NotStripe(f"something else than that {id_} is deleted")


def _path(at: list[str]) -> str:
    return ".".join(reversed(at))


@functools.cache
def _shape(kind: str) -> Values:
    """Return what an object of a kind must have, and may have as it is declared."""
    if kind not in _DECLARED:
        return _FIELDS.get(kind, {})
    declared = _declared_shape(_DECLARED[kind].root)
    return {**declared, **_FIELDS[kind]}


def _declared_shape(node: Node) -> dict[str, Any]:
    """Return the form of what inputs say, as Stripe may say it."""
    fields = {}
    for name, child in node.children.items():
        inside = _inside(child)
        fields[name] = inside if name in _ALWAYS else (None, inside)
    return fields


def _inside(node: Node) -> Any:
    if node.kind == "object":
        return _declared_shape(node)
    if node.name == "products":
        quantity = (None, _declared_shape(node.children["adjustable_quantity"]))
        return [{"product": str, "prices": [str], "adjustable_quantity": quantity}]
    if node.kind == "list":
        return [_inside(node.element)] if node.element else list
    return dict if node.kind == "mapping" else _SCALAR


def _fits(shape: Any, value: Any, at: list[str]) -> bool:
    """Tell whether a value has a shape; where not, `at` gets the path, last name first.

    A shape is a type, None, a tuple of shapes of which one is to fit, a list with the
    shape of its elements, or a dict with those of fields (`*` for those of all).
    """
    if shape is None or isinstance(shape, type):
        return _is(shape, value)
    if isinstance(shape, tuple):
        return any(_fits(each, value, at) for each in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(
            _fits(shape[0], each, at) for each in value
        )
    if not isinstance(value, dict):
        return False
    every = shape.get("*")
    fields = dict.fromkeys(value, every) if every else shape
    for name, inside in fields.items():
        if not _fits(inside, value.get(name), at):
            at.append(name)
            return False
    return True


def _is(kind: type | None, value: Any) -> bool:
    if kind is None:
        return value is None
    # A Boolean is an int to Python, and none to Stripe.
    return isinstance(value, kind) and (kind is not int or not isinstance(value, bool))
