"""What an object at Stripe declares, in as few words as a program needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal.schema.metadata_rules import MARKER_KEY
from pulumi_stripe_portal.schema.offer import products_of, with_products
from pulumi_stripe_portal.schema.resources import type_of
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import same
from pulumi_stripe_portal.stripe_api.views import (
    inputs_from_object,
    without_idle_durations,
)

__all__ = ["PriceNames", "inputs_of"]

Values = Mapping[str, Any]


@dataclass(frozen=True)
class PriceNames:
    """How the prices and products of an account can be named."""

    lookup_keys: Mapping[str, str] = field(default_factory=dict)
    """By price id, where the key finds that price and no other."""
    products: Mapping[str, str] = field(default_factory=dict)
    """A product's name, by its id."""


def inputs_of(found: Values, names: PriceNames) -> dict[str, Any]:
    """Return the inputs that declare an object as it is.

    What Stripe would have by itself is left out, and so are features that are off and
    the marker of whoever managed the object before.
    """
    root = type_of(found).root
    told = {
        **without_idle_durations(found),
        "disabled": found.get("status") == "disabled",
    }
    inputs: dict[str, Any] = _sparse(root, inputs_from_object(root, told))
    if "features" in root.children:
        inputs.setdefault("features", {})
    metadata = {
        key: text
        for key, text in inputs.pop("metadata", {}).items()
        if key != MARKER_KEY
    }
    if metadata:
        inputs["metadata"] = metadata
    products = [_named(entry, names) for entry in products_of(inputs)]
    return with_products(inputs, products) if products else inputs


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


def _named(entry: Values, names: PriceNames) -> dict[str, Any]:
    """Name an entry's prices by lookup key; they tell the product then."""
    keys = [names.lookup_keys.get(price) for price in entry["prices"]]
    prices: list[Any] = [
        {"lookup_key": key} if key else price
        for key, price in zip(keys, entry["prices"], strict=True)
    ]
    named = {**entry, "prices": prices}
    if all(keys):
        named.pop("product", None)
    return named
