"""What a whole fleet came to: counts, a table, and what changes for how many. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, get_args

from .outcomes import Outcome, Status

__all__ = ["counts", "data", "sentences", "table"]


def counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Return how many accounts there are of each status, where there are any."""
    found = Counter(each.status for each in outcomes)
    return {status: found[status] for status in get_args(Status) if found[status]}


def table(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each account: its id, its stack, what became of it, and why."""
    rows = [(each.account, each.stack, each.status, each.message) for each in outcomes]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "".join(
        "  ".join(
            [*(f"{c:{w}}" for c, w in zip(row, widths, strict=False)), row[3]]
        ).rstrip()
        + "\n"
        for row in rows
    )


def sentences(outcomes: Iterable[Outcome]) -> list[tuple[int, str, str]]:
    """Return what changes for customers: for how many accounts, risk and words."""
    found = Counter(
        effect for each in outcomes for effect in dict.fromkeys(each.effects)
    )
    return [(many, risk, text) for (risk, text), many in found.most_common()]


def data(operation: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return all of it in words that `json.dumps` takes.

    {
      "operation": "preview",
      "counts": {"changed": 1240},
      "review": [{"accounts": 1240, "risk": "access", "text": "Customers can …"}],
      "accounts": [{"account": "acct_bakery", "stack": "test-0001",
        "status": "changed", "message": ""}]
    }
    """
    return {
        "operation": operation,
        "counts": counts(outcomes),
        "review": [
            {"accounts": many, "risk": risk or None, "text": text}
            for many, risk, text in sentences(outcomes)
        ],
        "accounts": [
            {name: it for name, it in asdict(each).items() if name != "effects"}
            for each in outcomes
        ],
    }
