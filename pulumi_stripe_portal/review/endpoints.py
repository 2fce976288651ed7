"""What the app is told of: webhook endpoints.

Each function tells one topic of `fields`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pulumi_stripe_portal.schema.visible import shown_address, split_address

from .before_after import BeforeAfter, Effect, fact
from .fields import ENDPOINT_FIELDS, Risk
from .text import Quoted, Text, joined

__all__ = ["address", "events", "said_address", "secret", "switch", "version", "whose"]


def said_address(url: Any) -> Text:
    """Return an endpoint's address without what may be secret in it."""
    if not isinstance(url, str):
        return ("an address that is not known yet",)
    if split_address(url) is None:
        return ("an address that is none",)
    return (Quoted(shown_address(url)),)


def address(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell where events are sent."""
    was, will = pair.was.at("url"), pair.will.at("url")
    if was == will or pair.new:
        return
    shown = said_address(will)
    if shown == said_address(was):
        text: Text = ("The hidden part of the address that receives events changes.",)
    else:
        text = ("Events now go to ", *shown, ". Before: ", *said_address(was), ".")
    yield fact(text, Risk.EVENTS)


_ALL = "*"
"""Stands for nearly all events, those named beside it included."""


def events(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell what the app hears of."""
    was, will = pair.was.at("enabled_events"), pair.will.at("enabled_events")
    if _ALL in was and _ALL not in will:
        text: Text = ("The app is told only when ", *_told(will), ".")
        yield fact(text, Risk.EVENTS, before=("when ", *_told([_ALL])))
        return
    less = [event for event in was if event not in will and _ALL not in will]
    more = [event for event in will if event not in was and _ALL not in was]
    if less and not pair.new:
        yield fact(("The app is no longer told when ", *_told(less), "."), Risk.EVENTS)
    if more:
        now = "is told when " if pair.new else "is now told when "
        holds: Text = ("The app is told when ", *_told(more))
        yield fact((f"The app {now}", *_told(more), "."), Risk.EVENTS, holds=holds)


def _told(names: list[str]) -> Text:
    words = ENDPOINT_FIELDS["enabled_events"].choices
    if _ALL in names:
        return ("nearly anything happens (all events)",)
    return joined([_event(name, words.get(name)) for name in names], "or", most=20)


def _event(name: str, words: str | None) -> Text:
    if words is None:
        return ("Stripe sends ", Quoted(name))
    return (f"{words} (", Quoted(name), ")")


def switch(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell whether events are sent at all."""
    was, will = pair.was.at("disabled"), pair.will.at("disabled")
    off = "Stripe sends no events: it is switched off"
    if will and pair.new:
        yield fact(f"{off}.", Risk.EVENTS)
    elif will and not was:
        text = "Stripe stops sending events: it is switched off."
        yield fact(text, Risk.EVENTS, holds=off)
    elif was and not will:
        yield fact("Stripe sends events again: it is switched on.", Risk.EVENTS)


def version(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of the shape of the events."""
    was, will = pair.was.at("api_version"), pair.will.at("api_version")
    if was == will or pair.new:
        return
    of = Quoted(will) if will else "the account's own API version"
    holds: Text = ("Events come in the shape of ", of)
    yield fact((*holds, "; check that the app reads it."), Risk.EVENTS, holds=holds)


def whose(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell whether events are those of connected accounts."""
    was, will = pair.was.at("connect"), pair.will.at("connect")
    if was == will:
        return
    of = "connected accounts" if will else "the account itself"
    clause = f"The events are those of {of}"
    yield fact(f"{clause}.", Risk.EVENTS, holds=clause)


def secret(pair: BeforeAfter) -> Iterator[Effect]:
    """Tell of the signing secret, but for replacements: those are told as a whole."""
    was, will = pair.was.at("secret"), pair.will.at("secret")
    if was != will:
        yield fact(
            "The signing secret that the code hands on changes; at Stripe it does not.",
            Risk.SECRET,
        )
