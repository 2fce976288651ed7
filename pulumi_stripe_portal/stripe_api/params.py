"""Between inputs and Stripe's objects: what to send, and what an object says. Pure.

`create_params` and `update_params` write Stripe's parameters, `project_onto_inputs`
reads a Stripe object back in the words of the inputs. Prices are ids here; lookup keys
are resolved by `catalogue` before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi_stripe_portal.schema.extras import (
    EXTRA,
    extra_leaves,
    told_extras,
    with_extras,
)
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import canonical, differing, same, value_at

__all__ = [
    "create_params",
    "inputs_from_object",
    "project_onto_inputs",
    "undeclared",
    "update_params",
    "without_idle_durations",
]

Path = tuple[str, ...]
Params = dict[str, Any]


def create_params(root: Node, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that create an object with these inputs.

    Empty values are left out: they are what Stripe starts with, and some fields take
    `""` in an update only. `active` and `disabled` can't be given at creation.
    """
    params: dict[str, Any] = {}
    for path, leaf in root.leaves():
        value = value_at(inputs, path)
        unset = value is None or canonical(leaf, value) in (None, [], {})
        if (
            leaf.kind == "open"
            or unset
            or leaf.mark.ours
            or path in (("active",), ("disabled",))
        ):
            continue
        _put(params, path, _sent(leaf, value))
    extras = dict(extra_leaves(inputs.get(EXTRA)))
    params = with_extras(params, extras)
    _add_travelling(root, inputs, params)
    reason = ("features", "subscription_cancel", "cancellation_reason")
    if value_at(params, reason):  # there, `options` is required even if there are none
        _put_missing(params, (*reason, "options"), "")
    if "features" in root.children:
        # «Missing required param: features.»; an object without keys can't be sent.
        params.setdefault("features", {"invoice_history": {"enabled": False}})
    return params


