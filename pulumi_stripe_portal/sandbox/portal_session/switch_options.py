"""What a customer can switch to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render

from .offers import entry_listing, entry_of, quantity_range
from .open_session import OpenSession
from .own_subscriptions import find_own

__all__ = [
    "Option",
    "Quantity",
    "is_offered",
    "options",
    "quantity_of",
    "switch_targets",
]


@dataclass(frozen=True)
class Quantity:
    """The quantities that can be chosen; *maximum* None is without limit."""

    minimum: int
    maximum: int | None


@dataclass(frozen=True)
class Option:
    """A price to choose.

    Attributes:
        product: The product.
        price: The price, with its product expanded.
        current: Whether it is what the customer has.
        quantity: What quantities can be chosen, None where none can.
    """

    product: Json
    price: Json
    current: bool
    quantity: Quantity | None


def options(session: OpenSession, id: str) -> list[Option]:
    """Return the prices that the configuration lists, in order, and the current one.

    Left out are inactive prices, and those of another currency. Nothing is returned
    where the current product is not listed: such a subscription cannot be opened for
    update [V].

    Raises:
        NotFound: There is no such subscription.
    """
    with session.context.store.lock:
        return list(_options(session, find_own(session, id)))


def switch_targets(session: OpenSession, stored: Json) -> list[Option]:
    """Return what *stored* can be switched to."""
    if "price" not in session.allowed.update:
        return []
    return [option for option in _options(session, stored) if not option.current]


def is_offered(session: OpenSession, stored: Json) -> bool:
    """Tell whether the product of *stored* is listed, so that it can be updated."""
    return entry_of(session.context, session.configuration, stored) is not None


def quantity_of(session: OpenSession, stored: Json) -> Quantity | None:
    """Return the quantities that *stored* can have, None where it stays as it is."""
    if "quantity" not in session.allowed.update:
        return None
    product = entry_of(session.context, session.configuration, stored)
    return _quantity(product) if product else None


def _options(session: OpenSession, stored: Json) -> Iterator[Option]:
    context = session.context
    update = session.configuration["features"]["subscription_update"]
    current = context.get("price", stored["items"][0]["price"])
    if not is_offered(session, stored):
        return
    if entry_listing(session.configuration, current["id"]) is None:
        # An older price of a listed product: it can be left, and is shown as it is.
        yield _option(session, current, None, current)
    for each in update["products"]:
        for id_ in each["prices"]:
            price = context.partition.get("price", id_)
            if price is None or price["currency"] != stored["currency"]:
                continue
            if price["active"] or price["id"] == current["id"]:
                quantity = _quantity(each)
                yield _option(session, price, quantity, current)


def _option(
    session: OpenSession, price: Json, quantity: Quantity | None, current: Json
) -> Option:
    context = session.context
    shown = render(context, context.resources["price"], price, ["product"])
    changeable = "quantity" in session.allowed.update
    return Option(
        product=shown["product"],
        price=shown,
        current=price["id"] == current["id"],
        quantity=quantity if changeable else None,
    )


def _quantity(product: Json) -> Quantity | None:
    span = quantity_range(product)
    return Quantity(*span) if span else None
