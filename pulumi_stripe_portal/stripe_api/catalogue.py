"""Products and prices: lookup keys to ids and back, and what is wrong with them.

https://docs.stripe.com/products-prices/manage-prices#lookup-keys
"""

from __future__ import annotations

import difflib
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.rules import bare_lookup_key, product_twice
from pulumi_stripe_portal.schema.validate import Failure
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = [
    "Catalogue",
    "Finding",
    "catalogue_of",
    "listed",
    "lookup_keys",
    "with_products",
]

AT = "features.subscription_update.products"
_BATCH = 10  # «Array lookup_keys exceeded maximum 10 allowed elements.»

_GATHER = 0.1  # seconds
_PAGE = 100  # prices in an answer

Price = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """One thing that preflight found."""

    failure: Failure
    missing: bool = False
    """Stripe doesn't know it (yet); the same program may be about to make it."""


def listed(inputs: Any) -> list[Any]:
    """Return the products of a configuration's inputs, [] where there are none."""
    products = value_at(inputs, ("features", "subscription_update", "products"))
    return list(products) if isinstance(products, (list, tuple)) else []


def with_products(inputs: Mapping[str, Any], products: list[Any]) -> dict[str, Any]:
    """Return a copy of a configuration with other products."""
    features = inputs["features"]
    update = {**features["subscription_update"], "products": products}
    return {**inputs, "features": {**features, "subscription_update": update}}


def lookup_keys(inputs: Any) -> list[str]:
    """Return the lookup keys that a configuration's inputs name, each once."""
    found = (
        value_at(price, ("lookup_key",))
        for entry in listed(inputs)
        for price in _prices(entry)
    )
    return list(dict.fromkeys(key for key in found if isinstance(key, str)))


def _prices(entry: Any) -> list[Any]:
    prices = value_at(entry, ("prices",))
    return list(prices) if isinstance(prices, (list, tuple)) else []


def catalogue_of(connection: Connection) -> Catalogue:
    """Return the catalogue; the same one for every resource of a process."""
    return connection.shared("catalogue", lambda: Catalogue(connection))


