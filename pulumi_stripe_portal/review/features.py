"""What customers can do with their details, invoices, payment methods; cancel, pause.

Each function tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .before_after import BeforeAfter, Effect, Side, fact, gain, loss, turned
from .fields import ABILITIES, PORTAL_FIELDS, Risk
from .text import Text, joined

__all__ = [
    "cancelling",
    "details",
    "durations",
    "invoices",
    "length",
    "login_page",
    "pausing",
    "payment_methods",
    "survey",
]

_DETAILS = "features.customer_update.allowed_updates"
_REASONS = "features.subscription_cancel.cancellation_reason"
_CANCEL = "features.subscription_cancel"
_DURATION = "features.subscription_pause.duration"
_KINDS = "features.payment_method_update.payment_method_configuration"


def switched(pair: BeforeAfter, feature: str) -> Iterator[Effect]:
    """Say that a feature is now on or off."""
    if pair.was.on(feature) and not pair.will.on(feature):
        yield loss(ABILITIES[feature], Risk.ACCESS)
    if pair.will.on(feature) and not pair.was.on(feature):
        yield gain(ABILITIES[feature], Risk.ACCESS)


def details(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of changing billing details."""
    feature = "customer_update"
    if feature in pair.was.bare | pair.will.bare:
        yield from switched(pair, feature)
        return
    was, will = (
        side.chosen(_DETAILS) if side.on(feature) else []
        for side in (pair.was, pair.will)
    )
    lost = [choice for choice in was if choice not in will]
    gained = [choice for choice in will if choice not in was]
    if lost:
        yield loss(("change their ", *_choices(_DETAILS, lost)), Risk.ACCESS)
    if gained:
        yield gain(("change their ", *_choices(_DETAILS, gained)), Risk.ACCESS)


def _choices(path: str, chosen: list[str]) -> Text:
    return joined([(PORTAL_FIELDS[path].say(choice),) for choice in chosen])


