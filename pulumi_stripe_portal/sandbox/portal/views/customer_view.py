"""Views of a customer: cards, billing details, tax ids, invoices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timezone

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

from . import view

__all__ = [
    "ADDRESS",
    "address_lines",
    "cards",
    "details",
    "invoices",
    "tax_id_type",
    "tax_ids",
]


ADDRESS = ("line1", "line2", "postal_code", "city", "state", "country")
"""The fields of an address in the order in which forms ask for them."""


def cards(
    words: Words,
    methods: Iterable[Json],
    *,
    default: str | None,
    removable: Callable[[str], bool],
    now: int,
) -> tuple[view.Card, ...]:
    """Show the customer's payment methods."""
    today = datetime.fromtimestamp(now, timezone.utc)
    month = (today.year, today.month)
    return tuple(
        view.Card(
            id=each["id"],
            title=words.card(each),
            detail=words.expiry(each),
            is_default=each["id"] == default,
            is_expired=_until(each) < month,
            is_removable=removable(each["id"]),
        )
        for each in methods
    )


def _until(method: Json) -> tuple[int, int]:
    card = method.get("card")
    return (card["exp_year"], card["exp_month"]) if card else (9999, 12)


def details(
    words: Words, customer: Json, allowed: Collection[str]
) -> tuple[view.Detail, ...]:
    """Show the billing details that the customer may change."""
    shipping = customer.get("shipping") or {}
    values = {
        "name": [customer.get("name")],
        "email": [customer.get("email")],
        "phone": [customer.get("phone")],
        "address": address_lines(words, customer.get("address")),
        "shipping": [
            shipping.get("name"),
            *address_lines(words, shipping.get("address")),
            shipping.get("phone"),
        ],
    }
    return tuple(
        view.Detail(
            name=name,
            label=words.text(f"details.{name}"),
            lines=tuple(filter(None, lines)),
        )
        for name, lines in values.items()
        if name in allowed
    )


_CITY_FIRST = ("AU", "CA", "US")
"""The countries that write `San Francisco, CA 94103`."""


def address_lines(words: Words, address: Json | None) -> list[str | None]:
    """Return an address line by line, some of which may be empty."""
    if not address:
        return []
    code, city, state, country = (
        address.get(name) for name in ("postal_code", "city", "state", "country")
    )
    lines = [address.get("line1"), address.get("line2")]
    name = words.text.countries_with(country).get(country or "")
    if country in _CITY_FIRST:
        region = " ".join(filter(None, (state, code)))
        return [*lines, ", ".join(filter(None, (city, region))), name]
    return [*lines, " ".join(filter(None, (code, city))), state, name]


_VERIFIED = {"verified": "good", "unverified": "warn", "pending": "calm"}


def tax_ids(words: Words, found: Iterable[Json]) -> tuple[view.TaxId, ...]:
    """Show the customer's tax ids."""
    return tuple(
        view.TaxId(
            id=each["id"],
            kind=tax_id_type(each["type"]),
            value=each["value"],
            status=_verification(words, each),
        )
        for each in found
    )


def tax_id_type(name: str) -> str:
    """Write a type of tax id: `EU VAT`."""
    return name.replace("_", " ").upper()


def _verification(words: Words, tax_id: Json) -> view.Status | None:
    status = (tax_id.get("verification") or {}).get("status")
    if status not in _VERIFIED:
        return None
    return view.Status(words.text(f"tax_id.{status}"), _VERIFIED[status])


_PAID = {"paid": "good", "open": "warn", "uncollectible": "bad"}


def invoices(words: Words, found: Iterable[Json]) -> tuple[view.Invoice, ...]:
    """Show past invoices."""
    return tuple(
        view.Invoice(
            id=each["id"],
            number=each.get("number") or each["id"],
            date=words.date(each["created"]),
            total=(
                "—"  # a picture's: Stripe's always have one
                if each["total"] is None
                else words.money(each["total"], each["currency"])
            ),
            status=view.Status(
                words.text(f"invoice.{each['status']}"),
                _PAID.get(each["status"], "calm"),
            ),
            about=next((line["description"] for line in each["lines"]["data"]), "")
            or "",
            url=each.get("hosted_invoice_url"),
            pdf=each.get("invoice_pdf"),
            is_payable=each["status"] == "open",
        )
        for each in found
    )
