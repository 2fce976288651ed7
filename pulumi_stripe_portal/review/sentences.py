"""Turns what differs into sentences, so that nothing goes untold. Pure.

Each topic of `fields` is told by a function. What no sentence is about is told as it
is, from a to b, unless it can be shown to make no difference to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, value_at

from . import appearance, endpoints, features, offers
from .before_after import BeforeAfter, Effect, Side, fact, usable
from .fields import EXTRA
from .labels import lead_at, words_at
from .prices import PriceBook
from .untold import unfelt, untold
from .values import changed, marks

__all__ = ["TOPICS", "tell"]

Values = Mapping[str, Any]
Teller = Callable[[BeforeAfter], Iterator[Effect]]
Leaf: TypeAlias = "tuple[Path, Node]"

TOPICS: Mapping[str, Teller] = {
    "in_use": appearance.in_use,
    "account": appearance.account,
    "cancelling": features.cancelling,
    "billing_of_changes": offers.billing_of_changes,
    "waiting_changes": offers.waiting_changes,
    "changing_plan": offers.changing_plan,
    "pausing": features.pausing,
    "payment_methods": features.payment_methods,
    "invoices": features.invoices,
    "details": features.details,
    "login_page": features.login_page,
    "legal": appearance.legal,
    "letting_go": appearance.letting_go,
    "undeclared": appearance.undeclared,
    "headline": appearance.headline,
    "return_link": appearance.return_link,
    "survey": features.survey,
    "address": endpoints.address,
    "switch": endpoints.switch,
    "events": endpoints.events,
    "version": endpoints.version,
    "whose": endpoints.whose,
    "secret": endpoints.secret,
    "team": appearance.team,
    EXTRA: lambda _: iter(()),
}
"""What tells of each topic of `fields`, in the order of the sentences."""

_TOLD_ASLEEP = ("in_use", "switch", "account", "letting_go", "secret", "team")
"""What there is to say of a portal or an endpoint that is switched off."""
_OF_USE = ("features", "login_page", "enabled_events")
"""What nobody had of it while it was switched off."""
_ASLEEP = " while it is switched off"


def tell(
    root: Node, was: Values, will: Values, book: PriceBook, *, new: bool = False
) -> list[Effect]:
    """Return the sentences for all that differs."""
    before = Side.of(root, was, _bare(was, will))
    after = Side.of(root, will, _bare(will, was))
    if before.asleep and not after.asleep:
        used = {name: value for name, value in was.items() if name not in _OF_USE}
        before = Side.of(root, used)
    pair = BeforeAfter(before.fill_from(after), after.fill_from(before), book, new=new)
    effects = []
    topics: dict[str, list[Leaf]] = {}
    for path, leaf in changed(root, was, will):
        words = words_at(root, path)
        values = [value_at(side, path) for side in (will, was)]
        unknown = [value for value in values if not usable(leaf, value)]
        if unknown:
            text = (*lead_at(root, path), f": {next(marks(unknown[0])).words}.")
            effects.append(fact(text, words.risk))
        else:
            topics.setdefault(words.topic, []).append((path, leaf))
    for topic, tell in {**TOPICS, "": TOPICS[EXTRA]}.items():
        if topic not in topics:
            continue
        if pair.will.asleep and not new and topic not in _TOLD_ASLEEP:
            effects += unfelt(root, {_ASLEEP: topics[topic]})
            continue
        found = list(tell(pair))
        silent = topics[topic]
        if found:
            silent = [
                each for each in silent if not _heard(pair, tell, found, silent, each)
            ]
        effects += [*found, *untold(root, (was, will), pair, silent)]
    return effects


def _heard(
    pair: BeforeAfter, tell: Teller, found: list[Effect], leaves: list[Leaf], leaf: Leaf
) -> bool:
    """Tell whether the sentences of a topic are also about this leaf.

    They are where they would be others without its change.
    """
    if len({pair.was.name_of(path) for path, _ in leaves}) == 1:
        return True
    without = pair.without(pair.was.name_of(leaf[0]))
    return any(list(tell(each)) != found for each in without)


def _bare(inputs: Values, code: Values) -> Iterator[str]:
    """Yield the features that a refresh found on without the code declaring them."""
    named = value_at(code, ("features",))
    found = value_at(inputs, ("features",))
    if isinstance(found, Mapping) and isinstance(named, Mapping):
        for name, value in found.items():
            if value == {"enabled": True} and name not in named:
                yield name
