"""Turns a change into sentences: which there are, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pulumi_stripe_portal._params import declared
from pulumi_stripe_portal._schema import Node
from pulumi_stripe_portal._values import Path, value_at

from . import appearance, endpoints, features, lifecycle, offers
from .fields import Risk, words_at
from .plan import Change
from .prices import PriceBook
from .text import Text, joined
from .turn import Effect, Side, Turn, fact, usable
from .values import SECRET, Opaque, changed

__all__ = ["TOPICS", "drift_of", "effects_of", "sides", "told"]

Values = Mapping[str, Any]
Teller = Callable[[Turn], Iterator[Effect]]

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
}
"""What tells of each topic of `fields`, in the order of the sentences."""

_RISKS = [*Risk, None]


def effects_of(
    change: Change, book: PriceBook, default: Values | None = None
) -> tuple[Effect, ...]:
    """Return what the code's change does, most serious first.

    `default` is what the account's default is set to today, where that was asked.
    """
    if not change.by_code:
        return ()
    was, will = sides(change, default)
    effects = list(lifecycle.told(change, known=default is not None))
    if was is not None and will is not None:
        new = change.recorded is None and default is None
        sentences = told(change.root, was, will, book, new=new)
        effects += sentences
        is_told = sentences or change.op != "update"
        if not is_told and not any(changed(change.root, was, will)):
            effects.append(_secret(change.root, will))
    effects += lifecycle.left_out(change, known=default is not None)
    return _sorted(effects)


def sides(
    change: Change, default: Values | None = None
) -> tuple[Values | None, Values | None]:
    """Return the inputs before and after that the sentences are about.

    None, None where nothing changes at Stripe.
    """
    was, will = change.recorded, change.after
    if change.op == "delete":
        earlier = change.outputs.get("before")
        restoring = was is not None and was.get("on_delete") == "restore"
        if was is not None and restoring and isinstance(earlier, Mapping):
            will = declared(change.root, was, earlier)
    if change.op in ("adopt", "release") or will is None:
        return None, None
    if change.key.type == "DefaultPortalConfiguration":
        earlier = default if was is None else change.outputs.get("before")
        was = _with_undeclared(change.root, was or {}, will, earlier or {})
    return was or {}, will


def _with_undeclared(root: Node, was: Values, will: Values, earlier: Values) -> Values:
    """Add what the default was set to before the code declared it."""
    filled: dict[str, Any] = dict(was)
    for path, _ in root.leaves():
        held = value_at(earlier, path)
        fresh = value_at(was, path) is None and value_at(will, path) is not None
        if fresh and held is not None:
            inside = filled
            for name in path[:-1]:
                inside[name] = dict(inside.get(name) or {})
                inside = inside[name]
            inside[path[-1]] = held
    return filled


def drift_of(change: Change, book: PriceBook) -> tuple[Effect, ...]:
    """Return what was changed at Stripe, outside the code; () without a refresh."""
    if not change.drifted:
        return ()
    if change.found is None or change.recorded is None:
        risk = Risk.EVENTS if change.is_endpoint else Risk.ACCESS
        return (fact("It is gone at Stripe: somebody deleted it.", risk),)
    return _sorted(told(change.root, change.recorded, change.found, book))


def _sorted(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    return tuple(sorted(effects, key=lambda effect: _RISKS.index(effect.risk)))


def told(
    root: Node, was: Values, will: Values, book: PriceBook, *, new: bool = False
) -> list[Effect]:
    """Return the sentences for all that differs."""
    before = Side.of(root, was, _bare(was, will))
    after = Side.of(root, will, _bare(will, was))
    turn = Turn(before.settled(after), after.settled(before), book, new=new)
    effects = []
    topics: dict[str, list[tuple[Path, Node]]] = {}
    for path, leaf in changed(root, was, will):
        words = words_at(root, path)
        values = [value_at(side, path) for side in (will, was)]
        unknown = [value for value in values if not usable(leaf, value)]
        if unknown:
            effects.append(fact((f"{words.label}: {_why(unknown[0])}.",), words.risk))
        else:
            topics.setdefault(words.topic, []).append((path, leaf))
    for topic, tell in TOPICS.items():
        if topic in topics:
            effects += list(tell(turn)) or list(_unfelt(root, turn, topics[topic]))
    return effects


def _bare(inputs: Values, code: Values) -> Iterator[str]:
    """Yield the features that a refresh found on without the code declaring them."""
    named = value_at(code, ("features",))
    found = value_at(inputs, ("features",))
    if isinstance(found, Mapping) and isinstance(named, Mapping):
        for name, value in found.items():
            if value == {"enabled": True} and name not in named:
                yield name


def _why(value: Any) -> str:
    """Return why a value isn't known, `""` where all of it is."""
    if isinstance(value, Opaque):
        return value.words
    if isinstance(value, Mapping):
        value = list(value.values())
    inside = value if isinstance(value, list) else []
    return next(filter(None, map(_why, inside)), "")


def _unfelt(root: Node, turn: Turn, paths: list[tuple[Path, Node]]) -> Iterator[Effect]:
    """Name what differs in the code and in no sentence."""
    labels: list[Text] = []
    off = False
    for path, leaf in paths:
        if leaf.mark.create_only:
            continue  # told with the replacement
        if path[0] == "features":
            if turn.was.on(path[1]) != turn.will.on(path[1]):
                continue
            off = off or not turn.will.on(path[1])
        labels.append((_lowered(words_at(root, path).label),))
    if labels and not turn.new:
        when = " while the feature is off" if off else ""
        words = f"No difference for customers{when}: "
        yield fact((words, *joined(labels), "."))


def _lowered(label: str) -> str:
    """Return a label as it stands inside a sentence."""
    return label[:1].lower() + label[1:]


def _secret(root: Node, inputs: Values) -> Effect:
    """Say that what an update changes is secret: nothing else differs."""
    words = [
        words_at(root, path)
        for path, _ in root.leaves()
        if value_at(inputs, path) is SECRET
    ]
    labels = joined([(_lowered(each.label),) for each in words], "or")
    if not words:
        return fact("Something changes that the preview does not show.")
    return fact(
        ("A secret value changes, which is not shown: ", *labels, "."), words[0].risk
    )
