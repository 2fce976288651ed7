"""The offer in recorded inputs, as it can be asked for at Stripe. Pure.

What Stripe answers is checked in `stripe_api.answers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.schema.offer import products_of

__all__ = ["odd_offer"]


def odd_offer(inputs: Mapping[str, Any]) -> str | None:
    """Return the first of recorded inputs' products that is no plain value, or None.

    A secret is none, for example: an export doesn't tell it.
    """
    for index, entry in enumerate(products_of(inputs)):
        at = f"features.subscription_update.products[{index}]"
        if not isinstance(entry, Mapping):
            return at
        if not isinstance(entry.get("product", ""), str):
            return f"{at}.product"
        prices = entry.get("prices")
        if not isinstance(prices, list) or not all(map(_is_price, prices)):
            return f"{at}.prices"
    return None


def _is_price(value: Any) -> bool:
    named = value.get("lookup_key") if isinstance(value, Mapping) else value
    return isinstance(named, str)
