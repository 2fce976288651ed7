"""Names and amounts of prices, and who has them, from wherever it is known. Pure.

They come from the other resources of a stack, from a file, or from Stripe. The file is
what Stripe's own list of prices looks like, so that

    stripe prices list --limit 100 -d "expand[]=data.product" > catalogue.json

makes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.values import has_opaque

from .text import Quoted, Text, count_of
from .values import UNKNOWN, Opaque

__all__ = [
    "EVERYONE",
    "Holders",
    "NotACatalogue",
    "Price",
    "PriceBook",
    "price_book",
    "stripe_objects",
    "together",
]

Object = Mapping[str, Any]

# https://docs.stripe.com/currencies#zero-decimal and #three-decimal
_NO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"
_DECIMALS = {
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 3),
}
_EVERY = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}


class NotACatalogue(ValueError):
    """The JSON holds no objects of Stripe's."""


@dataclass(frozen=True)
class Price:
    """One price, as far as it is known."""

    id: str = ""
    lookup_key: str = ""
    product: str = ""
    """The product's id."""
    product_name: str = ""
    nickname: str = ""
    amount: int | None = None
    """In the currency's smallest unit; None where it isn't one amount."""
    currency: str = ""
    interval: str = ""
    interval_count: int = 1
    opaque: Opaque | None = None
    """Why nothing is known about it."""

    @property
    def identity(self) -> str:
        """What tells it from other prices."""
        return self.id or self.lookup_key

    @property
    def common_name(self) -> str:
        """What it is known by in test and live mode alike, "" where that is unknown."""
        if self.lookup_key or not (self.product_name and self.interval):
            return self.lookup_key
        terms = self.interval_count, self.interval, self.amount, self.currency
        return f"{self.product_name}: {terms}"

    @property
    def title(self) -> Text:
        """The price in words: `Pro monthly (29.00 USD)`, or what comes nearest."""
        if self.opaque is not None:
            return (f"a price ({self.opaque.words})",)
        amount = self._amount
        if self.product_name:
            words = f"{self.product_name} {self._every}".strip()
            return (f"{words} ({amount})" if amount else words,)
        named = self.nickname or Quoted(self.lookup_key or self.id)
        terms = " ".join(filter(None, [amount, self._every]))
        return (named, f" ({terms})" if terms else "")

    @property
    def rank(self) -> tuple[bool, str, int, int]:
        """Where it stands among others: by product, the shortest interval first."""
        unit = [*_EVERY, self.interval].index(self.interval)
        return self.opaque is not None, self.product_name, unit, self.interval_count

    @property
    def _every(self) -> str:
        if self.interval_count == 1:
            return _EVERY.get(self.interval, "")
        return f"every {self.interval_count} {self.interval}s"

    @property
    def _amount(self) -> str:
        if self.amount is None or not self.currency:
            return ""
        code = self.currency.lower()
        decimals = _DECIMALS.get(code, 2)
        return f"{self.amount / 10**decimals:,.{decimals}f} {code.upper()}"


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
        return self._say(len({owner for owner, _ in self.found.values()}), "customer")

    @property
    def subscriptions(self) -> str:
        """How many subscriptions they have."""
        return self._say(len(self.found), "subscription")

    def _say(self, number: int, noun: str) -> str:
        return f"{'' if self.is_whole else 'more than '}{count_of(number, noun)}"

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


