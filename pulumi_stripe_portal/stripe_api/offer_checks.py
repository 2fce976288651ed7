"""What is wrong with the products and prices that a configuration offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.offer import (
    AT,
    lookup_keys,
    prices_of,
    products_of,
)
from pulumi_stripe_portal.schema.rules import bare_lookup_key, product_twice
from pulumi_stripe_portal.schema.validate import Failure
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stripe_api.catalogue import Catalogue, Price

__all__ = ["Finding", "findings"]


@dataclass(frozen=True)
class Finding:
    """One thing that preflight found."""

    failure: Failure
    missing: bool = False
    """Stripe doesn't know it (yet); the same program may be about to make it."""


def findings(catalogue: Catalogue, inputs: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the products and prices that are known."""
    catalogue.forget_missing()
    catalogue.want(lookup_keys(inputs))
    places: dict[str, tuple[str, bool]] = {}
    for index, entry in enumerate(products_of(inputs)):
        if isinstance(entry, Mapping):
            yield from _entry_findings(catalogue, entry, index)
            yield from _twice(catalogue, entry, index, places)


def _twice(
    catalogue: Catalogue,
    entry: Mapping[str, Any],
    index: int,
    places: dict[str, tuple[str, bool]],
) -> Iterator[Finding]:
    """Find the product that an earlier entry lists, by lookup keys perhaps."""
    given = entry.get("product")
    product = given if given is not None else _product_by_key(catalogue, entry)
    if not isinstance(product, str):
        return
    first, named = places.setdefault(product, (f"products[{index}]", given is not None))
    if first != f"products[{index}]" and not (named and given is not None):
        yield Finding(product_twice(f"{AT}[{index}]", product, first))


def _product_by_key(catalogue: Catalogue, entry: Mapping[str, Any]) -> str | None:
    """Return the product of the entry's first price that is named by lookup key."""
    keys = [value_at(price, ("lookup_key",)) for price in prices_of(entry)]
    known = (catalogue.by_key(key) for key in keys if isinstance(key, str))
    return next((price["product"]["id"] for price in known if price), None)


def _entry_findings(
    catalogue: Catalogue, entry: Mapping[str, Any], index: int
) -> Iterator[Finding]:
    at = f"{AT}[{index}]"
    product = entry.get("product")
    if is_opaque(product):
        return
    product = product or _product_by_key(catalogue, entry)
    prices: dict[str, tuple[str, Price]] = {}
    for number, given in enumerate(prices_of(entry)):
        where = f"{at}.prices[{number}]"
        key = value_at(given, ("lookup_key",)) if given is not None else None
        if is_opaque(given) or is_opaque(key):
            continue
        if isinstance(given, Mapping):
            price = catalogue.by_key(given["lookup_key"])
            if price is None:
                yield Finding(catalogue.unknown_key(index, number, given), missing=True)
                continue
        else:
            if product is None:
                continue
            price = (catalogue.of_product(product) or {}).get(given)
            if price is None:
                yield from _unknown_price(catalogue, where, given, product)
                continue
        product = product or price["product"]["id"]
        yield from _price_findings(where, price, product, prices)
    given_product = entry.get("product")
    if (
        isinstance(given_product, str)
        and not prices
        and catalogue.of_product(given_product) is None
    ):
        yield Finding(
            Failure(
                f"{at}.product",
                f"Stripe knows no product {{value}} in {catalogue.mode} mode",
                "use a product of this mode; ids differ between test and live",
                given_product,
            ),
            missing=True,
        )


def _unknown_price(
    catalogue: Catalogue, where: str, given: str, product: str
) -> Iterator[Finding]:
    price = catalogue.price(given)
    if price is None and not given.startswith("price_") and catalogue.by_key(given):
        yield Finding(bare_lookup_key(where, given))
    elif price is None:
        yield Finding(
            Failure(
                where,
                f"Stripe knows no price {{value}} in {catalogue.mode} mode",
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
