"""Which account is in which stack: once given, a place is never given up.

New accounts fill the newest stack up to its size, in the order of the list, and open
the next one after it. An account that leaves the list keeps its place empty, so that
none moves up: a move would be a second configuration in that account. The places are
an output of a stack of their own, in the backend that has all the others: whoever runs
the fleet next, from whichever machine, finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

__all__ = ["NotPlaces", "Places", "add_places", "places_in", "places_text"]

Places: TypeAlias = "Mapping[int, tuple[str, ...]]"
"""The accounts of each stack, by its number; the first one is 1."""


class NotPlaces(ValueError):
    """What was found in the backend does not say which account is in which stack."""


def add_places(places: Places, accounts: Iterable[str], size: int) -> Places:
    """Return the places with one for each of the accounts that has none yet."""
    known = {account for stack in places.values() for account in stack}
    found = {number: list(stack) for number, stack in sorted(places.items())}
    last = max(found, default=0)
    for account in accounts:
        if account in known:
            continue
        if last not in found or len(found[last]) >= size:
            last += 1
            found[last] = []
        found[last].append(account)
    return {number: tuple(stack) for number, stack in found.items()}


def places_text(places: Places) -> dict[str, str]:
    """Return the places as a stack's output has them, a text for each stack."""
    return {f"{number:04}": " ".join(stack) for number, stack in places.items()}


def places_in(output: object) -> Places:
    """Return the places that a stack's output says.

    Raises:
        NotPlaces: It says something else.
    """
    if not isinstance(output, Mapping):
        raise NotPlaces
    found = {}
    for number, accounts in output.items():
        if not str(number).isdigit() or not isinstance(accounts, str):
            raise NotPlaces
        found[int(number)] = tuple(accounts.split())
    named = [account for stack in found.values() for account in stack]
    if len(set(named)) < len(named):
        raise NotPlaces
    return found
