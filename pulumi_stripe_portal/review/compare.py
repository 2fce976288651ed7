"""What differs between two stacks, as their states tell: the go-live check. Pure.

Test and live are two worlds at Stripe: no id of one exists in the other. So resources
are matched by their names and addresses, and prices by lookup key, or by product,
interval and amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_stripe_portal.review.contrasts import Contrast, contrasts
from pulumi_stripe_portal.review.labels import format_value, own_name, words_at
from pulumi_stripe_portal.review.plan import SCHEMAS, Key, inputs_of, key_of
from pulumi_stripe_portal.review.prices import Price, PriceBook, price_book
from pulumi_stripe_portal.review.text import Text
from pulumi_stripe_portal.review.undeclared import as_left
from pulumi_stripe_portal.review.values import Values, differences
from pulumi_stripe_portal.schema.offer import products_of
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, value_at
from pulumi_stripe_portal.stacks.recorded import state_of

__all__ = ["Comparison", "Difference", "Resource", "compare"]


_OF_ONE_STACK = ("secret", "secret_version")
"""What is each stack's own, and says nothing about the other."""


@dataclass(frozen=True)
class Resource:
    """One portal or endpoint of a stack."""

    key: Key
    inputs: Values
    outputs: Values = field(default_factory=dict)
    """What the state remembers besides."""

    @property
    def title(self) -> str:
        """Its name for people."""
        name = self.inputs.get("name")
        return name if isinstance(name, str) and name.strip() else self.key.name

    @property
    def kind(self) -> str:
        """What it is."""
        return self.key.resource_type.label


@dataclass(frozen=True)
class Setting:
    """A setting that differs: its values in both stacks, as data and as text."""

    label: str
    path: str
    values: tuple[Any, Any]
    texts: tuple[Text, Text]


@dataclass(frozen=True)
class Difference:
    """One resource that both stacks have, and how they differ."""

    resource: Resource
    settings: tuple[Setting, ...]
    contrasts: tuple[Contrast, ...] = ()
    """What holds in one stack only, and how the same thing is in each."""


@dataclass(frozen=True)
class Comparison:
    """What the second stack lacks, has besides, and has otherwise than the first."""

    stacks: tuple[str, str]
    missing: tuple[Resource, ...] = ()
    extra: tuple[Resource, ...] = ()
    different: tuple[Difference, ...] = ()
    prices: Mapping[str, tuple[Price, tuple[str, ...]]] = field(default_factory=dict)
    """Prices of the first stack that the second doesn't know, and who uses them."""

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.missing or self.extra or self.different or self.prices)


@dataclass(frozen=True)
class _Stack:
    resources: tuple[Resource, ...]
    book: PriceBook

    @classmethod
    def of(cls, given: Sequence[Values]) -> _Stack:
        found = []
        states = [state for state in map(state_of, given) if state is not None]
        for state in states:
            key = key_of(state["urn"])
            inputs = inputs_of(key.type, state, in_state=True) if key else None
            if key and inputs is not None and not state["delete"]:
                kept = {k: v for k, v in inputs.items() if k not in _OF_ONE_STACK}
                found.append(Resource(key, kept, state["outputs"]))
        return cls(tuple(sorted(found, key=lambda r: r.key)), price_book(states))


def compare(
    names: tuple[str, str],
    states: tuple[Sequence[Values], Sequence[Values]],
    ignore: Sequence[str] = (),
) -> Comparison:
    """Compare the states of two stacks; `ignore` names paths that may differ."""
    one, other = map(_Stack.of, states)
    pairs = list(_pairs(one.resources, other.resources))
    differences = [
        _difference(mine, theirs, (one.book, other.book), ignore)
        for mine, theirs in pairs
    ]
    matched = {id(resource) for pair in pairs for resource in pair}
    return Comparison(
        names,
        missing=tuple(r for r in one.resources if id(r) not in matched),
        extra=tuple(r for r in other.resources if id(r) not in matched),
        different=tuple(found for found in differences if found.settings),
        prices=_unknown_prices(one, other),
    )


def _pairs(
    ones: Iterable[Resource], others: Iterable[Resource]
) -> Iterator[tuple[Resource, Resource]]:
    """Match by the name in the code, then by `name`, address, or being the default."""
    left, right = list(ones), list(others)
    for sameness in (_by_key, _by_code, _by_name):
        for mine in list(left):
            match = next((each for each in right if sameness(mine, each)), None)
            if match is not None:
                left.remove(mine)
                right.remove(match)
                yield mine, match


def _by_key(mine: Resource, theirs: Resource) -> bool:
    return mine.key == theirs.key


def _by_code(mine: Resource, theirs: Resource) -> bool:
    """Match what only another component holds."""
    return (mine.key.type, mine.key.name) == (theirs.key.type, theirs.key.name)


