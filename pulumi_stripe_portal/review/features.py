"""What customers can do, what a portal looks like, and what only the team sees.

Each function that takes a pair tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .before_after import BeforeAfter, Effect, Side, clause, fact, gain, loss, only_in
from .fields import ABILITIES, FIELDS, Risk
from .prices import PriceBook
from .text import Quoted, Text, join, plain

__all__ = [
    "account",
    "cancelling",
    "choice",
    "details",
    "durations",
    "in_use",
    "length",
    "login_page",
    "outage",
    "pausing",
    "payment_methods",
    "refusal",
    "return_link",
    "survey",
    "switch",
    "team",
    "texts",
]

_CANCEL = "features.subscription_cancel"
_REASONS = f"{_CANCEL}.cancellation_reason"
_KINDS = "features.payment_method_update.payment_method_configuration"


def switch(pair: BeforeAfter) -> Iterator[Effect]:
    """Say that a feature is now on or off."""
    was, will = (side.on(pair.feature) for side in pair.sides)
    if was != will:
        yield (gain if will else loss)(ABILITIES[pair.feature], Risk.ACCESS)
    if was and not will and pair.feature == "subscription_cancel":
        yield fact(
            "Several countries' laws say that customers must be able to cancel online: "
            "where this portal is how they do, they need another way.",
            Risk.LEGAL,
        )


def choice(pair: BeforeAfter) -> Iterator[Effect]:
    """Say which choice holds from now on."""
    for path in pair.changed:
        words = FIELDS[path]
        yield clause(words.sentence(pair.will.at(path)), words.risk)


def details(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of changing billing details."""
    path = "features.customer_update.allowed_updates"
    sides = only_in(*(side.chosen(path) for side in pair.sides))
    for say, choices in zip((loss, gain), sides, strict=True):
        if choices:
            listed = join(FIELDS[path].texts(choices))
            yield say(("change their ", *listed), Risk.ACCESS)


