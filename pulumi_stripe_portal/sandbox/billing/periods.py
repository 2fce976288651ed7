"""Billing periods: months and years as a calendar has them, in UTC."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["Span", "after", "interval", "per_year", "period"]

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_LONGEST = {**_DAYS, "month": 31, "year": 366}


class Span(NamedTuple):
    """A billing period."""

    start: int
    end: int


def after(anchor: int, name: str, count: int) -> int:
    """Return the moment *count* intervals called *name* after *anchor*.

    A month without the anchor's day ends the period on its last day [D].
    """
    start = datetime.fromtimestamp(anchor, timezone.utc)
    if name in _DAYS:
        return int((start + timedelta(days=_DAYS[name] * count)).timestamp())
    month = start.month - 1 + _MONTHS[name] * count
    year, month = start.year + month // 12, month % 12 + 1
    day = min(start.day, monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def interval(recurring: Json) -> tuple[str, int]:
    """Return what has to be equal for two prices to share a billing period."""
    return recurring["interval"], recurring["interval_count"]


def period(anchor: int, recurring: Json, moment: int) -> Span:
    """Return the billing period that *moment* is in."""
    name, step = interval(recurring)
    longest = _LONGEST[name] * step * 24 * 60 * 60
    number = max((moment - anchor) // longest, 0)
    while after(anchor, name, (number + 1) * step) <= moment:
        number += 1
    start = after(anchor, name, number * step)
    return Span(start, after(anchor, name, (number + 1) * step))


def per_year(recurring: Json) -> float:
    """Return how many periods a year has, to compare prices of different intervals."""
    name, count = interval(recurring)
    times = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}
    return times[name] / count
