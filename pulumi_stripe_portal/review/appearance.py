"""What a portal looks like, where it leads, and what only the team sees.

Each function tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .fields import PORTAL_FIELDS, Risk
from .text import Quoted, Text, joined
from .turn import Effect, Turn, fact, gain, loss

__all__ = [
    "account",
    "headline",
    "in_use",
    "legal",
    "letting_go",
    "return_link",
    "team",
]


def in_use(turn: Turn) -> Iterator[Effect]:
    """Whether sessions can be made with the configuration."""
    was, will = turn.was.at("active"), turn.will.at("active")
    if turn.new:
        if will is False:
            yield fact("It is made deactivated: Stripe refuses sessions with it.")
    elif will is False and was is not False:
        yield loss(
            "use this portal: it is deactivated, and Stripe refuses new sessions "
            "with it",
            Risk.ACCESS,
        )
    elif was is False and will is not False:
        yield gain("use this portal again: sessions can be made with it", Risk.ACCESS)


def headline(turn: Turn) -> Iterator[Effect]:
    """The line that customers see at the top."""
    path = "business_profile.headline"
    was, will = turn.was.at(path), turn.will.at(path)
    if was != will:
        yield fact(_replaced("The headline", was, will))


def return_link(turn: Turn) -> Iterator[Effect]:
    """Where the link back to the app leads."""
    was, will = (side.at("default_return_url") for side in (turn.was, turn.will))
    if was != will:
        yield fact(_replaced("The link back to the app", was, will, "leads to"))


def legal(turn: Turn) -> Iterator[Effect]:
    """The links to the privacy policy and the terms of service."""
    for name, words in (
        ("privacy_policy_url", "The link to the privacy policy"),
        ("terms_of_service_url", "The link to the terms of service"),
    ):
        path = f"business_profile.{name}"
        was, will = turn.was.at(path), turn.will.at(path)
        if was != will:
            yield fact(_replaced(words, was, will, "leads to"), Risk.LEGAL)


def _replaced(what: str, was: Any, will: Any, verb: str = "reads") -> Text:
    """Return what a text or link reads now, and what it read before."""
    if not will:
        return (f"{what} is removed. Before: ", Quoted(str(was)), ".")
    if not was:
        return (f"{what} is new and {verb} ", Quoted(str(will)), ".")
    return (
        f"{what} now {verb} ",
        Quoted(str(will)),
        ". Before: ",
        Quoted(str(was)),
        ".",
    )


def team(turn: Turn) -> Iterator[Effect]:
    """Name, description and metadata, which customers never see."""
    for path, words in (("name", "The name"), ("description", "The description")):
        if path not in turn.was.leaves:
            continue
        was, will = turn.was.at(path), turn.will.at(path)
        if was != will and not turn.new:
            text = _replaced(f"{words} that your team sees", was, will)
            yield fact(text)
    was, will = turn.was.at("metadata"), turn.will.at("metadata")
    keys = [key for key in sorted({*was, *will}) if was.get(key) != will.get(key)]
    if keys and not turn.new:
        noun = "note" if len(keys) == 1 else "notes"
        names = joined([(Quoted(key),) for key in keys])
        yield fact(
            (
                f"Your own {noun} on it (metadata) change, unseen by customers: ",
                *names,
                ".",
            )
        )


def letting_go(turn: Turn) -> Iterator[Effect]:
    """What happens to the default when the code lets go of it."""
    words = PORTAL_FIELDS["on_delete"]
    will = turn.will.at("on_delete")
    if turn.was.at("on_delete") != will:
        yield fact(
            f"When the code lets go of the default, {words.say(will)}.", Risk.DEFAULT
        )


def account(turn: Turn) -> Iterator[Effect]:
    """Which connected account it belongs to."""
    was, will = turn.was.at("account"), turn.will.at("account")
    if was != will and not turn.new:
        where = (
            ("the connected account ", *turn.book.label(will))
            if will
            else ("the account of the key",)
        )
        yield fact(("It is made anew in ", *where, "."), Risk.ACCESS)
