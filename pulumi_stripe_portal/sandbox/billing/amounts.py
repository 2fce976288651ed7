"""What a price costs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple, TypeAlias

from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["Part", "Quantity", "amount", "is_metered", "parts", "round_amount", "share"]


Quantity: TypeAlias = "int | Decimal | None"


class Part(NamedTuple):
    """What is billed at one price: all of it, or what falls into one tier.

    Attributes:
        amount: What it comes to, in minor units.
        quantity: How many, None for what is metered and not billed yet.
        unit: What one costs.
        tier: Which tier it is, from 1, None where there is only one price.
        is_flat: Whether it is the tier's flat fee.
    """

    amount: int
    quantity: Quantity
    unit: Decimal
    tier: int | None = None
    is_flat: bool = False


def amount(price: Json, quantity: Quantity, currency: str | None = None) -> int:
    """Return what *quantity* of *price* costs for one period, in minor units."""
    return sum(each.amount for each in parts(price, quantity, currency))


def parts(price: Json, quantity: Quantity, currency: str | None = None) -> list[Part]:
    """Return what *quantity* of *price* is billed as, for one period.

    None is the quantity of what is metered in a period that isn't over: no cost.
    """
    terms = price["currency_options"].get(currency or price["currency"], price)
    if quantity is None:
        return [Part(0, None, _money(terms, "unit_amount"))]
    if price["billing_scheme"] == "tiered":
        tiers = terms["tiers"] or price["tiers"]
        return list(_tiered(tiers, quantity, price["tiers_mode"]))
    count, unit = quantity, _money(terms, "unit_amount")
    if price["transform_quantity"]:
        count = _packages(price["transform_quantity"], quantity)
    return [Part(round_amount(unit * count), quantity, unit)]


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


def _packages(transform: Json, quantity: int | Decimal) -> int:
    whole, rest = divmod(quantity, transform["divide_by"])
    return int(whole + (1 if rest and transform["round"] == "up" else 0))


def _tiered(
    tiers: list[Json], quantity: int | Decimal, mode: str | None
) -> Iterator[Part]:
    if mode == "volume":
        tier = next(t for t in tiers if t["up_to"] is None or quantity <= t["up_to"])
        yield from _of_tier(tier, quantity, None)
        return
    below: int | Decimal = 0
    for number, tier in enumerate(tiers, 1):
        top = quantity if tier["up_to"] is None else min(tier["up_to"], quantity)
        if top <= below and quantity:
            break
        yield from _of_tier(tier, top - below, number)
        below = top


def _of_tier(tier: Json, count: int | Decimal, number: int | None) -> Iterator[Part]:
    unit, flat = _money(tier, "unit_amount"), _money(tier, "flat_amount")
    yield Part(round_amount(unit * count), count, unit, number)
    if flat:
        yield Part(round_amount(flat), 1, flat, number, is_flat=True)


def _money(tier: Json, name: str) -> Decimal:
    value: Any = tier.get(f"{name}_decimal") or tier.get(name) or 0
    return Decimal(value)
