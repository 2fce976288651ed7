"""Lists: pages by cursor, newest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, no_such
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["PAGING", "as_list", "page"]

PAGING = ("limit", "starting_after", "ending_before", "expand")
"""The parameters of every list; all others of its TypedDict are filters."""


def page(
    everything: Iterable[Json],
    matches: Callable[[Json], bool],
    params: Mapping[str, Any],
    noun: str,
) -> tuple[list[Json], bool]:
    """One page of what *matches*, and whether more follow in the direction asked for.

    A cursor may name any object of *everything*, as it keeps its place in the list
    when it no longer matches the filters. See https://docs.stripe.com/api/pagination.
    Of *everything* no more is looked at than the page needs.

    Raises:
        StripeError: Both cursors, a cursor that is not there, a limit outside 1-100.
    """
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise _out_of_range(limit)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise StripeError(
            "Received both ending_before and starting_after parameters. "
            "Please pass in only one.",
            Evidence.REPORTED("public code"),
        )
    rest = iter(everything)
    if before:
        newer = _until(rest, before, noun, "ending_before")
        ahead = [item for item in newer if matches(item)]
        return ahead[-limit:], len(ahead) > limit
    if after:
        deque(_until(rest, after, noun, "starting_after"), maxlen=0)
    found = list(islice(filter(matches, rest), limit + 1))
    return found[:limit], len(found) > limit


def _until(rest: Iterator[Json], cursor: str, noun: str, param: str) -> Iterator[Json]:
    """Go through the *rest* up to the one that a *cursor* names, without that."""
    for item in rest:
        if item["id"] == cursor:
            return
        yield item
    raise no_such(noun, cursor, param=param)


def as_list(items: Sequence[Json], url: str, most: int | None = None) -> Json:
    """Return a list as another object holds it: the first *most*, and their number."""
    shown = list(items[:most])
    return {
        "object": "list",
        "data": shown,
        "has_more": len(shown) < len(items),
        "total_count": len(items),
        "url": url,
    }


def _out_of_range(limit: int) -> StripeError:
    bound = "greater than or equal to 1" if limit < 1 else "less than or equal to 100"
    return StripeError(
        f"This value must be {bound}.",
        Evidence.REPORTED("public code"),
        param="limit",
        code="parameter_invalid_integer",
    )
