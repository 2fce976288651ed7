"""Turns a change into sentences: which there are, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pulumi_stripe_portal._values import Path, value_at

from . import appearance, endpoints, features, offers
from .fields import ABILITIES, ENDPOINT_FIELDS, PORTAL_FIELDS, Risk, Words
from .plan import Change
from .prices import PriceBook
from .text import Quoted, Text, joined
from .turn import Effect, Side, Turn, fact
from .values import Opaque, changed, is_known

__all__ = ["TOPICS", "drift_of", "effects_of", "words_at"]

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
