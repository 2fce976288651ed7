"""The exact value of a setting, in words that can be read without the code. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import canonical, value_at

from .before_after import usable
from .endpoints import said_address
from .features import durations, length
from .fields import ENDPOINT_FIELDS, PORTAL_FIELDS
from .offers import offer_of
from .prices import PriceBook
from .text import BREAK, Part, Quoted, Text, joined, plain
from .values import Opaque, marks

__all__ = ["format_value"]

_WITH_NAMES = ("payment_method_configuration", "feedback_options", "account")
"""Fields that hold ids of objects that may have names."""


def format_value(leaf: Node, path: str, value: Any, book: PriceBook) -> Text:
    """Return a setting's value; one that isn't set is what Stripe makes of that.

    What is not told of it is said, whatever else is.
    """
    if value is None or value == "":
        default = canonical(leaf, None)
        if default in (None, [], {}):
            return ("not set",)
        return (*_said(leaf, path, default, book), " (not set)")
    text = _said(leaf, path, value, book)
    untold = dict.fromkeys(mark.words for mark in marks(value))
    said = plain(text) if untold else ""
    return (*text, *(f"; {words}" for words in untold if words not in said))


def _said(leaf: Node, path: str, value: Any, book: PriceBook) -> Text:
    if isinstance(value, Opaque):
        return (value.words,)
    if path in _SPECIAL:
        if not usable(leaf, value):
            return (next(marks(value)).words,)
        return _SPECIAL[path](canonical(leaf, value), book)
    if isinstance(value, Mapping) or (leaf.kind == "open" and type(value) is not str):
        return (Quoted(json.dumps(value, default=_why, ensure_ascii=False)),)
    if isinstance(value, list):
        listed = [_said(leaf, path, item, book) for item in value]
        return joined(listed, most=30) if listed else ("none",)
    if isinstance(value, bool):
        yes, no = ("on", "off") if leaf.name == "enabled" else ("yes", "no")
        return (yes if value else no,)
    if leaf.name in _WITH_NAMES:
        return book.label(value)
    if path == "url":
        return said_address(value)
    fields = ENDPOINT_FIELDS if path in ENDPOINT_FIELDS else PORTAL_FIELDS
    told = path in fields and path != "enabled_events"
    words = fields[path].choices.get(str(value)) if told else None
    return (words,) if words else (Quoted(str(value)),)


def _why(value: Any) -> str:
    return f"({value.words})" if isinstance(value, Opaque) else str(value)


def _duration(value: Mapping[str, Any], _book: PriceBook) -> Text:
    return (length(durations(value)),)


def _products(value: list[Mapping[str, Any]], book: PriceBook) -> Text:
    """Return a line for each product: its prices, and its quantity."""
    parts: list[Part] = []
    for entry in value:
        offer = offer_of(entry, book)
        quantity = offer.range if offer.quantity[0] else "fixed"
        given = value_at(entry, ("prices",))
        prices = _prices(given if isinstance(given, list) else [given], book)
        parts += [BREAK, *prices, f"; quantity {quantity}"]
    return tuple(parts[1:]) if parts else ("none",)


def _prices(listed: list[Any], book: PriceBook) -> Text:
    ordered = sorted(listed, key=lambda given: book.price(given).rank)
    return joined([_price(given, book) for given in ordered], most=30)


def _price(given: Any, book: PriceBook) -> Text:
    """Return a price's name, and how the code names it where that can be read."""
    key = given.get("lookup_key") if isinstance(given, Mapping) else None
    title = book.price(given).title
    if not isinstance(key, str) or Quoted(key) in title:
        return title
    return (*title, " as ", Quoted(key))


def _conditions(value: list[Mapping[str, Any]], _book: PriceBook) -> Text:
    words = PORTAL_FIELDS[
        "features.subscription_update.schedule_at_period_end.conditions.type"
    ]
    listed = [(words.say(str(value_at(each, ("type",)))),) for each in value]
    return joined(listed, "or") if listed else ("none",)


_SPECIAL: Mapping[str, Callable[[Any, PriceBook], Text]] = {
    "features.subscription_pause.duration": _duration,
    "features.subscription_update.products": _products,
    "features.subscription_update.schedule_at_period_end.conditions": _conditions,
}
"""The fields that hold objects."""
