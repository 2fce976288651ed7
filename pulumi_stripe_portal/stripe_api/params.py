"""What is sent to Stripe so that an object is as the inputs say. Pure.

Prices are ids here; lookup keys are resolved by `catalogue` before. `views` reads an
object back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.schema.extras import (
    EXTRA,
    extra_leaves,
    with_extras,
)
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import canonical, differing, value_at

__all__ = [
    "create_params",
    "put",
    "put_missing",
    "update_params",
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
        put(params, path, _to_send(leaf, value))
    extras = dict(extra_leaves(inputs.get(EXTRA)))
    params = with_extras(params, extras)
    _add_travelling(root, inputs, params)
    reason = ("features", "subscription_cancel", "cancellation_reason")
    if value_at(params, reason):  # there, `options` is required even if there are none
        put_missing(params, (*reason, "options"), "")
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
            put(params, path, _to_send(leaf, value_at(values, path)))
    if params:
        for path, leaf in root.leaves():  # spelled out since, though Stripe's default
            value = value_at(values, path)
            keyed = leaf.kind in ("mapping", "open")
            fixed = leaf.mark.ours or leaf.mark.create_only or keyed
            if value is not None and value_at(old, path) is None and not fixed:
                put_missing(params, path, _to_send(leaf, value))
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
            put(params, path, sent := _to_send(leaf, value))
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
            put_missing(
                params,
                path,
                _to_send(_node_at(root, path), value_at(inputs, path)),
            )


def _to_send(leaf: Node, value: Any) -> Any:
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
            put_missing(params, path, _to_send(leaf, value))
    update = value_at(params, ("features", "subscription_update"))
    if update and update.get("enabled"):
        # «Missing required param: features[subscription_update][products]»
        at = ("features", "subscription_update")
        for name in ("products", "default_allowed_updates"):
            leaf = _node_at(root, (*at, name))
            put_missing(
                params, (*at, name), _to_send(leaf, value_at(inputs, (*at, name)))
            )


def _node_at(root: Node, path: Path) -> Node:
    for name in path:
        root = root.children[name]
    return root


def put(params: dict[str, Any], path: Path, value: Any) -> None:
    """Set a nested value."""
    *parents, last = path
    for name in parents:
        params = params.setdefault(name, {})
    params[last] = value


def put_missing(params: dict[str, Any], path: Path, value: Any) -> None:
    """Set a nested value, unless there is one."""
    *parents, last = path
    for name in parents:
        params = params.setdefault(name, {})
    params.setdefault(last, value)