def _by_name(mine: Resource, theirs: Resource) -> bool:
    if mine.key.type != theirs.key.type:
        return False
    known_by = mine.key.resource_type.known_by
    value = mine.inputs.get(known_by)
    told = isinstance(value, str) or mine.key.is_default
    return told and value == theirs.inputs.get(known_by)


def _difference(
    mine: Resource,
    theirs: Resource,
    books: tuple[PriceBook, PriceBook],
    ignore: Sequence[str],
) -> Difference:
    root = SCHEMAS[mine.key.type]
    pair = _as_left(mine, theirs), _as_left(theirs, mine)
    sides = _in_common(pair[0], books[0]), _in_common(pair[1], books[1])
    settings = []
    for path, leaf in differences(root, *sides):
        dotted = own_name(path)
        if not any(dotted == each or dotted.startswith(f"{each}.") for each in ignore):
            values = value_at(mine.inputs, path), value_at(theirs.inputs, path)
            settings.append(_setting(root, path, leaf, values, pair, books))
    found = contrasts(root, sides, _common_book(books)) if settings else []
    return Difference(mine, tuple(settings), tuple(found))


def _as_left(one: Resource, other: Resource) -> Values:
    """Return what a state tells; the code of a default may leave some of it alone."""
    if not one.key.is_default:
        return one.inputs
    return as_left(one.inputs, one.outputs, other.inputs, SCHEMAS[one.key.type])


def _setting(
    root: Node,
    path: Path,
    leaf: Node,
    values: tuple[Any, Any],
    pair: tuple[Values, Values],
    books: tuple[PriceBook, PriceBook],
) -> Setting:
    words = words_at(root, path)
    key = f" ({path[-1]})" if leaf.kind == "mapping" and len(path) > 1 else ""
    one, other = (value_at(inputs, path) for inputs in pair)
    return Setting(
        words.label + key,
        own_name(path),
        values,
        (
            format_value(leaf, path, one, books[0]),
            format_value(leaf, path, other, books[1]),
        ),
    )


def _in_common(inputs: Values, book: PriceBook) -> Values:
    """Return inputs with prices named by what both modes know them by."""
    update = value_at(inputs, ("features", "subscription_update"))
    products = value_at(update, ("products",)) if update else None
    if not isinstance(products, list):
        return inputs
    entries = [_entry(entry, book) for entry in products]
    features = {**inputs["features"]}
    features["subscription_update"] = {**update, "products": entries}
    return {**inputs, "features": features}


def _entry(entry: Any, book: PriceBook) -> Any:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("prices"), list):
        return entry
    prices = [_reference(book.price(given)) or given for given in entry["prices"]]
    common = {**entry, "prices": prices}
    if prices and all(isinstance(price, Mapping) for price in prices):
        common.pop("product", None)  # the prices tell it
    return common


def _reference(price: Price) -> dict[str, str] | None:
    """Return what a price is known by in every mode, None where that is unknown."""
    if price.lookup_key:
        return {"lookup_key": price.lookup_key}
    if price.product_name and price.interval:
        terms = (price.interval_count, price.interval, price.amount, price.currency)
        return {"lookup_key": f"{price.product_name}: {terms}"}
    return None


def _common_book(books: Iterable[PriceBook]) -> PriceBook:
    """Return a book that finds prices by what they are known by in every mode."""
    prices = []
    for price in (price for book in books for price in book.prices):
        reference = _reference(price)
        if reference:
            prices.append(replace(price, lookup_key=reference["lookup_key"]))
    return PriceBook(tuple(prices))


def _unknown_prices(
    one: _Stack, other: _Stack
) -> dict[str, tuple[Price, tuple[str, ...]]]:
    known = {_identity(price) for price in other.book.prices}
    known |= {_identity(price) for price, _ in _used(other)}
    users: dict[str, tuple[Price, tuple[str, ...]]] = {}
    for price, title in _used(one):
        identity = _identity(price)
        if identity not in known:
            earlier = users.get(identity, (price, ()))[1]
            users[identity] = price, tuple(dict.fromkeys([*earlier, title]))
    return dict(sorted(users.items()))


def _used(stack: _Stack) -> Iterator[tuple[Price, str]]:
    """Yield the prices of a stack's portals, with the portal's title."""
    for resource in stack.resources:
        for entry in products_of(resource.inputs):
            prices = value_at(entry, ("prices",))
            for given in prices if isinstance(prices, list) else ():
                price = stack.book.price(given)
                if price.opaque is None:
                    yield price, resource.title


def _identity(price: Price) -> str:
    reference = _reference(price)
    return reference["lookup_key"] if reference else price.id
