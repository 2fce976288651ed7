"""The filter by time that most lists have."""

import operator
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["created"]

_COMPARISONS = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def created(item: Json, wanted: Any) -> bool:
    """Match `created=<time>` or `created[gte]=<time>`, in Unix seconds."""
    if isinstance(wanted, int):
        return bool(item["created"] == wanted)
    return all(
        _COMPARISONS[name](item["created"], bound) for name, bound in wanted.items()
    )
