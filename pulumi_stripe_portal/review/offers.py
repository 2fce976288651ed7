"""Which plans customers can change to, how, and how that is billed.

Each function without an underscore tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.values import value_at

from .before_after import BeforeAfter, Effect, Side, fact, gain, loss, turned
from .fields import ABILITIES, PORTAL_FIELDS, Risk
from .prices import Price, PriceBook
from .text import Text, counted, joined

__all__ = [
    "Offer",
    "alike",
    "billing_of_changes",
    "changing_plan",
    "offer_of",
    "waiting_changes",
]

_FEATURE = "subscription_update"
_AT = f"features.{_FEATURE}"


@dataclass(frozen=True)
class Offer:
    """A product that customers can change to, or whose quantity they can change."""

    product: str
    """Its id, where that is known."""
    name: Text
    prices: tuple[Price, ...]
    quantity: tuple[bool, int | None, int | None]
    """Whether it can be changed, from and to."""

    @property
    def range(self) -> str:
        """How far the quantity can be changed, e.g. `1 to 50`."""
        _, minimum, maximum = self.quantity
        return f"{minimum or 1} " + ("or more" if maximum is None else f"to {maximum}")

    def is_same(self, other: Offer) -> bool:
        """Tell whether both are the same product."""
        if self.product and other.product:
            return self.product == other.product
        ours, theirs = _identities(self.prices), _identities(other.prices)
        return bool(ours & theirs)


def _identities(prices: Sequence[Price]) -> set[str]:
    return {price.identity for price in prices if price.identity}


def _offers(side: Side, book: PriceBook) -> list[Offer]:
    """Return what is on offer, [] where customers can't change anything."""
    if not side.on(_FEATURE):
        return []
    return [offer_of(entry, book) for entry in side.at(f"{_AT}.products")]


def offer_of(entry: Any, book: PriceBook) -> Offer:
    """Return a product of a configuration's inputs, defaults filled in.

    What isn't known yet of it is a price that isn't known yet.
    """
    listed = value_at(entry, ("prices",))
    listed = listed if isinstance(listed, list) else [listed] if listed else []
    prices = tuple(book.price(given) for given in listed)
    given = value_at(entry, ("product",))
    product = given if isinstance(given, str) else ""
    product = product or next((price.product for price in prices if price.product), "")
    named = book.names.get(product)
    quantity = value_at(entry, ("adjustable_quantity",))
    return Offer(
        product=product,
        name=(named,) if named else joined([price.title for price in prices], most=3),
        prices=tuple(sorted(prices, key=lambda price: price.rank)),
        quantity=(
            value_at(quantity, ("enabled",)) is True,
            _number(value_at(quantity, ("minimum",))),
            _number(value_at(quantity, ("maximum",))),
        ),
    )


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def alike(pair: BeforeAfter) -> bool:
    """Tell whether only the code's names for the same plans differ."""
    was, will = (
        sorted(repr(_named(entry, pair.book)) for entry in side.at(f"{_AT}.products"))
        for side in (pair.was, pair.will)
    )
    return was == will


def _named(entry: Any, book: PriceBook) -> Any:
    """Return a product by what its prices are; one that isn't known is no other's."""
    if not isinstance(entry, Mapping):
        return object()
    prices = [price.identity or object() for price in offer_of(entry, book).prices]
    return {**entry, "product": "", "prices": sorted(map(repr, prices))}


