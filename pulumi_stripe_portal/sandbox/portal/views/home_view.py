"""The view of the portal's first page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

from . import customer_view, view
from .subscription_view import subscription

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox import portal_session

__all__ = ["HomeContents", "home"]


@dataclass(frozen=True, kw_only=True)
class HomeContents:
    """What there is to show of a customer."""

    customer: Json
    now: int
    subscriptions: Iterable[portal_session.CustomerSubscription] = ()
    upcoming: Mapping[str, Json] = field(default_factory=dict)
    """Previews of next invoices, by subscription."""
    methods: Iterable[Json] = ()
    default_method: str | None = None
    removable: Callable[[str], bool] = lambda _id: False
    tax_ids: Iterable[Json] = ()
    invoices: Iterable[Json] = ()
    more_invoices: int | None = None
    """How many invoices to show next, None where these are all."""


def home(
    words: Words, known: HomeContents, allowed: portal_session.Allowed
) -> view.Home:
    """Show what the customer has, as far as *allowed* lets the customer see it."""
    may_update = allowed.customer_update
    return view.Home(
        subscriptions=tuple(
            subscription(words, each, known.upcoming.get(each.object["id"]))
            for each in known.subscriptions
        ),
        methods=(
            customer_view.cards(
                words,
                known.methods,
                default=known.default_method,
                removable=known.removable,
                now=known.now,
            )
            if allowed.payment_method_update
            else None
        ),
        details=customer_view.details(words, known.customer, may_update) or None,
        tax_ids=(
            customer_view.tax_ids(words, known.tax_ids)
            if "tax_id" in may_update
            else None
        ),
        invoices=(
            customer_view.invoices(words, known.invoices)
            if allowed.invoice_history
            else None
        ),
        more_invoices=known.more_invoices,
    )
