"""Values as Pulumi's JSON carries them: what is not known yet, what is secret. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.output import Unknown

from pulumi_stripe_portal._schema import Node
from pulumi_stripe_portal._values import Path, differing, value_at

__all__ = ["SECRET", "UNKNOWN", "Opaque", "changed", "revealed"]

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
    """Yield the leaves that differ, less those that are secret before and after."""
    for path, leaf in differing(root, old, new):
        if not (value_at(old, path) is SECRET and value_at(new, path) is SECRET):
            yield path, leaf