@dataclass(frozen=True)
class PriceBook:
    """The prices, and the names of other objects, of one stack."""

    prices: tuple[Price, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of products and other objects by id."""
    counts: Mapping[str, Holders] = field(default_factory=dict)
    """Who has a subscription to each price, by its id, where that was asked."""

    def price(self, given: Any) -> Price:
        """Return the price that an id or `{"lookup_key": …}` names."""
        if is_opaque(given):
            return Price(opaque=given if isinstance(given, Opaque) else UNKNOWN)
        key = given.get("lookup_key") if isinstance(given, Mapping) else None
        if is_opaque(key):
            return self.price(key)
        if key is None:
            return self._by_id.get(str(given)) or Price(id=str(given))
        return self._by_key.get(str(key)) or Price(lookup_key=str(key))

    @cached_property
    def _by_id(self) -> Mapping[str, Price]:
        return {price.id: price for price in reversed(self.prices)}

    @cached_property
    def _by_key(self) -> Mapping[str, Price]:
        return {price.lookup_key: price for price in reversed(self.prices)}

    def label(self, id_: Any) -> Text:
        """Return the name of an object, or its id where no name is known."""
        if isinstance(id_, Opaque):
            return (id_.words,)
        return (self.names.get(str(id_)) or Quoted(str(id_)),)

    def holders(self, prices: Iterable[Price]) -> Holders | None:
        """Return who has a subscription to any of several prices, None if unasked."""
        known = [self.counts[each.id] for each in prices if each.id in self.counts]
        return together(known) if known else None


def stripe_objects(answer: Any) -> list[Object]:
    """Return the objects in a list, or in a page of Stripe's answer to one.

    Raises:
        NotACatalogue: If it is neither.
    """
    entries = answer.get("data") if isinstance(answer, Mapping) else answer
    if not isinstance(entries, list):
        raise NotACatalogue(
            "it is no list of prices, as `stripe prices list` prints it"
        )
    for entry in entries:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            raise NotACatalogue("it holds something that has no `id`")
    return entries


def price_book(
    states: Iterable[Object] = (), objects: Iterable[Object] = (), mode: str = ""
) -> PriceBook:
    """Return the book of a stack: from its resources, and from objects of Stripe's.

    Objects of the other mode are left out. What comes later wins.
    """
    found = [*_of_states(states), *_with_products(objects, mode)]
    names = {
        entry["id"]: name
        for entry in found
        if (name := _text(entry.get("name")) or _text(entry.get("description")))
    }
    prices: dict[str, Price] = {}
    for entry in found:
        price = _price(entry, names)
        if price is not None:
            prices[price.identity] = price
    return PriceBook(tuple(prices.values()), names)


def _with_products(objects: Iterable[Object], mode: str) -> Iterator[Object]:
    """Yield objects of this mode, and the products inside prices."""
    for entry in objects:
        if mode and entry.get("livemode") is (mode != "live"):
            continue
        product = entry.get("product")
        if isinstance(product, Mapping) and isinstance(product.get("id"), str):
            yield product
        yield entry


def _of_states(states: Iterable[Object]) -> Iterator[Object]:
    """Yield the prices and products that other packages manage in the same stack.

    Official and community packages name their types alike: `stripe:index/price:Price`.
    """
    for state in states:
        kind = str(state.get("type")).rpartition(":")[2]
        if kind in ("Price", "Product") and isinstance(state.get("id"), str):
            values = {**(state.get("inputs") or {}), **(state.get("outputs") or {})}
            words = {_snake(k): v for k, v in values.items() if not has_opaque(v)}
            yield {**words, "id": state["id"], "object": kind.lower()}


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def _price(entry: Object, names: Mapping[str, str]) -> Price | None:
    if entry.get("object", "price") != "price":
        return None
    product = entry.get("product")
    product = _text(product.get("id") if isinstance(product, Mapping) else product)
    given = entry.get("recurring")
    given = given if isinstance(given, Mapping) else {}
    recurring = {_snake(name): value for name, value in given.items()}
    return Price(
        id=entry["id"],
        lookup_key=_text(entry.get("lookup_key")),
        product=product,
        product_name=names.get(product, ""),
        nickname=_text(entry.get("nickname")),
        amount=_whole(entry.get("unit_amount")),
        currency=_text(entry.get("currency")),
        interval=_text(recurring.get("interval")),
        interval_count=_whole(recurring.get("interval_count")) or 1,
    )


def _whole(value: Any) -> int | None:
    """Return a number that Pulumi or Stripe may have written, None for what is none."""
    is_number = type(value) in (int, float) and abs(value) <= 2**53
    return int(value) if is_number else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
