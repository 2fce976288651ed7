"""Billing periods: months and years as a calendar has them, in UTC."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta, timezone

from pulumi_stripe_portal.sandbox.store import Json

__all__ = ["after", "per_year", "period"]

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_LONGEST = {**_DAYS, "month": 31, "year": 366}


def after(anchor: int, interval: str, count: int) -> int:
    """
    Return the moment *count* intervals after *anchor*.

    A month without the anchor's day ends the period on its last day [D].
    """
    start = datetime.fromtimestamp(anchor, timezone.utc)
    if interval in _DAYS:
        return int((start + timedelta(days=_DAYS[interval] * count)).timestamp())
    month = start.month - 1 + _MONTHS[interval] * count
    year, month = start.year + month // 12, month % 12 + 1
    day = min(start.day, monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def period(anchor: int, recurring: Json, moment: int) -> tuple[int, int]:
    """Return the billing period that *moment* is in: its start and its end."""
    interval, step = recurring["interval"], recurring["interval_count"]
    longest = _LONGEST[interval] * step * 24 * 60 * 60
    number = max((moment - anchor) // longest, 0)
    while after(anchor, interval, (number + 1) * step) <= moment:
        number += 1
    start = after(anchor, interval, number * step)
    return start, after(anchor, interval, (number + 1) * step)


def per_year(recurring: Json) -> float:
    """Return how many periods a year has, to compare prices of different intervals."""
    times = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}
    return times[recurring["interval"]] / float(recurring["interval_count"])
