"""The view of the portal's first page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_stripe_portal.sandbox.store import Json

from . import customers, view
from .subscribed import subscription
from .words import Words

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox.billing import visits

__all__ = ["Known", "home"]


@dataclass(frozen=True, kw_only=True)
class Known:
    """What there is to show of a customer."""

    customer: Json
    now: int
    subscriptions: Iterable[visits.Subscribed] = ()
    upcoming: Mapping[str, Json] = field(default_factory=dict)
    """Previews of next invoices, by subscription."""
    methods: Iterable[Json] = ()
    default_method: str | None = None
    removable: Callable[[str], bool] = lambda _id: False
    tax_ids: Iterable[Json] = ()
    invoices: Iterable[Json] = ()


def home(words: Words, known: Known, allowed: visits.Allowed) -> view.Home:
    """Show what the customer has, as far as *allowed* lets the customer see it."""
    may_update = allowed.customer_update
    return view.Home(
        subscriptions=tuple(
            subscription(words, each, known.upcoming.get(each.object["id"]))
            for each in known.subscriptions
        ),
        methods=(
            customers.cards(
                words,
                known.methods,
                default=known.default_method,
                removable=known.removable,
                now=known.now,
            )
            if allowed.payment_method_update
            else None
        ),
        details=customers.details(words, known.customer, may_update) or None,
        tax_ids=(
            customers.tax_ids(words, known.tax_ids) if "tax_id" in may_update else None
        ),
        invoices=(
            customers.invoices(words, known.invoices)
            if allowed.invoice_history
            else None
        ),
    )
