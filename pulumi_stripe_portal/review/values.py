"""Values as Pulumi's JSON carries them: what is not known yet, what is secret. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.output import Unknown

from pulumi_stripe_portal._schema import Node
from pulumi_stripe_portal._values import Path, differing, value_at

__all__ = ["SECRET", "UNKNOWN", "Opaque", "changed", "nested", "revealed"]

_UNKNOWN_ON_THE_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"


class Opaque(Unknown):
    """A value that a preview does not tell, and why."""

    def __init__(self, words: str) -> None:
        self.words = words


UNKNOWN = Opaque("not known before the update")
SECRET = Opaque("secret, not shown")


def revealed(value: Any) -> Any:
    """Copy a value of Pulumi's JSON, with marks for what it does not tell."""
    if value == _UNKNOWN_ON_THE_WIRE:
        return UNKNOWN
    if value == "[secret]":
        return SECRET
    if isinstance(value, Mapping):
        if _SIGNATURE in value:
            return SECRET
        return {
            key: revealed(item) for key, item in value.items() if key != "__provider"
        }
    if isinstance(value, list):
        return [revealed(item) for item in value]
    return value


def changed(
    root: Node, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[Path, Node]]:
    """Yield the leaves that differ, less those that are secret before and after.

    Of what no declaration names, each value differs by itself.
    """
    for path, leaf in differing(root, old, new):
        before, after = value_at(old, path), value_at(new, path)
        if leaf.kind == "open" and len(path) == 1:
            inside = {**dict(nested(before, path)), **dict(nested(after, path))}
            paths = [
                at
                for at in sorted(inside)
                if value_at(new, at) is UNKNOWN
                or value_at(old, at) != value_at(new, at)
            ]
        else:
            paths = [] if before is SECRET and after is SECRET else [path]
        for at in paths:
            yield at, leaf


def nested(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield what is inside an object of unknown fields, by path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from nested(item, (*at, str(key)))
    elif value is not None:
        yield at, value
