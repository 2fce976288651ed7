"""What a change of a resource does, in sentences, most serious first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stripe_api.views import project_onto_inputs

from . import lifecycle
from .before_after import Effect, fact
from .fields import Risk
from .labels import label_at, words_at
from .plan import Change
from .prices import PriceBook
from .sentences import tell
from .text import join
from .undeclared import switching_off
from .values import SECRET, Values, differences

__all__ = ["drift_of", "effects_of", "sides"]

_RISKS = [*Risk, None]


def effects_of(
    change: Change,
    book: PriceBook,
    default: Values | None = None,
    renamed: Effect | None = None,
) -> tuple[Effect, ...]:
    """Return what the code's change does, most serious first.

    `default` is what the account's default is set to today, where that was asked;
    `renamed` says that it looks as if only its name in the code changed.
    """
    if not change.by_code:
        return ()
    was, will = sides(change, default)
    effects = list(lifecycle.tell(change, known=default is not None))
    if was is not None and will is not None:
        new = change.recorded is None and default is None
        sentences = tell(change.root, was, will, book, new=new)
        effects += sentences
        if change.op == "update":
            alone = not sentences and not any(differences(change.root, was, will))
            if alone and not change.remarked:
                effects.append(_secret(change.root, will))
            effects += lifecycle.marked(change, alone=alone)
    if renamed is not None:
        effects.append(renamed)
    effects += lifecycle.left_out(change, default)
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
            will = project_onto_inputs(change.root, was, earlier)
    if change.op in ("adopt", "release") or will is None:
        return None, None
    if change.key.is_default:
        earlier = default if was is None else change.outputs.get("before")
        was = _with_undeclared(change.root, was or {}, will, earlier or {})
        was = switching_off(change, was, default)
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
    return _sorted(tell(change.root, change.recorded, change.found, book))


def _sorted(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    return tuple(sorted(effects, key=lambda effect: _RISKS.index(effect.risk)))


def _secret(root: Node, inputs: Values) -> Effect:
    """Say that what an update changes is secret: nothing else differs."""
    paths = [path for path, _ in root.leaves() if value_at(inputs, path) is SECRET]
    labels = join([label_at(root, path) for path in paths], "or")
    if not paths:
        return fact("Something changes that the preview does not show.")
    risk = words_at(root, paths[0]).risk
    return fact(("A secret value changes, which is not shown: ", *labels, "."), risk)
