"""Which plans customers can change to, how, and how that is billed.

Each function that takes a pair tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.values import value_at

from .before_after import BeforeAfter, Effect, Side, clause, fact, gain, loss, only_in
from .fields import FIELDS, Risk
from .prices import Price, PriceBook
from .text import Text, count_of, join

__all__ = [
    "Offer",
    "billing_of_changes",
    "changing_plan",
    "offer_of",
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
    (was, before), (will, after) = (_offers(side, pair.book) for side in pair.sides)
    if pair.was.on(_FEATURE) and not pair.will.on(_FEATURE):
        # With the plan goes the code that is entered there.
        yield from _abilities(before & _CHANGES.keys() or before, set(), was)
        return
    yield from _abilities(before, after, was)
    gone = [offer for offer in was if not any(offer.is_same(other) for other in will)]
    if "price" in after:
        yield from _plans(was if "price" in before else [], will, gone)
    still = after & before & _CHANGES.keys()
    if gone and still:
        yield from _gone(gone, still)
    if "quantity" in after:
        yield from _quantities(was if "quantity" in before else [], will)


def _offers(side: Side, book: PriceBook) -> tuple[list[Offer], set[str]]:
    """Return what is on offer, and what of it customers can really change."""
    if not side.on(_FEATURE):
        return [], set()
    offers = [offer_of(entry, book) for entry in side.at(f"{_AT}.products")]
    possible = set(side.chosen(f"{_AT}.default_allowed_updates"))
    if not any(offer.quantity[0] for offer in offers):
        possible.discard("quantity")
    return offers, possible if offers else possible - {"price"}


def _change(allowed: set[str]) -> str:
    """Return `change plan or quantity` for what is allowed."""
    named = [words for name, words in _CHANGES.items() if name in allowed]
    return f"change {' or '.join(named)}"


def _abilities(before: set[str], after: set[str], was: list[Offer]) -> Iterator[Effect]:
    """Tell what became possible or impossible for every product."""
    prices = _prices(was)
    lost = before - after
    if lost & _CHANGES.keys():
        yield loss(_change(lost), Risk.ACCESS, *prices)
        yield from _customers(prices, f"can no longer {_change(lost)}")
    if "promotion_code" in before ^ after:
        say = loss if "promotion_code" in lost else gain
        yield say("enter a promotion code when they change plan", Risk.MONEY)


def _plans(was: list[Offer], will: list[Offer], gone: list[Offer]) -> Iterator[Effect]:
    """Tell which prices customers can change to, and no longer can."""
    known, still, told = map(_identities, (was, will, gone))
    less = [price for price in _prices(was) if price.identity not in still]
    more = [price for price in _prices(will) if price.identity not in known]
    for say, prices in ((loss, less), (gain, more)):
        if prices:
            titles = join([price.title for price in prices], "or")
            yield say(("change plan to ", *titles), Risk.MONEY, *prices)
            told = told if say is loss else set()
            yield from _customers([p for p in prices if p.identity not in told])


def _gone(gone: list[Offer], allowed: set[str]) -> Iterator[Effect]:
    """Tell who can't change anything any more, as their product isn't listed."""
    prices = _prices(gone)
    what = f"can no longer {_change(allowed)}"
    words = (
        f" {what}: their product is not on offer any more. Nothing else happens to "
        "them: they keep their plan."
    )
    names = join([offer.name for offer in gone], "or")
    yield fact(("Customers who have ", *names, words), Risk.ACCESS, *prices)
    yield from _customers(prices, what)


def _customers(prices: Sequence[Price], what: str = "") -> Iterator[Effect]:
    """Say how many customers a change concerns, where that was asked."""
    for price in prices:
        if price.customers is None:
            continue
        number = count_of(price.customers, "customer")
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
        yield loss(("change the quantity (seats) of ", *join(less)), Risk.ACCESS)
    for reach, names in more.items():
        seats = ("change the quantity (seats) of ", *join(names), f": {reach}")
        yield gain(seats, Risk.MONEY)


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
    if not side.on(_FEATURE):
        return []
    conditions = side.at(f"{_AT}.schedule_at_period_end.conditions")
    return [str(value_at(condition, ("type",))) for condition in conditions]
