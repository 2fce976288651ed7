"""What the engine hands over is taken as it can be, or refused by one clear line.

A state can be edited, and a message can come from anything that speaks the protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.errors import InvalidInputs
from pulumi_stripe_portal.schema.resources import ResourceType
from pulumi_stripe_portal.schema.shape import find_misshapen
from pulumi_stripe_portal.schema.validate import check_types
from pulumi_stripe_portal.schema.values import has_opaque, tidy

__all__ = ["require_checked", "require_sound", "sound_hints"]

_EXTRAS: Mapping[str, type] = {
    "account_id": str,
    "adopt": str,
    "adopted": bool,
    "imported": bool,
    "is_default": bool,
    "livemode": bool,
    "marked_by": str,
    "marker": str,
    "secret": str,
    "stack_account": str,
}
"""What is read of a state beside the inputs, and what it holds."""


def require_sound(
    type_: ResourceType, *states: Mapping[str, Any], known: bool = False
) -> None:
    """Refuse a state, or inputs, of a form that they can't have.

    Args:
        type_: What the resource is.
        states: Its inputs or outputs.
        known: Whether nothing in them can be unknown, as of what exists.

    Raises:
        InvalidInputs: If something in them is of another form.
    """
    for state in states:
        place = _unsound(type_, state)
        if known and place is None:
            place = next((n for n, each in state.items() if has_opaque(each)), None)
        if place is not None:
            raise InvalidInputs(
                f"its state has something at {place!r} that can't stand there; see "
                "`pulumi stack export`, and mend it with `pulumi state edit`"
            )


def _unsound(type_: ResourceType, state: Mapping[str, Any]) -> str | None:
    """Return the first place that has another form than it can have."""
    root = type_.root
    place = find_misshapen(root, state)
    if place is not None:
        return place
    for name, holds in _EXTRAS.items():
        held = state.get(name)
        later = has_opaque(held) and name != "marker"
        if held is not None and not later and not isinstance(held, holds):
            return name
    before = state.get("before")
    if before is not None:
        where = find_misshapen(root, before, "before")
        if where is not None or not isinstance(before, Mapping):
            return where or "before"
    on = state.get("undeclared_on")
    return None if on is None or _are_texts(on) else "undeclared_on"


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def sound_hints(told: Any) -> dict[str, Any]:
    """Return what a program in Python tells of itself, as far as it can be that.

    Args:
        told: What it hands over with its inputs; None in other languages.
    """
    given = told if isinstance(told, Mapping) else {}
    lists = ("lookup_keys", "outputs")
    return {
        name: each
        for name, each in given.items()
        if (_are_texts(each) if name in lists else isinstance(each, (bool, str)))
    }


def require_checked(type_: ResourceType, props: Mapping[str, Any]) -> None:
    """Refuse inputs that are to be sent, and can't have passed the check.

    Args:
        type_: What the resource is.
        props: The inputs, and what the check puts beside them.

    Raises:
        InvalidInputs: If they have not.
    """
    require_sound(type_, props)
    root = type_.root
    inputs = {name: each for name, each in props.items() if name in root.children}
    failures = check_types(type_.inputs, tidy(root, inputs))
    if failures or not props.get("marker"):
        what = failures[0].path if failures else "marker"
        raise InvalidInputs(
            f"its inputs have not passed the check: {what!r} is missing or can't stand "
            "there; run `pulumi up` again"
        )
