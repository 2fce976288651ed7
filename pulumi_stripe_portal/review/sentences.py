"""Turns what differs into sentences, so that nothing goes untold. Pure.

Each topic of `fields` is told by a function. What no sentence is about is told as it
is, from a to b, unless it can be shown to make no difference to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import Path, same, value_at

from . import endpoints, features, offers
from .before_after import BeforeAfter, Effect, Side, fact, usable
from .fields import EXTRA
from .labels import format_value, is_endpoint, words_at
from .prices import PriceBook
from .text import BREAK, join
from .values import Values, differences, marks

__all__ = ["TOPICS", "tell"]

Teller = Callable[[BeforeAfter], Iterator[Effect]]
Leaf: TypeAlias = "tuple[Path, Node]"


def _nothing(_: BeforeAfter) -> Iterator[Effect]:
    return iter(())


TOPICS: Mapping[str, Teller] = {
    "in_use": features.in_use,
    "account": features.account,
    "cancelling": features.cancelling,
    "billing_of_changes": offers.billing_of_changes,
    "waiting_changes": offers.waiting_changes,
    "changing_plan": offers.changing_plan,
    "pausing": features.pausing,
    "payment_methods": features.payment_methods,
    "switch": features.switch,
    "details": features.details,
    "login_page": features.login_page,
    "choice": features.choice,
    "texts": features.texts,
    "return_link": features.return_link,
    "survey": features.survey,
    "address": endpoints.address,
    "sending": endpoints.sending,
    "events": endpoints.events,
    "version": endpoints.version,
    "whose": features.choice,
    "secret": endpoints.secret,
    "team": features.team,
    EXTRA: _nothing,
}
"""What tells of each topic of `fields`, in the order of the sentences."""

_TOLD_ASLEEP = ("in_use", "sending", "account", "choice", "secret", "team")
"""What there is to say of a portal or an endpoint that is switched off."""
_OF_USE = ("features", "login_page", "enabled_events")
"""What nobody had of it while it was switched off."""
_REACHES: Mapping[str, Literal["all", "offer"]] = {
    "cancelling": "all",
    "pausing": "all",
    "billing_of_changes": "offer",
    "waiting_changes": "offer",
}
"""Whom topics may concern, of those who have a subscription."""
_ASLEEP = " while it is switched off"
_CANCEL = "features.subscription_cancel"


def tell(
    root: Node, was: Values, will: Values, book: PriceBook, *, new: bool = False
) -> list[Effect]:
    """Return the sentences for all that differs."""
    before, after = Side(root, was), Side(root, will)
    if before.asleep and not after.asleep:
        used = {name: value for name, value in was.items() if name not in _OF_USE}
        before = Side(root, used)
    filled = before.fill_from(after), after.fill_from(before)
    pair = BeforeAfter(*filled, book, new, (was, will))
    bare = _bare(was, will) | _bare(will, was)
    effects = []
    topics: dict[str, list[Leaf]] = {}
    for path, leaf in differences(root, was, will):
        words = words_at(root, path)
        values = [value_at(side, path) for side in (will, was)]
        unknown = [value for value in values if not usable(leaf, value)]
        if unknown:
            text = (*words.lead, f": {next(marks(unknown[0])).words}.")
            effects.append(fact(text, words.risk))
        else:
            topics.setdefault(words.topic, []).append((path, leaf))
    for topic in filter(topics.get, (*TOPICS, "")):
        leaves = topics[topic]
        if pair.will.asleep and not new and topic not in _TOLD_ASLEEP:
            effects += _idle(root, {_ASLEEP: leaves})
            continue
        names = dict.fromkeys(pair.was.name_of(path) for path, _ in leaves)
        pair = replace(pair, changed=tuple(names))
        teller = (
            features.switch if pair.feature in bare else TOPICS.get(topic, _nothing)
        )
        found = list(teller(pair))
        silent = [leaf for leaf in leaves if not _is_heard(pair, teller, found, leaf)]
        effects += [replace(e, reach=_REACHES.get(topic, e.reach)) for e in found]
        effects += _untold(pair, silent)
    return effects


def _is_heard(pair: BeforeAfter, tell: Teller, found: list[Effect], leaf: Leaf) -> bool:
    """Tell whether the sentences of a topic are also about this leaf.

    They are where they would be others without its change.
    """
    if not found or len(pair.changed) == 1:
        return bool(found)
    without = pair.without(pair.was.name_of(leaf[0]))
    return any(list(tell(each)) != found for each in without)


def _bare(inputs: Values, code: Values) -> frozenset[str]:
    """Return the features that a refresh found on without the code declaring them."""
    found, named = (value_at(each, ("features",)) for each in (inputs, code))
    if not isinstance(found, Mapping) or not isinstance(named, Mapping):
        return frozenset()
    fresh = found.keys() - named.keys()
    return frozenset(name for name in fresh if found[name] == {"enabled": True})


def _untold(pair: BeforeAfter, leaves: Sequence[Leaf]) -> Iterator[Effect]:
    """Say from what to what these leaves change, or why nobody will notice."""
    root, (_, will) = pair.will.root, pair.given
    idle: dict[str, list[Leaf]] = {}
    for path, leaf in leaves:
        words = words_at(root, path)
        name = pair.was.name_of(path)
        why = _indifference(pair, name)
        if not words.own and (pair.new or leaf.mark.create_only):
            continue  # told with all that is made
        if why is not None:
            idle.setdefault(why, []).append((path, leaf))
        elif not pair.will.matters(name):
            continue  # told with what it belongs to, which is switched off
        elif pair.was.matters(name) or not same(leaf, None, value_at(will, path)):
            old, new = (
                ["; " if part is BREAK else part for part in text]
                for side in pair.given
                for text in [format_value(leaf, path, value_at(side, path), pair.book)]
            )
            verb = (" is set to ",) if pair.new else (" changes from ", *old, " to ")
            lead = (*words.lead, "" if words.own else ":")
            yield fact((*lead, *verb, *new, "."), words.risk)
    yield from _idle(root, {} if pair.new else idle)


def _idle(root: Node, idle: Mapping[str, Sequence[Leaf]]) -> Iterator[Effect]:
    """Name what makes no difference, by the reason."""
    for why, leaves in idle.items():
        paths = [path for path, leaf in leaves if not leaf.mark.create_only]
        if paths:
            whom = "" if is_endpoint(root) else " for customers"
            labels = join([words_at(root, path).inside for path in paths])
            yield fact((f"No difference{whom}{why}: ", *labels, "."))


def _indifference(pair: BeforeAfter, name: str) -> str | None:
    """Return why nobody notices that a leaf differs, None where that isn't shown."""
    if not any(side.matters(name) for side in pair.sides):
        return " while the feature is off"
    if name == f"{_CANCEL}.proration_behavior" and all(
        mode == "at_period_end" for mode in pair.at(f"{_CANCEL}.mode")
    ):  # «create_prorations … only compatible with mode=immediately» (OpenAPI)
        return " while cancelling takes effect at the end of the period"
    if name == "features.subscription_update.products" and offers.same_plans(pair):
        return ""
    return None
