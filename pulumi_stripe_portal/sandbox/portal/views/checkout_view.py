"""The view of a Checkout Session: what it sells, and what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.texts.words import Words
from pulumi_stripe_portal.sandbox.portal_session import tax_id_types

from . import view
from .customer_view import ADDRESS, tax_id_type
from .statement_view import statement

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox import portal_session
    from pulumi_stripe_portal.sandbox.billing.checkout_customer import Asked

__all__ = ["checkout"]

_CARD = ("expiry", "name", "number")


def checkout(
    words: Words,
    found: portal_session.OpenCheckout,
    summary: portal_session.CheckoutSummary | None,
    entry: portal_session.CheckoutEntry,
    field: Mapping[str, str],
) -> view.Checkout:
    """Show a session with its *summary*, and what is entered so far.

    The *entry* is what the summary has taken into account.
    """
    text, name = words.text, found.branding.name
    session = found.object
    email = found.email or field["email"]
    ready = found.is_enough(entry)
    common = view.Checkout(
        title=text("checkout.title.save"),
        email=email,
        is_email_known=found.email is not None,
        card={key: field[key] for key in _CARD},
        confirm=text("checkout.save"),
        terms=text("checkout.terms.save", name=name),
        details=_details(found.asked, field),
        is_ready=ready,
        carried=tuple(_carried(entry)),
    )
    if summary is None:
        return common
    upcoming, trial = summary.upcoming, summary.trial_end
    plan = ", ".join(_names(summary.due))
    return replace(
        common,
        title=text("checkout.title.try" if trial else "checkout.title", plan=plan),
        card=common.card if summary.needs_card else None,
        confirm=text("checkout.try" if trial else "checkout.subscribe"),
        terms=text("checkout.terms", name=name),
        prices=tuple(_prices(words, summary.due)),
        trial=text("note.trial", date=words.date(trial)) if trial else None,
        due=statement(words, summary.due),
        upcoming=statement(words, upcoming) if upcoming else None,
        discount=words.discount(summary.coupon) if summary.coupon else None,
        takes_code=bool(session["allow_promotion_codes"]),
        code=field["promotion_code"] if entry.promotion_code else "",
        is_untaxed=session["automatic_tax"]["enabled"] and not ready,
    )


def _details(asked: Asked, field: Mapping[str, str]) -> view.CheckoutDetails | None:
    if asked.address is None and not asked.tax_id:
        return None
    types = tax_id_types() if asked.tax_id else ()
    return view.CheckoutDetails(
        address={name: field[f"address.{name}"] for name in ADDRESS}
        if asked.address
        else None,
        is_whole_address=asked.address == "full",
        takes_tax_id=asked.tax_id,
        business_name=field["business_name"],
        tax_id=field["tax_id"],
        tax_id_type=field["tax_id_type"] or "eu_vat",
        tax_id_types=tuple((each, tax_id_type(each)) for each in types),
    )


def _carried(entry: portal_session.CheckoutEntry) -> Iterator[tuple[str, str]]:
    """Yield the fields of an *entry* that have something in them."""
    for name, value in vars(entry).items():
        if name == "address":
            for part, each in (value or {}).items():
                if each:
                    yield f"address.{part}", each
        elif value:
            yield name, value


def _names(invoice: Json) -> list[str]:
    names = (line["product"]["name"] for line in invoice["lines"]["data"])
    return list(dict.fromkeys(names))


def _prices(words: Words, invoice: Json) -> list[str]:
    prices = {line["price"]["id"]: line["price"] for line in invoice["lines"]["data"]}
    return [words.price(each) for each in prices.values()]
