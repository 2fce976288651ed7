"""The view of a Checkout Session: what it sells, and what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

from . import view
from .statement_view import statement

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox import portal_session

__all__ = ["checkout"]


def checkout(
    words: Words,
    found: portal_session.OpenCheckout,
    summary: portal_session.CheckoutSummary | None,
    entered: Mapping[str, str],
) -> view.Checkout:
    """Show a session with its *summary*, and what is *entered* so far."""
    text, name = words.text, found.branding.name
    card = {key: entered[key] for key in ("expiry", "name", "number")}
    email = found.email or entered["email"]
    if summary is None:
        return view.Checkout(
            title=text("checkout.title.save"),
            email=email,
            is_email_known=found.email is not None,
            card=card,
            confirm=text("checkout.save"),
            terms=text("checkout.terms.save", name=name),
        )
    upcoming, trial = summary.upcoming, summary.trial_end
    plan = ", ".join(_names(summary.due))
    return view.Checkout(
        title=text("checkout.title.try" if trial else "checkout.title", plan=plan),
        email=email,
        is_email_known=found.email is not None,
        card=card if summary.needs_card else None,
        confirm=text("checkout.try" if trial else "checkout.subscribe"),
        terms=text("checkout.terms", name=name),
        prices=tuple(_prices(words, summary.due)),
        trial=text("note.trial", date=words.date(trial)) if trial else None,
        due=statement(words, summary.due),
        upcoming=statement(words, upcoming) if upcoming else None,
        discount=words.discount(summary.coupon) if summary.coupon else None,
        takes_code=bool(found.object["allow_promotion_codes"]),
        code=entered["promotion_code"],
    )


def _names(invoice: Json) -> list[str]:
    names = (line["product"]["name"] for line in invoice["lines"]["data"])
    return list(dict.fromkeys(names))


def _prices(words: Words, invoice: Json) -> list[str]:
    prices = {line["price"]["id"]: line["price"] for line in invoice["lines"]["data"]}
    return [words.price(each) for each in prices.values()]
