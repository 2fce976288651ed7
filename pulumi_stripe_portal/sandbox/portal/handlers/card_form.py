"""A card as somebody types it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .routing import number

__all__ = ["entered_card"]


def entered_card(field: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters of a card; what is no date at all is to be refused."""
    month, _, year = field["expiry"].partition("/")
    return {
        "number": field["number"],
        "exp_month": number(month.strip(), -1),
        "exp_year": _full_year(number(year.strip(), -1)),
        "cvc": field["cvc"],
    }


def _full_year(year: int) -> int:
    return year + 2000 if 0 < year < 100 else year
