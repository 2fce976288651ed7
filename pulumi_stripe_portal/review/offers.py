"""Which plans customers can change to, how, and how that is billed.

Each function that takes a pair tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.offer import products_of
from pulumi_stripe_portal.schema.values import value_at

from .before_after import BeforeAfter, Effect, Side, clause, fact, gain, loss, only_in
from .fields import FIELDS, Risk
from .prices import Price, PriceBook
from .text import Text, join

__all__ = [
    "Offer",
    "billing_of_changes",
    "changing_plan",
    "offer_of",
    "on_offer",
    "same_plans",
    "waiting_changes",
]

_FEATURE = "subscription_update"
_AT = f"features.{_FEATURE}"
_CHANGES = {"price": "plan", "quantity": "quantity"}
"""What customers can change of what they have, in words."""


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
        return bool(_identities([self]) & _identities([other]))


def _identities(offers: Iterable[Offer]) -> set[str]:
    return {price.identity for price in _prices(offers) if price.identity}


def _prices(offers: Iterable[Offer]) -> list[Price]:
    return [price for offer in offers for price in offer.prices]


def offer_of(entry: Any, book: PriceBook) -> Offer:
    """Return a product of a configuration's inputs, defaults filled in.

    What isn't known yet of it is a price that isn't known yet.
    """
    listed = value_at(entry, ("prices",))
    listed = listed if isinstance(listed, list) else [listed] if listed else []
    prices = [book.price(given) for given in listed]
    given = value_at(entry, ("product",))
    products = (given, *(price.product for price in prices))
    product = next((each for each in products if each and isinstance(each, str)), "")
    named = book.names.get(product)
    quantity = value_at(entry, ("adjustable_quantity",))
    ends = (value_at(quantity, (end,)) for end in ("minimum", "maximum"))
    minimum, maximum = (end if isinstance(end, int) else None for end in ends)
    return Offer(
        product=product,
        name=(named,) if named else join([price.title for price in prices], most=3),
        prices=tuple(sorted(prices, key=lambda price: price.rank)),
        quantity=(value_at(quantity, ("enabled",)) is True, minimum, maximum),
    )


def same_plans(pair: BeforeAfter) -> bool:
    """Tell whether only the code's names for the same plans differ."""
    was, will = (
        sorted(repr(_identity(entry, pair.book)) for entry in products)
        for products in pair.at(f"{_AT}.products")
    )
    return was == will


def _identity(entry: Any, book: PriceBook) -> Any:
    """Return a product by what its prices are; one that isn't known is no other's."""
    if not isinstance(entry, Mapping):
        return object()
    prices = [price.identity or object() for price in offer_of(entry, book).prices]
    return {**entry, "product": "", "prices": sorted(map(repr, prices))}


