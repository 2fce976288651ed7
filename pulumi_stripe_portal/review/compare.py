"""What differs between two stacks, as their states tell: the go-live check. Pure.

Test and live are two worlds at Stripe: no id of one exists in the other. So resources
are matched by their names and addresses, and prices by lookup key, or by product,
interval and amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_stripe_portal.schema.offer import prices_of, products_of, with_products
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stacks.recorded import state_of

from .before_after import Effect
from .fields import Risk
from .labels import format_value, own_name, words_at
from .prices import Price, PriceBook, price_book
from .sentences import tell
from .states import SCHEMAS, Key, inputs_of, key_of
from .text import Text, plain
from .undeclared import fill_undeclared
from .values import Values, differences

__all__ = ["Comparison", "Difference", "Resource", "compare"]

_OF_ONE_STACK = ("secret", "secret_version")
"""What is each stack's own, and says nothing about the other."""
Books = tuple[PriceBook, PriceBook]


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
        return self.key.title(self.inputs)


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
    contrasts: tuple[tuple[Text, Text], ...]
    """What holds in the first stack and what in the second, () for nothing: the most
    serious first."""


@dataclass(frozen=True)
class Comparison:
    """What the second stack lacks, has besides, and has otherwise than the first."""

    stacks: tuple[str, str]
    missing: tuple[Resource, ...]
    extra: tuple[Resource, ...]
    different: tuple[Difference, ...]
    prices: Mapping[str, tuple[Price, list[str]]]
    """Prices of the first stack that the second doesn't know, and who uses them."""

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.missing or self.extra or self.different or self.prices)


def compare(
    names: tuple[str, str],
    states: tuple[Sequence[Values], Sequence[Values]],
    ignore: Sequence[str] = (),
) -> Comparison:
    """Compare the states of two stacks; `ignore` names paths that may differ."""
    given = [list(filter(None, map(state_of, each))) for each in states]
    books = price_book(given[0]), price_book(given[1])
    missing, extra = map(_resources, given)
    prices = _unknown_prices((missing, extra), books)
    found = [
        _difference(mine, theirs, books, ignore)
        for mine, theirs in _match(missing, extra)
    ]
    different = tuple(each for each in found if each.settings)
    return Comparison(names, tuple(missing), tuple(extra), different, prices)


def _resources(states: Iterable[Values]) -> list[Resource]:
    found = []
    for state in states:
        key = key_of(state["urn"])
        inputs = inputs_of(key.type, state, in_state=True) if key else None
        if key and inputs is not None and not state["delete"]:
            kept = {k: v for k, v in inputs.items() if k not in _OF_ONE_STACK}
            found.append(Resource(key, kept, state["outputs"]))
    return sorted(found, key=lambda resource: resource.key)


def _match(
    ones: list[Resource], others: list[Resource]
) -> Iterator[tuple[Resource, Resource]]:
    """Take out of both what is the same resource.

    By its key, by its name in the code (in another component), then by `name`, address,
    or being the default.
    """
    for identity in (
        lambda resource: resource.key,
        lambda resource: (resource.key.type, resource.key.name),
        _known_by,
    ):
        for mine in list(ones):
            wanted = identity(mine)
            match = next((each for each in others if identity(each) == wanted), None)
            if match is not None and wanted is not None:
                ones.remove(mine)
                others.remove(match)
                yield mine, match


def _known_by(resource: Resource) -> tuple[str, Any] | None:
    key = resource.key
    value = resource.inputs.get(key.resource_type.known_by)
    return (key.type, value) if isinstance(value, str) or key.is_default else None


def _difference(
    mine: Resource, theirs: Resource, books: Books, ignore: Sequence[str]
) -> Difference:
    root = SCHEMAS[mine.key.type]
    pair = tuple(
        fill_undeclared(root, one.inputs, one.outputs, other.inputs)
        if one.key.is_default
        else one.inputs
        for one, other in ((mine, theirs), (theirs, mine))
    )
    sides = _in_common(pair[0], books[0]), _in_common(pair[1], books[1])
    settings = []
    for path, leaf in differences(root, *sides):
        name = own_name(path)
        if any(name == each or name.startswith(f"{each}.") for each in ignore):
            continue
        key = f" ({path[-1]})" if leaf.kind == "mapping" and len(path) > 1 else ""
        values = value_at(mine.inputs, path), value_at(theirs.inputs, path)
        one, other = (
            format_value(leaf, path, value_at(inputs, path), book)
            for inputs, book in zip(pair, books, strict=True)
        )
        label = words_at(root, path).label + key
        settings.append(Setting(label, name, values, (one, other)))
    prices = (price for book in books for price in book.prices if price.common_name)
    common = (replace(price, lookup_key=price.common_name) for price in prices)
    found = _contrasts(root, sides, PriceBook(tuple(common))) if settings else ()
    return Difference(mine, tuple(settings), found)


def _contrasts(
    root: Node, sides: tuple[Values, Values], book: PriceBook
) -> tuple[tuple[Text, Text], ...]:
    """Return what holds in one stack and not in the other.

    What a stack has is told by what one gains on the way to it, never by what one
    loses on the way from it: so the same is said of a stack whichever is named first.
    """
    mine, theirs = tell(root, *sides[::-1], book), tell(root, *sides, book)
    found = [
        (effect.risk, (effect.holds, effect.before))
        for effect in mine
        if any(_mirror(effect, other) for other in theirs)
    ]
    alone = [effect for effect in mine + theirs if effect.holds and not effect.before]
    for each in alone:
        here = any(each is effect for effect in mine)
        found.append((each.risk, (each.holds, ()) if here else ((), each.holds)))
    order = [*Risk, None]
    found.sort(key=lambda each: order.index(each[0]))
    return tuple(holds for _, holds in found)


def _mirror(effect: Effect, other: Effect) -> bool:
    """Tell whether two sentences say the same of both stacks, seen from either."""
    return all(
        this.before and plain(that.holds).endswith(plain(this.before))
        for this, that in ((effect, other), (other, effect))
    )


def _in_common(inputs: Values, book: PriceBook) -> Values:
    """Return inputs with prices named by what both modes know them by."""
    products = [_entry(entry, book) for entry in products_of(inputs)]
    return with_products(inputs, products) if products else inputs


def _entry(entry: Any, book: PriceBook) -> Any:
    if not isinstance(value_at(entry, ("prices",)), list):
        return entry
    names = [(each, book.price(each).common_name) for each in prices_of(entry)]
    prices = [{"lookup_key": name} if name else each for each, name in names]
    common = {**entry, "prices": prices}
    if prices and all(isinstance(price, Mapping) for price in prices):
        common.pop("product", None)  # the prices tell it
    return common


def _unknown_prices(
    resources: tuple[list[Resource], list[Resource]], books: Books
) -> dict[str, tuple[Price, list[str]]]:
    mine, theirs = map(_used, resources, books)
    known = set(map(_identity, (*books[1].prices, *(price for price, _ in theirs))))
    users: dict[str, tuple[Price, list[str]]] = {}
    for price, title in mine:
        if _identity(price) not in known:
            _, titles = users.setdefault(_identity(price), (price, []))
            titles += [title] * (title not in titles)
    return dict(sorted(users.items()))


def _used(resources: Iterable[Resource], book: PriceBook) -> list[tuple[Price, str]]:
    """Return the prices of a stack's portals, with the portal's title."""
    return [
        (price, resource.title)
        for resource in resources
        for entry in products_of(resource.inputs)
        for price in map(book.price, prices_of(entry))
        if price.opaque is None
    ]


def _identity(price: Price) -> str:
    return price.common_name or price.id
