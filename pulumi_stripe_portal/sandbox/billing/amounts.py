"""What a price costs."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["amount", "is_metered", "round_amount", "share"]


def amount(price: Json, quantity: int | None, currency: str | None = None) -> int:
    """Return what *quantity* of *price* costs for one period, in minor units.

    Usage is not simulated: a metered price costs nothing [ours].
    """
    if is_metered(price) or quantity is None:
        return 0
    terms = price["currency_options"].get(currency or price["currency"], price)
    if price["billing_scheme"] == "tiered":
        tiers = terms["tiers"] or price["tiers"]
        return round_amount(_tiered(tiers, quantity, price["tiers_mode"]))
    count = quantity
    if price["transform_quantity"]:
        count = _packages(price["transform_quantity"], quantity)
    return round_amount(Decimal(terms["unit_amount_decimal"] or 0) * count)


def is_metered(price: Json) -> bool:
    """Tell whether *price* is billed by usage."""
    recurring = price["recurring"] or {}
    return bool(recurring.get("usage_type") == "metered")


def share(whole: int, part: int, of: int) -> int:
    """Return the *part* of *of* seconds of a *whole* amount, to the nearest cent."""
    if of <= 0:
        return 0
    return round_amount(Decimal(whole) * min(max(part, 0), of) / of)


def round_amount(value: Decimal) -> int:
    """Round to whole minor units, halves away from zero."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def _packages(transform: Json, quantity: int) -> int:
    whole, rest = divmod(quantity, transform["divide_by"])
    return int(whole + (1 if rest and transform["round"] == "up" else 0))


def _tiered(tiers: list[Json], quantity: int, mode: str | None) -> Decimal:
    if mode == "volume":
        tier = next(t for t in tiers if t["up_to"] is None or quantity <= t["up_to"])
        return _of_tier(tier, quantity)
    total, below = Decimal(0), 0
    for tier in tiers:
        top = quantity if tier["up_to"] is None else min(tier["up_to"], quantity)
        if top <= below and quantity:
            break
        total += _of_tier(tier, top - below)
        below = top
    return total


def _of_tier(tier: Json, count: int) -> Decimal:
    return _money(tier, "unit_amount") * count + _money(tier, "flat_amount")


def _money(tier: Json, name: str) -> Decimal:
    value: Any = tier.get(f"{name}_decimal") or tier.get(name) or 0
    return Decimal(value)