def changing_plan(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell whether customers can change plan and quantity, and to what."""
    book = pair.book
    (was, before), (will, after) = (_offers(side, book) for side in pair.sides)
    if pair.was.on(_FEATURE) and not pair.will.on(_FEATURE):
        # With the plan goes the code that is entered there.
        before = before & _CHANGES.keys() or before
        yield from _abilities(before, set(), _prices(was), book)
        return
    yield from _abilities(before, after, _prices(was), book)
    gone = [offer for offer in was if not any(offer.is_same(other) for other in will)]
    if "price" in after:
        yield from _plans(was if "price" in before else [], will, gone, book)
    still = after & before & _CHANGES.keys()
    if gone and still:
        yield from _gone(gone, still, book)
    if "quantity" in after:
        yield from _quantities(was if "quantity" in before else [], will, book)


def on_offer(sides: Iterable[Any], book: PriceBook) -> tuple[Price, ...]:
    """Return the prices that inputs offer, on any side of a change."""
    entries = (entry for inputs in sides for entry in products_of(inputs or {}))
    return tuple(_prices(offer_of(entry, book) for entry in entries))


def _offers(side: Side, book: PriceBook) -> tuple[list[Offer], set[str]]:
    """Return what is on offer, and what of it customers can really change."""
    offers = [offer_of(entry, book) for entry in side.felt(f"{_AT}.products") or ()]
    possible = set(side.chosen(f"{_AT}.default_allowed_updates"))
    if not any(offer.quantity[0] for offer in offers):
        possible.discard("quantity")
    return offers, possible if offers else possible - {"price"}


def _change(allowed: set[str]) -> str:
    """Return `change plan or quantity` for what is allowed."""
    named = [words for name, words in _CHANGES.items() if name in allowed]
    return f"change {' or '.join(named)}"


def _abilities(
    before: set[str], after: set[str], prices: list[Price], book: PriceBook
) -> Iterator[Effect]:
    """Tell what became possible or impossible for every product."""
    lost = before - after
    if lost & _CHANGES.keys():
        yield loss(_change(lost), Risk.ACCESS, *prices)
        yield from _customers(book, prices, f"can no longer {_change(lost)}")
    if "promotion_code" in before ^ after:
        say = loss if "promotion_code" in lost else gain
        yield say("enter a promotion code when they change plan", Risk.MONEY)


def _plans(
    was: list[Offer], will: list[Offer], gone: list[Offer], book: PriceBook
) -> Iterator[Effect]:
    """Tell which prices customers can change to, and no longer can."""
    known, still, told = map(_identities, (was, will, gone))
    less = [price for price in _prices(was) if price.identity not in still]
    more = [price for price in _prices(will) if price.identity not in known]
    for say, prices in ((loss, less), (gain, more)):
        if prices:
            titles = join([price.title for price in prices], "or")
            kept = any(price.identity not in told for price in prices)
            then = ": who has it today keeps it" if kept and say is loss else ""
            yield say(("change plan to ", *titles), Risk.MONEY, *prices, then=then)
            told = told if say is loss else set()
            untold = [price for price in prices if price.identity not in told]
            yield from _customers(book, untold)


def _gone(gone: list[Offer], allowed: set[str], book: PriceBook) -> Iterator[Effect]:
    """Tell who can't change anything any more, as their product isn't listed."""
    prices = _prices(gone)
    what = f"can no longer {_change(allowed)}"
    words = (
        f" {what}: their product is not on offer any more. Nothing else happens to "
        "them: they keep their plan."
    )
    names = join([offer.name for offer in gone], "or")
    yield fact(("Customers who have ", *names, words), Risk.ACCESS, *prices)
    yield from _customers(book, prices, what)


def _customers(
    book: PriceBook, prices: Sequence[Price], what: str = ""
) -> Iterator[Effect]:
    """Say how many customers a change concerns, where that was asked."""
    for price in prices:
        held = book.holders([price])
        if held is None:
            continue
        if not what:
            lead = f"{held.customers} {held.are} on "
            yield fact((lead, *price.title, " today."), Risk.MONEY)
        elif held.found:
            yield fact(
                (f"{held.customers} on ", *price.title, f" {what}."), Risk.ACCESS
            )


def _quantities(
    was: list[Offer], will: list[Offer], book: PriceBook
) -> Iterator[Effect]:
    """Tell of which products the quantity can be changed, and how far."""
    more: dict[str, list[Offer]] = {}
    less: list[Text] = []
    for offer in will:
        before = next((other for other in was if other.is_same(offer)), None)
        could = before is not None and before.quantity[0]
        if offer.quantity[0] and not could:
            more.setdefault(offer.range, []).append(offer)
        elif could and not offer.quantity[0]:
            less.append(offer.name)
        elif before is not None and before.quantity != offer.quantity:
            seats = ("The quantity (seats) of ", *offer.name)
            yield fact(
                (*seats, f" can now be {offer.range}."),
                Risk.MONEY,
                *offer.prices,
                before=before.range,
                holds=(*seats, f" can be {offer.range}"),
            )
        if before is None or before.quantity != offer.quantity:
            yield from _outside(offer, book)
    if less:
        yield loss(("change the quantity (seats) of ", *join(less)), Risk.ACCESS)
    for reach, offers in more.items():
        names = join([offer.name for offer in offers])
        seats = ("change the quantity (seats) of ", *names, f": {reach}")
        yield gain(seats, Risk.MONEY, *_prices(offers))


def _outside(offer: Offer, book: PriceBook) -> Iterator[Effect]:
    """Say how many have fewer or more than can be chosen, where that was asked."""
    can, minimum, maximum = offer.quantity
    held = book.holders(offer.prices)
    if held is None or not can:
        return
    for what, end, fits in (
        ("fewer", minimum or 1, lambda number: number < (minimum or 1)),
        ("more", maximum, lambda number: maximum is not None and number > maximum),
    ):
        few = held.with_quantity(fits)
        if few.found:
            words = (
                f"{few.subscriptions} of {few.customers} to ",
                *offer.name,
                f" {few.have} {what} than {end} today. Nothing happens by itself; who "
                f"changes the quantity must choose {offer.range}.",
            )
            yield fact(words, Risk.MONEY)


def billing_of_changes(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell how a change is billed, and what becomes of billing date and trial."""
    if not pair.will.on(_FEATURE):
        return
    for name in ("proration_behavior", "billing_cycle_anchor", "trial_update_behavior"):
        words = FIELDS[f"{_AT}.{name}"]
        was, will = pair.at(f"{_AT}.{name}")
        default = pair.will.root.by_path[f"{_AT}.{name}"][1].mark.default
        if pair.was.on(_FEATURE):
            if was != will:
                yield clause(words.sentence(will), Risk.MONEY, words.say(was))
        elif name == "proration_behavior" or will != default:
            yield fact(f"{words.sentence(will)}.", Risk.MONEY)


def waiting_changes(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell which changes wait for the end of the period."""
    if not pair.will.on(_FEATURE):
        return
    gone, come = only_in(*map(_conditions, pair.sides))
    known = FIELDS[f"{_AT}.schedule_at_period_end.conditions.type"].choices
    newer = {name: f"of the kind {name}" for name in sorted({*gone, *come} - {*known})}
    for name, words in {**known, **newer}.items():
        if name in come:
            when = "waits until the end of the paid period"
            yield clause(f"A change {words} {when}", Risk.MONEY)
        if name in gone:
            when = "no longer waits: it takes effect at once"
            yield fact(f"A change {words} {when}.", Risk.MONEY)


def _conditions(side: Side) -> list[str]:
    conditions = side.felt(f"{_AT}.schedule_at_period_end.conditions") or ()
    return [str(value_at(condition, ("type",))) for condition in conditions]
