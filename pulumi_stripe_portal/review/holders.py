"""Who has the subscriptions that a change concerns, where that was counted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .text import count_of

__all__ = ["EVERYONE", "Holders", "together"]

EVERYONE = "*"
"""Stands for the id of a price where whoever has any subscription is concerned."""


@dataclass(frozen=True)
class Holders:
    """Subscriptions that have not ended, and whose they are."""

    found: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """By the subscription's id: the customer's, and the quantity."""
    is_whole: bool = True
    """Whether there are no more: a very large account is not read to its end."""

    @property
    def customers(self) -> str:
        """How many customers they are, e.g. `1 customer` or `more than 9,120 …`."""
        number = len({customer for customer, _ in self.found.values()})
        return self._more + count_of(number, "customer")

    @property
    def subscriptions(self) -> str:
        """How many subscriptions they have."""
        return self._more + count_of(len(self.found), "subscription")

    @property
    def _more(self) -> str:
        return "" if self.is_whole else "more than "

    @property
    def are(self) -> str:
        """The verb that goes with the customers."""
        return "is" if self.customers == "1 customer" else "are"

    @property
    def have(self) -> str:
        """The verb that goes with the subscriptions."""
        return "has" if self.subscriptions == "1 subscription" else "have"

    def with_quantity(self, fits: Callable[[int], bool]) -> Holders:
        """Return those whose quantity is such."""
        found = {id_: of for id_, of in self.found.items() if fits(of[1])}
        return Holders(found, self.is_whole)


def together(several: Iterable[Holders]) -> Holders:
    """Return the holders of any of several prices, each once."""
    listed = list(several)
    found = {id_: of for each in listed for id_, of in each.found.items()}
    return Holders(found, all(each.is_whole for each in listed))