class Catalogue:
    """The prices of one account and mode, asked for at most once in a process."""

    def __init__(self, connection: Connection) -> None:
        """Ask over a connection, when it is asked."""
        self._connection = connection
        self._lock = threading.RLock()
        self._wanted: dict[str, None] = {}
        self._wanted_lock = threading.Lock()
        self._gathering = False
        self._by_key: dict[str, Price | None] = {}
        self._of_product: dict[str, dict[str, Price] | None] = {}
        self._some_keys: tuple[str, ...] | None = None

    def want(self, keys: Iterable[str], *, gather: bool = False) -> None:
        """Say which lookup keys will be asked for, so that they go in one request.

        With `gather`, others are about to say theirs (a refresh reads many resources
        at a time, and none knows of the others): the first request waits for them.
        """
        with self._wanted_lock:
            self._wanted.update(dict.fromkeys(keys))
            self._gathering = self._gathering or (gather and not self._by_key)

    def by_key(self, key: str) -> Price | None:
        """Return the price that has this lookup key now, None where none has."""
        with self._lock:
            if key not in self._by_key:
                if self._gathering:
                    time.sleep(_GATHER)
                with self._wanted_lock:
                    self._gathering = False
                    self._wanted[key] = None
                    unasked = [k for k in self._wanted if k not in self._by_key]
                for start in range(0, len(unasked), _BATCH):
                    self._ask(unasked[start : start + _BATCH])
            return self._by_key[key]

    def forget_missing(self) -> None:
        """Ask again for lookup keys that no price had: the program may have made it."""
        with self._lock:
            missing = [key for key, price in self._by_key.items() if price is None]
            for key in missing:
                del self._by_key[key]

    def _ask(self, keys: list[str]) -> None:
        prices = self._connection.client.v1.prices
        found = self._connection.pages(
            prices.list, {"lookup_keys": keys}, ["data.product"]
        )
        known = {price["lookup_key"]: price for price in found}
        self._by_key.update({key: known.get(key) for key in keys})

    def of_product(self, product: str) -> dict[str, Price] | None:
        """Return a product's prices by id, None where Stripe knows no such product."""
        with self._lock:
            if product not in self._of_product:
                prices = self._connection.client.v1.prices
                try:
                    found = self._connection.pages(
                        prices.list, {"product": product}, ["data.product"]
                    )
                    self._of_product[product] = {item["id"]: item for item in found}
                except RequestRefused as refused:
                    if refused.code != "resource_missing":
                        raise
                    self._of_product[product] = None
            return self._of_product[product]

    def price(self, id_: str) -> Price | None:
        """Return a price by id, None where there is none; for an error's words."""
        prices = self._connection.client.v1.prices
        return self._connection.find(prices.retrieve, id_)

    def resolved(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the inputs with ids for lookup keys, and products for prices.

        Raises:
            RequestRefused: if no price has one of the lookup keys.
        """
        products = listed(inputs)
        if not products:
            return inputs
        self.forget_missing()
        self.want(lookup_keys(inputs))
        return with_products(
            inputs,
            [self._resolved(entry, index) for index, entry in enumerate(products)],
        )

    def _resolved(self, entry: Mapping[str, Any], index: int) -> dict[str, Any]:
        prices: list[str] = []
        product = entry.get("product")
        for number, given in enumerate(_prices(entry)):
            if not isinstance(given, Mapping):
                prices.append(given)
                continue
            price = self.by_key(given["lookup_key"])
            if price is None:
                raise RequestRefused(self.unknown_key(index, number, given).text())
            prices.append(price["id"])
            product = product or price["product"]["id"]
        return {**entry, "product": product, "prices": prices}

    def unknown_key(self, index: int, number: int, given: Mapping[str, Any]) -> Failure:
        """Say that no price has a lookup key, and which one may be meant."""
        key = given["lookup_key"]
        near = difflib.get_close_matches(key, self._keys_in_use(), n=1, cutoff=0.7)
        meant = f" (did you mean {near[0]!r}?)" if near else ""
        return Failure(
            f"{AT}[{index}].prices[{number}].lookup_key",
            f"no price has the lookup key {{value}} in {self._mode} mode",
            f"give it to a price of this mode, or correct it{meant}; where the same "
            "program makes the price, add it to depends_on",
            key,
        )

    def _keys_in_use(self) -> tuple[str, ...]:
        """Return the lookup keys of the newest prices; one request in a process.

        Only asked for where a key is unknown, to find the one that it should be.
        """
        with self._lock:
            if self._some_keys is None:
                prices = self._connection.client.v1.prices
                try:
                    found = self._connection.pages(prices.list, {"active": True})
                    keys = [each["lookup_key"] for each in islice(found, _PAGE)]
                except RequestRefused:
                    keys = []
                self._some_keys = tuple(key for key in keys if key)
            return self._some_keys

    @property
    def _mode(self) -> str:
        return self._connection.settings.mode

    def as_declared(
        self, inputs: Mapping[str, Any], found: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return a Stripe object with its products in the words of the inputs.

        A price that still has its declared lookup key is named by it; what an entry
        does not declare (its product, its quantity) is left out.
        """
        live = listed(found)
        declared = listed(inputs)
        if not live or not declared:
            return dict(found)
        self.want(lookup_keys(inputs))
        return with_products(
            found, [self._entry_as_declared(entry, declared) for entry in live]
        )

    def _entry_as_declared(
        self, live: Mapping[str, Any], declared: list[Any]
    ) -> dict[str, Any]:
        for entry in declared:
            named: dict[str, Any] = {}
            product = entry.get("product")
            for given in _prices(entry):
                if isinstance(given, Mapping):
                    key = given["lookup_key"]
                    price = None if is_opaque(key) else self.by_key(key)
                    if price is not None:
                        named[price["id"]] = given
                        product = product or price["product"]["id"]
                elif product is None and given in live["prices"]:
                    product = live["product"]
            if product != live["product"]:
                continue
            shown = dict(live)
            shown["prices"] = [named.get(id_, id_) for id_ in live["prices"]]
            if "product" not in entry and any(id_ in named for id_ in live["prices"]):
                del shown["product"]
            quantity = entry.get("adjustable_quantity")
            if quantity is None:
                shown.pop("adjustable_quantity", None)
            else:
                now = live.get("adjustable_quantity") or {}
                shown["adjustable_quantity"] = {key: now.get(key) for key in quantity}
            return shown
        return dict(live)

    def findings(self, inputs: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield what is wrong with the products and prices that are known."""
        self.forget_missing()
        self.want(lookup_keys(inputs))
        places: dict[str, tuple[str, bool]] = {}
        for index, entry in enumerate(listed(inputs)):
            if isinstance(entry, Mapping):
                yield from self._entry_findings(entry, index)
                yield from self._twice(entry, index, places)

    def _twice(
        self, entry: Mapping[str, Any], index: int, places: dict[str, tuple[str, bool]]
    ) -> Iterator[Finding]:
        """Find the product that an earlier entry lists, by lookup keys perhaps."""
        given = entry.get("product")
        product = given if given is not None else self._told_product(entry)
        if not isinstance(product, str):
            return
        first, named = places.setdefault(
            product, (f"products[{index}]", given is not None)
        )
        if first != f"products[{index}]" and not (named and given is not None):
            yield Finding(product_twice(f"{AT}[{index}]", product, first))

    def _told_product(self, entry: Mapping[str, Any]) -> str | None:
        """Return the product of the entry's first price that is named by lookup key."""
        keys = [value_at(price, ("lookup_key",)) for price in _prices(entry)]
        known = (self.by_key(key) for key in keys if isinstance(key, str))
        return next((price["product"]["id"] for price in known if price), None)

    def _entry_findings(
        self, entry: Mapping[str, Any], index: int
    ) -> Iterator[Finding]:
        at = f"{AT}[{index}]"
        product = entry.get("product")
        if is_opaque(product):
            return
        product = product or self._told_product(entry)
        prices: dict[str, tuple[str, Price]] = {}
        for number, given in enumerate(_prices(entry)):
            where = f"{at}.prices[{number}]"
            key = value_at(given, ("lookup_key",)) if given is not None else None
            if is_opaque(given) or is_opaque(key):
                continue
            if isinstance(given, Mapping):
                price = self.by_key(given["lookup_key"])
                if price is None:
                    yield Finding(self.unknown_key(index, number, given), missing=True)
                    continue
            else:
                if product is None:
                    continue
                price = (self.of_product(product) or {}).get(given)
                if price is None:
                    yield from self._unknown_price(where, given, product)
                    continue
            product = product or price["product"]["id"]
            yield from self._price_findings(where, price, product, prices)
        given_product = entry.get("product")
        if (
            isinstance(given_product, str)
            and not prices
            and self.of_product(given_product) is None
        ):
            yield Finding(
                Failure(
                    f"{at}.product",
                    f"Stripe knows no product {{value}} in {self._mode} mode",
                    "use a product of this mode; ids differ between test and live",
                    given_product,
                ),
                missing=True,
            )

    def _unknown_price(self, where: str, given: str, product: str) -> Iterator[Finding]:
        price = self.price(given)
        if price is None and not given.startswith("price_") and self.by_key(given):
            yield Finding(bare_lookup_key(where, given))
        elif price is None:
            yield Finding(
                Failure(
                    where,
                    f"Stripe knows no price {{value}} in {self._mode} mode",
                    "use a price of this mode (ids differ between test and live), or "
                    "name it by lookup_key",
                    given,
                ),
                missing=True,
            )
        elif price["product"] != product:
            yield Finding(
                Failure(
                    where,
                    f"{{value}} belongs to product {price['product']!r}",
                    "list it under its own product",
                    given,
                )
            )

    def _price_findings(
        self,
        where: str,
        price: Price,
        product: str,
        earlier: dict[str, tuple[str, Price]],
    ) -> Iterator[Finding]:
        shown = price["lookup_key"] or price["id"]
        if price["product"]["id"] != product:
            yield Finding(
                Failure(
                    where,
                    f"{{value}} belongs to product {price['product']['id']!r}",
                    "list it under its own product",
                    shown,
                )
            )
            return
        if not price["active"] or not price["product"]["active"]:
            what = "price" if not price["active"] else "product of the price"
            yield Finding(
                Failure(
                    where,
                    f"the {what} {{value}} is archived at Stripe",
                    "use an active one, or activate it again",
                    shown,
                )
            )
        recurring = price.get("recurring")
        if not recurring:
            yield Finding(
                Failure(
                    where,
                    "{value} is a one-time price",
                    "list recurring prices only",
                    shown,
                )
            )
            return
        # «For each product, its price must have unique billing intervals.»
        interval = f"{recurring['interval_count']} {recurring['interval']}"
        first = earlier.setdefault(interval, (where, price))
        other = first[0].removeprefix(where.rpartition(".")[0] + ".")
        if first[0] != where and first[1]["id"] == price["id"]:
            yield Finding(
                Failure(
                    where,
                    f"{{value}} is the same price as {other}",
                    "list each price once",
                    shown,
                )
            )
        elif first[0] != where:
            yield Finding(
                Failure(
                    where,
                    f"{{value}} is billed every {interval}, like {other} of the same "
                    "product",
                    "keep one price per billing interval; for another set of prices, "
                    "make a second product or configuration",
                    shown,
                )
            )
