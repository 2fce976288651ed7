"""How many customers a change may concern, in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .before_after import Effect, fact
from .offers import on_offer
from .plan import Change
from .prices import EVERYONE, Price, PriceBook

__all__ = ["concerned", "reach"]

_WHOSE = {"all": "a subscription that has not ended", "offer": "one of its plans"}


def concerned(change: Change, effect: Effect, book: PriceBook) -> tuple[Price, ...]:
    """Return the prices whose customers a sentence may concern."""
    if not effect.reach:
        return effect.prices
    if change.op == "create" and not change.is_default:
        return ()  # no customer sees it yet
    if effect.reach == "all":
        return (Price(id=EVERYONE),)
    return on_offer((change.recorded, change.after), book)


def reach(
    change: Change, effects: Iterable[Effect], book: PriceBook
) -> Iterator[Effect]:
    """Yield how many customers the changes may concern, where that was asked.

    Which customers get a portal is decided by the app, session by session: what can be
    counted is who could be among them.
    """
    first = {each.reach: each for each in reversed([*effects]) if each.reach}
    for whom, effect in first.items():
        held = book.holders(concerned(change, effect, book))
        if held is not None and held.found:
            upto = "up to " if held.is_whole else ""
            words = (
                f"Of those who have {_WHOSE[whom]}, {upto}{held.customers} "
                f"({held.subscriptions}) may be concerned; who of them gets this "
                "portal, Stripe does not tell."
            )
            yield fact(words, effect.risk)
        elif held is not None:
            yield fact(f"Today nobody has {_WHOSE[whom]}.", effect.risk)