def update_params(
    root: Node,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    resolved: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the parameters that turn `old` into `new`, {} where nothing differs.

    A field that is gone from the inputs is reset: `""` where Stripe takes it, else
    Stripe's documented default; of `extra_params` nobody knows how, so they stay as
    they are. `resolved` is `new` with ids for lookup keys.
    """
    values = new if resolved is None else resolved
    params: dict[str, Any] = {}
    declared_extras = dict(extra_leaves(values.get(EXTRA)))
    changed: dict[Path, Any] = {}
    for path, leaf in differing(root, old, new):
        if leaf.kind == "open":
            if path[1:] in declared_extras:
                changed[path[1:]] = declared_extras[path[1:]]
        elif not leaf.mark.ours and not leaf.mark.create_only:
            _put(params, path, _sent(leaf, value_at(values, path)))
    if params:
        for path, leaf in root.leaves():  # spelled out since, though Stripe's default
            value = value_at(values, path)
            keyed = leaf.kind in ("mapping", "open")
            fixed = leaf.mark.ours or leaf.mark.create_only or keyed
            if value is not None and value_at(old, path) is None and not fixed:
                _put_missing(params, path, _sent(leaf, value))
    _add_whole(root, values, params, changed)
    params = with_extras(params, changed)
    _add_travelling(root, values, params)
    _add_proration(root, values, params)
    return params


def _add_whole(
    root: Node, inputs: Mapping[str, Any], params: Params, changed: dict[Path, Any]
) -> None:
    """Let what is sent as one value go with the extra parameters inside it."""
    extras = dict(extra_leaves(inputs.get(EXTRA)))
    for path, leaf in root.leaves():
        inside = {at: extras[at] for at in extras if at[: len(path)] == path}
        if not (leaf.mark.whole and inside):
            continue
        value, sent = value_at(inputs, path), value_at(params, path)
        if inside.keys() & changed.keys() and sent is None and value is not None:
            _put(params, path, sent := _sent(leaf, value))
        if sent is not None:
            changed.update(inside)


def _add_proration(root: Node, inputs: Mapping[str, Any], params: Params) -> None:
    """Send what Stripe requires with the other one: the mode, or the proration.

    «`create_prorations` … is only compatible with `mode=immediately`»: where somebody
    has chosen both, the mode alone can't be taken back.
    """
    at = ("features", "subscription_cancel")
    sent = value_at(params, at)
    sibling = {
        ("mode", "at_period_end"): "proration_behavior",
        ("proration_behavior", "create_prorations"): "mode",
    }
    for (name, value), other in sibling.items():
        if value_at(sent, (name,)) == value:
            path = (*at, other)
            _put_missing(
                params, path, _sent(_node_at(root, path), value_at(inputs, path))
            )


def _sent(leaf: Node, value: Any) -> Any:
    """Return a leaf's value as Stripe takes it, or what clears it."""
    if leaf.kind == "mapping":
        # One key's text, or at creation the whole; a key is unset by `""`.
        return "" if value is None else value
    if value is None or value == "":
        value = leaf.mark.default
    if value is None or value == []:
        return ""
    if leaf.name == "products":
        return [_product(leaf, entry) for entry in value]
    return value


def _product(products: Node, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Say explicitly whether the quantity can be changed.

    What Stripe does where it is silent is disputed between public reports, so the
    documented default of the input is always sent.
    """
    quantity = products.children["adjustable_quantity"]
    value = entry.get("adjustable_quantity") or quantity.mark.default
    return {
        "product": entry.get("product"),
        "prices": list(entry["prices"]),
        "adjustable_quantity": dict(value),
    }


def _add_travelling(
    root: Node, inputs: Mapping[str, Any], params: dict[str, Any]
) -> None:
    """Add the siblings that Stripe requires with what is sent."""
    for path, leaf in root.leaves():
        parent = value_at(params, path[:-1])
        if leaf.mark.travels and isinstance(parent, Mapping) and len(path) > 1:
            value = value_at(inputs, path)
            _put_missing(params, path, _sent(leaf, value))
    update = value_at(params, ("features", "subscription_update"))
    if update and update.get("enabled"):
        # «Missing required param: features[subscription_update][products]»
        at = ("features", "subscription_update")
        for name in ("products", "default_allowed_updates"):
            leaf = _node_at(root, (*at, name))
            _put_missing(
                params, (*at, name), _sent(leaf, value_at(inputs, (*at, name)))
            )


def _node_at(root: Node, path: Path) -> Node:
    for name in path:
        root = root.children[name]
    return root


def _put(params: dict[str, Any], path: Path, value: Any) -> None:
    *parents, last = path
    for name in parents:
        params = params.setdefault(name, {})
    params[last] = value


def _put_missing(params: dict[str, Any], path: Path, value: Any) -> None:
    *parents, last = path
    for name in parents:
        params = params.setdefault(name, {})
    params.setdefault(last, value)


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
            _put(view, ("features", name, "enabled"), found_on)
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
            view[name] = _tidied(child, live)
    return view


def _tidied(node: Node, live: Any) -> Any:
    """Say a drifted value as inputs would: without what Stripe only fills in."""
    if isinstance(live, Mapping):
        return {
            key: _tidied(child, live[key])
            for key, child in node.children.items()
            if live.get(key) is not None and live.get(key) != []
        }
    if isinstance(live, (list, tuple)):
        return [_tidied(node.element, item) if node.element else item for item in live]
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
                _put(view, path, dict(live))
        elif not same(leaf, None, live):
            _put(view, path, _tidied(leaf, live))
    for path, leaf in root.leaves():
        parent = value_at(view, path[:-1])
        if leaf.required and len(path) > 1 and isinstance(parent, Mapping):
            _put_missing(view, path, value_at(found, path))
    return view


def undeclared(
    root: Node, inputs: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a Stripe object holds, no defaults, where the inputs say nothing."""
    told = inputs_from_object(root, found)
    kept: dict[str, Any] = {}
    for path, leaf in root.leaves():
        value = value_at(told, path)
        fixed = leaf.mark.create_only or leaf.kind in ("mapping", "open")
        if not fixed and value_at(inputs, path) is None and not same(leaf, value, None):
            _put(kept, path, value)
    return kept