def changing_plan(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell whether customers can change plan and quantity, and to what."""
    was_on, will_on = pair.was.on(_FEATURE), pair.will.on(_FEATURE)
    was, will = (_offers(side, pair.book) for side in (pair.was, pair.will))
    allowed_before, allowed = _allowed(pair.was, was), _allowed(pair.will, will)
    if _FEATURE in pair.was.bare | pair.will.bare:
        if was_on != will_on:
            yield (gain if will_on else loss)(ABILITIES[_FEATURE], Risk.ACCESS)
        return
    if was_on and not will_on:
        yield from _nothing_left(was, allowed_before)
        return
    yield from _abilities(allowed_before, allowed, was)
    gone = [offer for offer in was if not any(offer.is_same(other) for other in will)]
    if "price" in allowed:
        yield from _prices(was if "price" in allowed_before else [], will, gone)
    still = allowed & allowed_before & {"price", "quantity"}
    if gone and still:
        yield from _unlisted(gone, still)
    if "quantity" in allowed:
        yield from _quantities(was if "quantity" in allowed_before else [], will)


def _allowed(side: Side, offers: list[Offer]) -> set[str]:
    """Return what customers can really change: of something that is on offer."""
    if not side.on(_FEATURE):
        return set()
    possible = set(side.chosen(f"{_AT}.default_allowed_updates"))
    if not any(offer.quantity[0] for offer in offers):
        possible.discard("quantity")
    return possible if offers else possible - {"price"}


def _words(allowed: set[str]) -> str:
    """Return `change plan or quantity` for what is allowed."""
    named = [
        words
        for name, words in (("price", "plan"), ("quantity", "quantity"))
        if name in allowed
    ]
    return f"change {' or '.join(named)}"


def _nothing_left(was: list[Offer], allowed: set[str]) -> Iterator[Effect]:
    """Tell what customers lose; with the plan goes the code that is entered there."""
    changes = allowed & {"price", "quantity"}
    yield from _abilities(changes or allowed, set(), was)


def _abilities(before: set[str], after: set[str], was: list[Offer]) -> Iterator[Effect]:
    """Tell what became possible or impossible for every product."""
    prices = [price for offer in was for price in offer.prices]
    lost = before - after
    if lost & {"price", "quantity"}:
        yield loss(_words(lost), Risk.ACCESS, *prices)
        yield from _affected(prices, f"can no longer {_words(lost)}")
    if "promotion_code" in lost:
        yield loss("enter a promotion code when they change plan", Risk.MONEY)
    if "promotion_code" in after - before:
        yield gain("enter a promotion code when they change plan", Risk.MONEY)


def _prices(was: list[Offer], will: list[Offer], gone: list[Offer]) -> Iterator[Effect]:
    """Tell which prices customers can change to, and no longer can."""
    known = _identities([price for offer in was for price in offer.prices])
    still = _identities([price for offer in will for price in offer.prices])
    more = [p for offer in will for p in offer.prices if p.identity not in known]
    less = [p for offer in was for p in offer.prices if p.identity not in still]
    if less:
        told = _identities([price for offer in gone for price in offer.prices])
        yield loss(("change plan to ", *_titles(less)), Risk.MONEY, *less)
        yield from _affected([p for p in less if p.identity not in told], "")
    if more:
        yield gain(("change plan to ", *_titles(more)), Risk.MONEY, *more)
        yield from _affected(more, "")


def _unlisted(gone: list[Offer], allowed: set[str]) -> Iterator[Effect]:
    """Tell who can't change anything any more, as their product isn't listed."""
    prices = [price for offer in gone for price in offer.prices]
    words = f" can no longer {_words(allowed)}: their product is not on offer any more."
    names = joined([offer.name for offer in gone], "or")
    yield fact(("Customers who have ", *names, words), Risk.ACCESS, *prices)
    yield from _affected(prices, f"can no longer {_words(allowed)}")


def _titles(prices: Sequence[Price]) -> Text:
    return joined([price.title for price in prices], "or")


def _affected(prices: Sequence[Price], what: str) -> Iterator[Effect]:
    """Say how many customers a change concerns, where that was asked."""
    for price in prices:
        if price.customers is None:
            continue
        number = counted(price.customers, "customer")
        if not what:
            verb = "is" if price.customers == 1 else "are"
            yield fact((f"{number} {verb} on ", *price.title, " today."), Risk.MONEY)
        elif price.customers:
            yield fact((f"{number} on ", *price.title, f" {what}."), Risk.ACCESS)


def _quantities(was: list[Offer], will: list[Offer]) -> Iterator[Effect]:
    """Tell of which products the quantity can be changed, and how far."""
    more: dict[str, list[Text]] = {}
    less: list[Text] = []
    for offer in will:
        before = next((other for other in was if other.is_same(offer)), None)
        could = before is not None and before.quantity[0]
        if offer.quantity[0] and not could:
            more.setdefault(offer.range, []).append(offer.name)
        elif could and not offer.quantity[0]:
            less.append(offer.name)
        elif before is not None and before.quantity != offer.quantity:
            seats = ("The quantity (seats) of ", *offer.name)
            yield fact(
                (*seats, f" can now be {offer.range}."),
                Risk.MONEY,
                before=before.range,
                holds=(*seats, f" can be {offer.range}"),
            )
    if less:
        yield loss(("change the quantity (seats) of ", *joined(less)), Risk.ACCESS)
    for reach, names in more.items():
        seats = ("change the quantity (seats) of ", *joined(names), f": {reach}")
        yield gain(seats, Risk.MONEY)


def billing_of_changes(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell how a change is billed, and what becomes of billing date and trial."""
    if not pair.will.on(_FEATURE) or _FEATURE in pair.will.bare:
        return
    for name in ("proration_behavior", "billing_cycle_anchor", "trial_update_behavior"):
        path = f"{_AT}.{name}"
        words, will = PORTAL_FIELDS[path], pair.will.at(path)
        was = pair.was.at(path)
        clause = f"{words.when[:1].upper()}{words.when[1:]}, {words.say(will)}"
        if not pair.was.on(_FEATURE) or _FEATURE in pair.was.bare:
            default = pair.will.leaves[path][0].mark.default
            if name == "proration_behavior" or will != default:
                yield fact(f"{clause}.", Risk.MONEY)
        elif was != will:
            yield turned(clause, words.say(was), Risk.MONEY)


def waiting_changes(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell which changes wait for the end of the period."""
    if not pair.will.on(_FEATURE) or _FEATURE in pair.will.bare:
        return
    was, will = _waiting(pair.was), _waiting(pair.will)
    known = PORTAL_FIELDS[f"{_AT}.schedule_at_period_end.conditions.type"].choices
    newer = {name: f"of the kind {name}" for name in sorted((was | will) - {*known})}
    for name, words in {**known, **newer}.items():
        if name in will and name not in was:
            clause = f"A change {words} waits until the end of the paid period"
            yield fact(f"{clause}.", Risk.MONEY, holds=clause)
        if name in was and name not in will:
            yield fact(
                f"A change {words} no longer waits: it takes effect at once.",
                Risk.MONEY,
            )


def _waiting(side: Side) -> set[str]:
    if not side.on(_FEATURE):
        return set()
    conditions = side.at(f"{_AT}.schedule_at_period_end.conditions")
    return {str(value_at(condition, ("type",))) for condition in conditions}
