"""Features of the account's default that the code doesn't declare. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import value_at, with_value

from .fields import ABILITIES
from .plan import Change
from .text import Quoted, Text
from .values import Opaque, Values

__all__ = [
    "ability",
    "declares_all",
    "features_of",
    "fill",
    "fill_undeclared",
    "undeclared_on",
    "with_undeclared_on",
]

LEFT = Opaque("not in the code, left as it is")
"""Stands for what Stripe holds where the code says nothing of it."""


def features_of(inputs: Values | None) -> Mapping[str, Any]:
    """Return the features of a configuration, {} where nothing is known of them."""
    features = value_at(inputs or {}, ("features",))
    return features if isinstance(features, Mapping) else {}


def declares_all(change: Change) -> bool:
    """Tell whether a feature that the code doesn't declare is off."""
    if not change.key.is_default:
        return True
    return (change.after or {}).get("undeclared_features") == "off"


def undeclared_on(change: Change) -> list[str]:
    """Return the features that are on at Stripe and not in the code, as far as known.

    From the state, or from what the account's default is set to today.
    """
    if not change.key.is_default:
        return []
    recorded = change.outputs.get("undeclared_on")
    found: list[Any] = recorded if isinstance(recorded, list) else []
    if change.default is not None:
        features = features_of(change.default)
        found = [n for n in features if value_at(features, (n, "enabled")) is True]
    declared = features_of(change.after)
    known = [name for name in ABILITIES if name in found and name not in declared]
    newer = {n for n in found if isinstance(n, str)} - {*ABILITIES, *declared}
    return known + sorted(newer)


def fill(root: Node, inputs: Values, other: Values, of: Values | None = None) -> Values:
    """Add what only another has, of that what `of` declares as well."""
    filled = inputs
    for path, _ in root.leaves():
        value = value_at(other, path)
        wanted = of is None or value_at(of, path) is not None
        if value is not None and wanted and value_at(inputs, path) is None:
            filled = with_value(filled, path, value)
    return filled


def fill_undeclared(
    root: Node, inputs: Values, outputs: Values, declared: Values
) -> Values:
    """Return the default's inputs with what is known of what only another declares.

    `declared` are the inputs of the other; whatever the code leaves alone is marked.
    """
    recorded = outputs.get("undeclared_on")
    left: Values = {}
    for path, leaf in root.leaves():
        keyed = leaf.kind in ("mapping", "open")
        if leaf.mark.ours or leaf.mark.create_only or keyed:
            continue
        value: Any = LEFT
        if path[0] == "features" and features_of(inputs).get(path[1]) is None:
            on = path[1] in recorded if isinstance(recorded, list) else None
            if on is False or inputs.get("undeclared_features") == "off":
                continue
            if on and path[2:] == ("enabled",):
                value = True
        left = with_value(left, path, value)
    return fill(root, inputs, left, declared)


def ability(feature: str) -> Text:
    """Return what customers can do where a feature is on."""
    if feature in ABILITIES:
        return (ABILITIES[feature],)
    return ("use what Stripe calls ", Quoted(feature))


def with_undeclared_on(change: Change, was: Values) -> Values:
    """Return the inputs before, with the features on that the code will switch off."""
    features = features_of(was)
    on = undeclared_on(change) if declares_all(change) else []
    added = {name: {"enabled": True} for name in on if name not in features}
    return {**was, "features": {**added, **features}} if added else was
