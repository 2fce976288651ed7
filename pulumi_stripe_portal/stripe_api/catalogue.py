"""Products and prices: lookup keys to ids and back.

https://docs.stripe.com/products-prices/manage-prices#lookup-keys
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from pulumi_stripe_portal.engine.options import option
from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.schema.failures import nearest
from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.offer import (
    AT,
    lookup_keys,
    prices_of,
    products_of,
    with_products,
)
from pulumi_stripe_portal.schema.validate import Failure

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = [
    "Catalogue",
    "catalogue_of",
]

_BATCH = 10  # «Array lookup_keys exceeded maximum 10 allowed elements.»

_GATHER = 0.1  # seconds
_PAGE = 100  # prices in an answer

Price = Mapping[str, Any]


def catalogue_of(connection: Connection) -> Catalogue:
    """Return the catalogue; the same one for every resource of a process."""
    return connection.share("catalogue", lambda: Catalogue(connection))


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

    def resolve(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the inputs with ids for lookup keys, and products for prices.

        Raises:
            RequestRefused: If no price has one of the lookup keys.
        """
        products = products_of(inputs)
        if not products:
            return inputs
        self.forget_missing()
        self.want(lookup_keys(inputs))
        return with_products(
            inputs,
            [self._resolve(entry, index) for index, entry in enumerate(products)],
        )

    def _resolve(self, entry: Mapping[str, Any], index: int) -> dict[str, Any]:
        prices: list[str] = []
        product = entry.get("product")
        for number, given in enumerate(prices_of(entry)):
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
        near = nearest(key, self._keys_in_use(), cutoff=0.7)
        meant = f" (did you mean {near!r}?)" if near else ""
        return Failure(
            f"{AT}[{index}].prices[{number}].lookup_key",
            f"no price has the lookup key {{value}} in {self.mode} mode",
            f"give it to a price of this mode, or correct it{meant}; where the same "
            f"program makes the price, add it to {option('depends_on')}",
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
    def mode(self) -> str:
        """The mode that they are of, `test` or `live`."""
        return self._connection.settings.mode

    def reword(
        self, inputs: Mapping[str, Any], found: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return a Stripe object with its products in the words of the inputs.

        A price that still has its declared lookup key is named by it; what an entry
        does not declare (its product, its quantity) is left out.
        """
        live = products_of(found)
        declared = products_of(inputs)
        if not live or not declared:
            return dict(found)
        self.want(lookup_keys(inputs))
        return with_products(
            found, [self._reword_entry(entry, declared) for entry in live]
        )

    def _reword_entry(
        self, live: Mapping[str, Any], declared: list[Any]
    ) -> dict[str, Any]:
        for entry in declared:
            named: dict[str, Any] = {}
            product = entry.get("product")
            for given in prices_of(entry):
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
