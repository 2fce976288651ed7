"""What a Stripe object says, in the words of the inputs, to be compared. Pure.

`project_onto_inputs` looks at what is declared, `inputs_from_object` at everything, and
`declaration_of` at what a program has to say. Prices are ids here; `catalogue` names
them before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi_stripe_portal.schema.extras import told_extras
from pulumi_stripe_portal.schema.metadata_rules import MARKER_KEY
from pulumi_stripe_portal.schema.resources import WEBHOOK_ENDPOINTS
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import same, value_at

from .params import put, put_missing

__all__ = [
    "declaration_of",
    "inputs_from_object",
    "project_onto_inputs",
    "undeclared_values",
    "with_connect",
    "with_disabled",
    "without_idle_durations",
]


def project_onto_inputs(
    root: Node,
    inputs: Mapping[str, Any],
    found: Mapping[str, Any],
    *,
    switches: Iterable[str] = (),
) -> dict[str, Any]:
    """Return what a Stripe object says about the fields that the inputs declare.

    A field that Stripe holds as declared keeps the spelling of the inputs, so that
    the two are equal if and only if nothing drifted: this and `schema.values.same`
    decide what is drift. `switches` names features to report as `{"enabled": True}`
    where they are on without being declared so.
    """
    view: dict[str, Any] = _view(root, inputs, found)
    features = value_at(found, ("features",)) or {}
    for name in switches:
        silent = value_at(view, ("features", name, "enabled")) is None
        found_on = value_at(features, (name, "enabled"))
        if silent and found_on:
            put(view, ("features", name, "enabled"), found_on)
    return view


def _view(node: Node, inputs: Any, found: Any) -> Any:
    if not isinstance(inputs, Mapping):
        return {}
    view: dict[str, Any] = {}
    for name, value in inputs.items():
        child = node.children.get(name)
        if child is None:
            continue
        live = found.get(name) if isinstance(found, Mapping) else None
        if child.mark.ours or (child.mark.create_only and live is None):
            view[name] = value  # Stripe doesn't tell
        elif child.kind == "open":
            view[name] = told_extras(value, found)
        elif child.kind == "mapping":
            live = {key: (live or {}).get(key, "") for key in value}
            view[name] = live
        elif child.kind == "object" and not child.mark.whole:
            view[name] = _view(child, value, live)
        elif same(child, value, live):
            view[name] = value
        else:
            view[name] = _as_input(child, live)
    return view


def _as_input(node: Node, live: Any) -> Any:
    """Say a drifted value as inputs would: without what Stripe only fills in."""
    if isinstance(live, Mapping):
        return {
            key: _as_input(child, live[key])
            for key, child in node.children.items()
            if live.get(key) is not None and live.get(key) != []
        }
    if isinstance(live, (list, tuple)):
        return [
            _as_input(node.element, item) if node.element else item for item in live
        ]
    return "" if live is None else live


def without_idle_durations(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out the durations that Stripe keeps for a pause without an end.

    They have no meaning then.
    """
    at = ("features", "subscription_pause", "duration")
    if value_at(found, (*at, "type")) != "indefinite":
        return found
    features = found["features"]
    pause = {**features["subscription_pause"], "duration": {"type": "indefinite"}}
    return {**found, "features": {**features, "subscription_pause": pause}}


def inputs_from_object(root: Node, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that a Stripe object says, less what is Stripe's default anyway."""
    view: dict[str, Any] = {}
    for path, leaf in root.leaves():
        live = value_at(found, path)
        if leaf.kind == "mapping":
            if live:
                put(view, path, dict(live))
        elif not same(leaf, None, live):
            put(view, path, _as_input(leaf, live))
    for path, leaf in root.leaves():
        parent = value_at(view, path[:-1])
        if leaf.required and len(path) > 1 and isinstance(parent, Mapping):
            put_missing(view, path, value_at(found, path))
    return view


def declaration_of(root: Node, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs that declare an object as it is, in as few words as can be.

    What Stripe would have by itself is left out, and so are features that are off and
    the marker of whoever managed the object before.

    Args:
        root: The tree of the inputs.
        found: The object, as Stripe answers it.

    Returns:
        Inputs, with products and prices by id.
    """
    told = with_disabled(without_idle_durations(found))
    inputs: dict[str, Any] = _sparse(root, inputs_from_object(root, told))
    if "features" in root.children:
        inputs.setdefault("features", {})
    metadata = {
        key: text
        for key, text in inputs.pop("metadata", {}).items()
        if key != MARKER_KEY
    }
    return {**inputs, "metadata": metadata} if metadata else inputs


def _sparse(node: Node, value: Any) -> Any:
    """Leave out what is Stripe's default, and objects that are switched off."""
    if isinstance(value, Mapping) and node.children:
        return {
            name: _sparse(child, value[name])
            for name, child in node.children.items()
            if name in value and (child.required or _matters(child, value[name]))
        }
    if isinstance(value, list) and node.element:
        return [_sparse(node.element, item) for item in value]
    return value


def _matters(node: Node, value: Any) -> bool:
    switch = node.children.get("enabled")
    if isinstance(value, Mapping) and switch and switch.mark.default is False:
        return value.get("enabled") is True
    return not same(node, None, value)


def with_disabled(found: Mapping[str, Any]) -> dict[str, Any]:
    """Add `disabled`, which Stripe takes of an endpoint and tells as its status."""
    return {**found, "disabled": found.get("status") == "disabled"}


def with_connect(found: Mapping[str, Any], *, connected: bool) -> Mapping[str, Any]:
    """Add `connect` to an endpoint, which Stripe takes but doesn't tell.

    It shows in the application alone, and what a platform makes for a connected
    account has one as well.

    Args:
        found: An object, as Stripe answers it; a configuration stays as it is.
        connected: Whether it was asked for in the name of a connected account.

    Returns:
        The object.
    """
    if found["object"] != WEBHOOK_ENDPOINTS.object or connected:
        return found
    return {**found, "connect": bool(found.get("application"))}


def undeclared_values(
    root: Node, inputs: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a Stripe object holds, no defaults, where the inputs say nothing."""
    told = inputs_from_object(root, found)
    kept: dict[str, Any] = {}
    for path, leaf in root.leaves():
        value = value_at(told, path)
        fixed = leaf.mark.create_only or leaf.kind in ("mapping", "open")
        if not fixed and value_at(inputs, path) is None and not same(leaf, value, None):
            put(kept, path, value)
    return kept