def invoices(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of seeing past invoices."""
    yield from switched(pair, "invoice_history")


def payment_methods(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of managing payment methods."""
    feature = "payment_method_update"
    yield from switched(pair, feature)
    was, will = pair.was.at(_KINDS), pair.will.at(_KINDS)
    if was == will or not pair.will.on(feature):
        return
    if will:
        holds: Text = (
            "Which kinds of payment method customers can add is set by the payment "
            "method configuration ",
            *pair.book.label(will),
        )
        yield fact((*holds, "."), Risk.ACCESS, holds=holds)
    elif pair.was.on(feature):
        clause = (
            "Customers can add the kinds of payment method that the account's own "
            "payment settings allow"
        )
        yield fact(f"{clause}.", Risk.ACCESS, holds=clause)


def cancelling(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of cancelling, and what it costs."""
    feature = "subscription_cancel"
    yield from switched(pair, feature)
    if not pair.will.on(feature) or feature in pair.will.bare:
        return
    terms = _terms(pair.will)
    if not pair.was.on(feature):
        at_once = pair.will.at(f"{_CANCEL}.mode") == "immediately"
        yield fact(f"When customers cancel, {terms}.", Risk.MONEY if at_once else None)
    elif feature not in pair.was.bare and _terms(pair.was) != terms:
        clause = f"When customers cancel, {terms}"
        yield turned(clause, _terms(pair.was), Risk.MONEY)


def _terms(side: Side) -> str:
    mode = side.at(f"{_CANCEL}.mode")
    if mode == "at_period_end":
        return "the subscription runs on until the end of the period they paid for"
    if mode != "immediately":
        return f"the subscription ends as Stripe has it for the mode {mode}"
    credit = {
        "none": "without a credit for the time they paid for",
        "create_prorations": "with a credit for the unused time",
        "always_invoice": "with a credit for the unused time, invoiced at once",
    }
    behaviour = side.at(f"{_CANCEL}.proration_behavior")
    rule = f"with the credit that Stripe has for {behaviour}"
    return f"the subscription ends at once, {credit.get(behaviour, rule)}"


def survey(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell what customers are asked when they cancel."""
    was, will = _asked(pair.was, pair), _asked(pair.will, pair)
    if will and not was:
        holds: Text = ("Customers who cancel are asked why: ", *joined(will, "or"))
        yield fact((*holds, "."), holds=holds)
    elif was and not will:
        if pair.will.on("subscription_cancel"):
            yield fact("Customers who cancel are no longer asked why.")
    elif was != will:
        more = [reason for reason in will if reason not in was]
        less = [reason for reason in was if reason not in will]
        if more:
            can: Text = ("say: ", *joined(more, "or"))
            yield fact(
                ("Customers who cancel can also ", *can, "."),
                holds=("Customers who cancel can ", *can),
            )
        if less:
            yield fact(
                ("Customers who cancel can no longer say: ", *joined(less, "or"), ".")
            )


def _asked(side: Side, pair: BeforeAfter) -> list[Text]:
    if not side.on("subscription_cancel") or not side.at(f"{_REASONS}.enabled"):
        return []
    words = PORTAL_FIELDS[f"{_REASONS}.options"]
    ready: list[Text] = [
        (words.say(choice),) for choice in side.chosen(f"{_REASONS}.options")
    ]
    own = side.at(f"{_REASONS}.feedback_options")
    return ready + [pair.book.label(option) for option in own]


def pausing(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of pausing, and for how long."""
    feature = "subscription_pause"
    if feature in pair.was.bare | pair.will.bare:
        yield from switched(pair, feature)
        return
    was, will = (
        _durations(side) if side.on(feature) else [] for side in (pair.was, pair.will)
    )
    lost = [duration for duration in was if duration not in will]
    gained = [duration for duration in will if duration not in was]
    if lost and not will:
        yield loss(ABILITIES[feature], Risk.ACCESS)
    elif lost:
        yield loss(f"pause {length(lost)}", Risk.ACCESS)
    if gained:
        yield gain(f"pause {length(gained)}", Risk.ACCESS)


_UNITS = ("day", "week", "month", "year")
_FOREVER = ("", 0)


def _durations(side: Side) -> list[tuple[str, int]]:
    return durations(side.at(_DURATION))


def durations(duration: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return the durations that customers can choose, as unit and number."""
    if duration.get("type") == "indefinite":
        return [_FOREVER]
    found = {
        (str(each["interval"]), int(each["interval_count"]))
        for each in duration.get("interval_options") or ()
    }
    return sorted(found, key=lambda d: (_rank(d[0]), d[1]))


def _rank(unit: str) -> tuple[int, str]:
    """Return where a unit stands; one that is newer than this package comes last."""
    return (_UNITS.index(unit), "") if unit in _UNITS else (len(_UNITS), unit)


def length(durations: list[tuple[str, int]]) -> str:
    """Return `for 1 or 3 months`, or `until they resume it`."""
    if not durations:
        return "for no time that this review knows"
    if _FOREVER in durations:
        return "until they resume it themselves"
    words = []
    for unit in sorted({found for found, _ in durations}, key=_rank):
        numbers = [number for found, number in durations if found == unit]
        if numbers:
            listed = " or ".join(map(str, numbers))
            if len(numbers) > 2:
                head = ", ".join(map(str, numbers[:-1]))
                listed = f"{head} or {numbers[-1]}"
            words.append(f"{listed} {unit}{'' if numbers == [1] else 's'}")
    return f"for {' or '.join(words)}"


def login_page(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of the page where customers sign in by email."""
    was, will = (side.at("login_page.enabled") for side in (pair.was, pair.will))
    if will and not was:
        yield gain(
            "sign in to the portal by email, at a link that can be shared", Risk.ACCESS
        )
    if was and not will:
        then = ": the shareable link stops working"
        yield loss("sign in to the portal by email", Risk.ACCESS, then=then)
