"""What an object at Stripe declares, in as few words as a program needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal.schema.offer import products_of, with_products
from pulumi_stripe_portal.schema.resources import type_of
from pulumi_stripe_portal.stripe_api.views import declaration_of

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
    """Return the inputs that declare an object as it is, its prices named."""
    inputs = declaration_of(type_of(found).root, found)
    products = [_name_prices(entry, names) for entry in products_of(inputs)]
    return with_products(inputs, products) if products else inputs


def _name_prices(entry: Values, names: PriceNames) -> dict[str, Any]:
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
