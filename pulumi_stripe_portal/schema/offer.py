"""What a configuration offers: its products, their prices, their lookup keys. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.schema.values import value_at

__all__ = ["AT", "lookup_keys", "prices_of", "products_of", "with_products"]

AT = "features.subscription_update.products"
"""Where inputs have the offer."""


def products_of(inputs: Any) -> list[Any]:
    """Return the products of a configuration's inputs, [] where there are none."""
    products = value_at(inputs, ("features", "subscription_update", "products"))
    return list(products) if isinstance(products, (list, tuple)) else []


def with_products(inputs: Mapping[str, Any], products: list[Any]) -> dict[str, Any]:
    """Return a copy of a configuration with other products."""
    features = inputs["features"]
    update = {**features["subscription_update"], "products": products}
    return {**inputs, "features": {**features, "subscription_update": update}}


def lookup_keys(inputs: Any) -> list[str]:
    """Return the lookup keys that a configuration's inputs name, each once."""
    found = (
        value_at(price, ("lookup_key",))
        for entry in products_of(inputs)
        for price in prices_of(entry)
    )
    return list(dict.fromkeys(key for key in found if isinstance(key, str)))


def prices_of(entry: Any) -> list[Any]:
    """Return the prices of one product in an offer, [] where there are none."""
    prices = value_at(entry, ("prices",))
    return list(prices) if isinstance(prices, (list, tuple)) else []
