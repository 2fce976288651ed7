"""Values between Pulumi's messages and Python, with what is secret kept apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value
from pulumi.output import UNKNOWN as NOT_YET_KNOWN
from pulumi.output import Unknown

from pulumi_stripe_portal.engine import wire
from pulumi_stripe_portal.errors import InvalidInputs

__all__ = ["Path", "pack", "unpack"]

Path = tuple[str, ...]


_DEEPEST = 64
"""How deep values may be nested in each other; inputs are 6 deep."""


def unpack(message: Struct) -> tuple[dict[str, Any], frozenset[Path]]:
    """Take values out of a message.

    Args:
        message: What the engine sends; numbers are floats there.

    Returns:
        The values, secrets in clear, and where the secrets stand. A list that holds one
        counts as one itself, since providers put lists in another order. None in an
        object is left out; what is not known yet is Pulumi's `Unknown`.

    Raises:
        InvalidInputs: If something is no plain value, or nested too deeply.
    """
    found = _Unpacking()
    return found.fields(message, (), 0), frozenset(found.secrets)


class _Unpacking:
    """One message as it is read."""

    def __init__(self) -> None:
        self.secrets: set[Path] = set()
        """Where secrets stand that were found so far."""

    def fields(self, message: Struct, at: Path, depth: int) -> dict[str, Any]:
        values = {
            name: self.value(value, (*at, name), depth + 1)
            for name, value in message.fields.items()
        }
        return {name: value for name, value in values.items() if value is not None}

    def value(self, value: Value, at: Path, depth: int) -> Any:
        if depth > _DEEPEST:
            raise InvalidInputs(
                f"{'.'.join(at[:4])}: what is in there is nested more than {_DEEPEST} "
                "deep; give a plainer value"
            )
        kind = value.WhichOneof("kind")
        if kind == "struct_value":
            return self.object(value.struct_value, at, depth)
        if kind == "list_value":
            inner = _Unpacking()
            items = value.list_value.values
            found = [inner.value(item, at, depth + 1) for item in items]
            if inner.secrets:
                self.secrets.add(at)
            return found
        if kind == "string_value":
            text = value.string_value
            return NOT_YET_KNOWN if text == wire.UNKNOWN else text
        return None if kind in (None, "null_value") else getattr(value, kind)

    def object(self, message: Struct, at: Path, depth: int) -> Any:
        if wire.SIGNATURE not in message.fields:
            return self.fields(message, at, depth)
        if not wire.is_secret(message.fields):
            raise InvalidInputs(
                f"{'.'.join(at)}: an asset, an archive or a resource can't stand here; "
                "give a plain value"
            )
        self.secrets.add(at)
        return self.value(message.fields["value"], at, depth + 1)


def pack(values: Mapping[str, Any], secrets: Iterable[Path] = ()) -> Struct:
    """Put values into a message.

    Args:
        values: Plain ones; objects of `wire.secret` and `Unknown` may be among them.
        secrets: Where values stand that are to be marked as secrets.

    Returns:
        The message; None in an object is left out.
    """
    return _pack_fields(values, (), frozenset(secrets))


def _pack_fields(values: Any, at: Path, secrets: frozenset[Path]) -> Struct:
    fields = {
        name: _pack(value, (*at, name), secrets)
        for name, value in values.items()
        if value is not None
    }
    return Struct(fields=fields)


def _pack(value: Any, at: Path, secrets: frozenset[Path]) -> Value:
    if at in secrets and not wire.is_secret(value):
        marked = _pack_fields(wire.secret(value), (), frozenset())
        return Value(struct_value=marked)
    if value is None:
        return Value(null_value=NULL_VALUE)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, (int, float)):
        return Value(number_value=value)
    if isinstance(value, str):
        return Value(string_value=value)
    if isinstance(value, Unknown):
        return Value(string_value=wire.UNKNOWN)
    if isinstance(value, dict):
        return Value(struct_value=_pack_fields(value, at, secrets))
    if isinstance(value, (list, tuple)):
        packed = Value()  # paths end at a list: it is secret as a whole, or not at all
        packed.list_value.values.extend(_pack(each, (), frozenset()) for each in value)
        return packed
    raise TypeError(f"{'.'.join(at)} is a {type(value).__name__}")