def payment_methods(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of managing payment methods."""
    yield from switch(pair)
    was, will = pair.at(_KINDS)
    if was == will or not pair.will.on(pair.feature):
        return
    if will:
        words = (
            "Which kinds of payment method customers can add is set by the payment "
            "method configuration "
        )
        yield clause((words, *pair.book.label(will)), Risk.ACCESS)
    elif pair.was.on(pair.feature):
        words = (
            "Customers can add the kinds of payment method that the account's own "
            "payment settings allow"
        )
        yield clause(words, Risk.ACCESS)


def cancelling(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of cancelling, and what it costs."""
    yield from switch(pair)
    if not pair.will.on(pair.feature):
        return
    was, will = map(_terms, pair.sides)
    if not pair.was.on(pair.feature):
        at_once = pair.will.at(f"{_CANCEL}.mode") == "immediately"
        yield fact(f"When customers cancel, {will}.", Risk.MONEY if at_once else None)
    elif was != will:
        yield clause(f"When customers cancel, {will}", Risk.MONEY, was)


def _terms(side: Side) -> str:
    mode = side.at(f"{_CANCEL}.mode")
    if mode == "at_period_end":
        return "the subscription runs on until the end of the period they paid for"
    if mode != "immediately":
        return f"the subscription ends as Stripe has it for the mode {mode}"
    path = f"{_CANCEL}.proration_behavior"
    behaviour = side.at(path)
    words = FIELDS[path].choices.get(behaviour)
    credit = f"with a {words}"
    if words is None:
        credit = f"with the credit that Stripe has for {behaviour}"
    elif behaviour == "none":
        credit = "without a credit for the time they paid for"
    return f"the subscription ends at once, {credit}"


def survey(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell what customers are asked when they cancel."""
    was, will = (_reasons(side, pair.book) for side in pair.sides)
    lost, gained = only_in(was, will)
    if will and not was:
        yield clause(("Customers who cancel are asked why: ", *join(will, "or")))
    elif was and not will:
        if pair.will.on("subscription_cancel"):
            yield fact("Customers who cancel are no longer asked why.")
    else:
        who, can = "Customers who cancel can ", ("say: ", *join(gained, "or"))
        if gained:
            yield fact((f"{who}also ", *can, "."), holds=(who, *can))
        if lost:
            yield fact((f"{who}no longer say: ", *join(lost, "or"), "."))


def _reasons(side: Side, book: PriceBook) -> list[Text]:
    path = f"{_REASONS}.options"
    own = side.chosen(f"{_REASONS}.feedback_options")
    return [*FIELDS[path].texts(side.chosen(path)), *map(book.label, own)]


def pausing(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of pausing, and for how long."""
    path = "features.subscription_pause.duration"
    was, will = (durations(side.felt(path) or {}) for side in pair.sides)
    lost, gained = only_in(was, will)
    if lost:
        ability = f"pause {length(lost)}" if will else ABILITIES[pair.feature]
        yield loss(ability, Risk.ACCESS)
    if gained:
        yield gain(f"pause {length(gained)}", Risk.ACCESS)


_UNITS = ("day", "week", "month", "year")
_FOREVER = ("", 0)


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
    return (*_UNITS, unit).index(unit), unit


def length(durations: list[tuple[str, int]]) -> str:
    """Return `for 1 or 3 months`, or `until they resume it`."""
    if not durations:
        return "for no time that this review knows"
    if _FOREVER in durations:
        return "until they resume it themselves"
    words = []
    for unit in sorted({found for found, _ in durations}, key=_rank):
        numbers = [(str(number),) for found, number in durations if found == unit]
        listed = plain(join(numbers, "or", len(numbers)))
        words.append(f"{listed} {unit}{'' if listed == '1' else 's'}")
    return f"for {' or '.join(words)}"


def login_page(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of the page where customers sign in by email."""
    was, will = pair.at("login_page.enabled")
    words = "sign in to the portal by email"
    if will and not was:
        yield gain(f"{words}, at a link that can be shared", Risk.ACCESS)
    if was and not will:
        then = ": the shareable link stops working"
        yield loss(words, Risk.ACCESS, then=then)


def in_use(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell whether sessions can be made with the configuration."""
    will = pair.will.at("active")
    if will is not False and not pair.new:
        then = " again: sessions can be made with it"
        yield gain("use this portal", Risk.ACCESS, then=then)
    elif not pair.new:
        yield outage(sign_in=pair.was.at("login_page.enabled") is True)
    elif will is False:
        yield fact("It is made deactivated: Stripe refuses sessions with it.")


def outage(*, sign_in: bool) -> Effect:
    """Say that a portal is switched off, and whether a sign-in link goes with it."""
    link = ", and its sign-in link stops working" if sign_in else ""
    then = f": it is deactivated; Stripe refuses sessions with it{link}"
    return replace(loss("use this portal", Risk.OUTAGE, then=then), reach="all")


def return_link(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell where the link back to the app leads, and what comes of having none."""
    [effect] = texts(pair)
    if pair.will.at("default_return_url"):
        yield replace(effect, risk=None)
    else:
        yield from (effect, refusal(Risk.ACCESS))


def refusal(risk: Risk | None) -> Effect:
    """Say what Stripe does where a portal has no link back to the app.

    «Your PortalConfiguration does not have a `default_return_url`, and you did not
    provide a `return_url`.» (fjordllc/bootcamp #4623)
    """
    holds: Text = (
        "Stripe refuses sessions that don't say where to return to (",
        Quoted("return_url"),
        "): the portal itself doesn't say it (",
        Quoted("default_return_url"),
        ")",
    )
    return clause(holds, risk)


def texts(pair: BeforeAfter) -> Iterator[Effect]:
    """Say what texts and links read now, and what they read before."""
    for path in pair.changed:
        was, will = pair.at(path)
        words = FIELDS[path]
        what = words.when or f"The {words.noun}"
        verb = "leads to" if path.endswith("_url") else "reads"
        before: Text = (Quoted(str(was)),) if was else ()
        new: Text = (f"{verb} ", Quoted(str(will)))
        if will and was != will:
            text = (f"{what} {'now' if was else 'is new and'} ", *new, ".")
            holds = (f"{what} ", *new)
            yield fact(text, words.risk, before=before, holds=holds)
        elif was != will:
            yield fact(f"{what} is removed.", words.risk, before=before)


def team(pair: BeforeAfter) -> Iterator[Effect]:
    """Name, description and metadata, which customers never see."""
    if pair.new:
        return
    named = tuple(path for path in pair.changed if path != "metadata")
    yield from texts(replace(pair, changed=named))
    was, will = pair.at("metadata")
    keys = [key for key in sorted({*was, *will}) if was.get(key) != will.get(key)]
    if keys:
        noun = "note" if len(keys) == 1 else "notes"
        words = f"Your own {noun} on it (metadata) change, unseen by customers: "
        yield fact((words, *join([(Quoted(key),) for key in keys]), "."))


def account(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell which connected account it belongs to."""
    account = pair.will.at("account")
    where: Text = ("the account of the key",)
    if account:
        where = ("the connected account ", *pair.book.label(account))
    if not pair.new:
        yield fact(("It is made anew in ", *where, "."), Risk.ACCESS)
