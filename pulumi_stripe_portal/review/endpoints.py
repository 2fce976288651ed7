"""What the app is told of: webhook endpoints.

Each function that takes a pair tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pulumi_stripe_portal.schema.visible import shown_address, split_address

from .before_after import BeforeAfter, Effect, clause, fact, only_in
from .fields import EVENTS, Risk
from .text import Quoted, Text, join

__all__ = ["address", "events", "secret", "sending", "version", "visible_address"]


def visible_address(url: Any) -> Text:
    """Return an endpoint's address without what may be secret in it."""
    if not isinstance(url, str):
        return ("an address that is not known yet",)
    if split_address(url) is None:
        return ("an address that is none",)
    return (Quoted(shown_address(url)),)


def address(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell where events are sent."""
    if pair.new:
        return
    was, will = map(visible_address, pair.at("url"))
    text: Text = ("The hidden part of the address that receives events changes.",)
    if was != will:
        text = ("Events now go to ", *will, ". Before: ", *was, ".")
    yield fact(text, Risk.EVENTS)


_ALL = "*"
"""Stands for nearly all events, those named beside it included."""


def events(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell what the app hears of."""
    was, will = pair.at("enabled_events")
    if _ALL in was and _ALL not in will:
        text: Text = ("The app is told only when ", *_list(will), ".")
        yield fact(text, Risk.EVENTS, before=("when ", *_list([_ALL])))
        return
    less, more = only_in(was, will)
    if less and _ALL not in will and not pair.new:
        yield fact(("The app is no longer told when ", *_list(less), "."), Risk.EVENTS)
    if more and _ALL not in was:
        now = "is told when " if pair.new else "is now told when "
        holds: Text = ("The app is told when ", *_list(more))
        yield fact((f"The app {now}", *_list(more), "."), Risk.EVENTS, holds=holds)


def _list(names: list[str]) -> Text:
    if _ALL in names:
        return ("nearly anything happens (all events)",)
    listed: list[Text] = [
        (f"{EVENTS[name]} (", Quoted(name), ")")
        if name in EVENTS
        else ("Stripe sends ", Quoted(name))
        for name in names
    ]
    return join(listed, "or", most=20)


def sending(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell whether events are sent at all."""
    off = "Stripe sends no events: it is switched off"
    if not pair.will.at("disabled"):
        yield fact("Stripe sends events again: it is switched on.", Risk.EVENTS)
    elif pair.new:
        yield fact(f"{off}.", Risk.EVENTS)
    else:
        text = "Stripe stops sending events: it is switched off."
        yield fact(text, Risk.EVENTS, holds=off)


def version(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of the shape of the events."""
    will = pair.will.at("api_version")
    if not pair.new:
        of = Quoted(will) if will else "the account's own API version"
        holds: Text = ("Events come in the shape of ", of)
        yield clause(holds, Risk.EVENTS, end="; check that the app reads it.")


def secret(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of the signing secret, but for replacements: those are told as a whole."""
    was, will = pair.at("secret")
    if was != will:
        yield fact(
            "The signing secret that the code hands on changes; at Stripe it does not.",
            Risk.SECRET,
        )
