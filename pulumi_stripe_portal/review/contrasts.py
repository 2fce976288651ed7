"""What holds in one of two stacks and not in the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pulumi_stripe_portal.review.before_after import Effect
from pulumi_stripe_portal.review.fields import Risk
from pulumi_stripe_portal.review.prices import PriceBook
from pulumi_stripe_portal.review.sentences import tell
from pulumi_stripe_portal.review.text import Text, plain
from pulumi_stripe_portal.review.values import Values
from pulumi_stripe_portal.schema.tree import Node

__all__ = ["Contrast", "contrasts"]


@dataclass(frozen=True)
class Contrast:
    """What holds in the first stack and what in the second, () for nothing."""

    holds: tuple[Text, Text]
    risk: Risk | None


def contrasts(
    root: Node, sides: tuple[Values, Values], book: PriceBook
) -> list[Contrast]:
    """Return what holds in one stack and not in the other.

    What a stack has is told by what one gains on the way to it, never by what one
    loses on the way from it: so the same is said of a stack whichever is named first.
    """
    mine, theirs = tell(root, *sides[::-1], book), tell(root, *sides, book)
    found = [
        Contrast((effect.holds, effect.before), effect.risk)
        for effect in mine
        if any(_mirrored(effect, other) for other in theirs)
    ]
    found += [Contrast((each.holds, ()), each.risk) for each in _only(mine)]
    found += [Contrast(((), each.holds), each.risk) for each in _only(theirs)]
    order = [*Risk, None]
    return sorted(found, key=lambda each: order.index(each.risk))


def _only(effects: Iterable[Effect]) -> Iterator[Effect]:
    """Yield what holds on one side only."""
    return (effect for effect in effects if effect.holds and not effect.before)


def _mirrored(effect: Effect, other: Effect) -> bool:
    """Tell whether two sentences say the same of both stacks, seen from either."""
    return all(
        this.before and plain(that.holds).endswith(plain(this.before))
        for this, that in ((effect, other), (other, effect))
    )
