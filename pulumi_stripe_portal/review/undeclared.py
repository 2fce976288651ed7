"""Features of the account's default that the code doesn't declare. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, value_at

from .fields import ABILITIES
from .plan import Change
from .text import Quoted, Text
from .values import Opaque, Values

__all__ = ["able", "as_left", "switching_off", "undeclared_on", "whole_truth"]

LEFT = Opaque("not in the code, left as it is")
"""Stands for what Stripe holds where the code says nothing of it."""
_BY_KEY = ("mapping", "open")


def whole_truth(change: Change) -> bool:
    """Tell whether a feature that the code doesn't declare is off."""
    if not change.key.is_default:
        return True
    return (change.after or {}).get("undeclared_features") == "off"


def undeclared_on(change: Change, default: Values | None = None) -> list[str]:
    """Return the features that are on at Stripe and not in the code, as far as known.

    From the state, or from what the account's `default` is set to today.
    """
    if not change.key.is_default:
        return []
    recorded = change.outputs.get("undeclared_on")
    found: list[Any] = recorded if isinstance(recorded, list) else []
    if default is not None:
        features = value_at(default, ("features",))
        names = features if isinstance(features, Mapping) else {}
        found = [n for n in names if value_at(names, (n, "enabled")) is True]
    declared = value_at(change.after or {}, ("features",))
    declared = declared if isinstance(declared, Mapping) else {}
    known = [name for name in ABILITIES if name in found and name not in declared]
    newer = {n for n in found if isinstance(n, str)} - {*ABILITIES, *declared}
    return known + sorted(newer)


def as_left(inputs: Values, outputs: Values, declared: Values, root: Node) -> Values:
    """Return the default's inputs with what is known of what only another declares.

    `declared` are the inputs of the other; whatever the code leaves alone is marked.
    """
    recorded = outputs.get("undeclared_on")
    features = value_at(inputs, ("features",))
    filled = inputs
    for path, leaf in root.leaves():
        fixed = leaf.mark.ours or leaf.mark.create_only or leaf.kind in _BY_KEY
        only_there = (
            value_at(inputs, path) is None and value_at(declared, path) is not None
        )
        if fixed or not only_there:
            continue
        left: Any = LEFT
        if path[0] == "features" and value_at(features, (path[1],)) is None:
            known = recorded if isinstance(recorded, list) else None
            off = known is not None and path[1] not in known
            if off or inputs.get("undeclared_features") == "off":
                continue
            if known is not None and path[2:] == ("enabled",):
                left = True
        filled = _put(filled, path, left)
    return filled


def _put(values: Values, path: Path, value: Any) -> Values:
    """Return a copy with the value at the path."""
    name, *rest = path
    if not rest:
        return {**values, name: value}
    inside = values.get(name)
    inside = inside if isinstance(inside, Mapping) else {}
    return {**values, name: _put(inside, tuple(rest), value)}


def able(feature: str) -> Text:
    """Return what customers can do where a feature is on."""
    if feature in ABILITIES:
        return (ABILITIES[feature],)
    return ("use what Stripe calls ", Quoted(feature))


def switching_off(change: Change, was: Values, default: Values | None) -> Values:
    """Return the inputs before, with the features on that the code will switch off."""
    on = undeclared_on(change, default) if whole_truth(change) else []
    features = value_at(was, ("features",))
    features = features if isinstance(features, Mapping) else {}
    added = {name: {"enabled": True} for name in on if name not in features}
    return {**was, "features": {**added, **features}} if added else was
