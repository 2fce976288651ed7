"""How prices, dates, cards and discounts are written."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.sandbox.billing.money import money
from pulumi_stripe_portal.sandbox.portal.texts.texts import texts_in
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

ENGLISH = Words(texts_in("en"))
NARROW = "\N{NARROW NO-BREAK SPACE}"
SPACE = "\N{NO-BREAK SPACE}"
YEN = "\N{FULLWIDTH YEN SIGN}"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        (123456, "usd", "en", "$1,234.56"),
        (123456, "eur", "de", f"1.234,56{SPACE}€"),
        (123456, "usd", "fr", f"1{NARROW}234,56{SPACE}$US"),
        (123456, "usd", "es", f"1234,56{SPACE}US$"),
        (1234567, "usd", "es", f"12.345,67{SPACE}US$"),
        (123456, "usd", "it", f"1.234,56{SPACE}USD"),
        (123456, "jpy", "ja", f"{YEN}123,456"),
        (123456, "jpy", "en", "¥123,456"),
        (123456, "usd", "zh", "US$1,234.56"),
        (2900, "chf", "en", f"CHF{SPACE}29.00"),
        (1500, "kwd", "en", f"KWD{SPACE}1.500"),
        (-500, "usd", "en", "-$5.00"),
        (0, "usd", "en", "$0.00"),
    ],
)
def test_money(amount: int, currency: str, language: str, written: str) -> None:
    """Each language has its separators, and each currency its decimals."""
    assert money(amount, currency, language) == written


def price(**fields: Any) -> dict[str, Any]:
    """Return a monthly price of $29.00, but for *fields*."""
    recurring = {"interval": "month", "interval_count": 1}
    return {"unit_amount": 2900, "currency": "usd", "recurring": recurring, **fields}


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        ({}, "$29.00 per month"),
        (
            {"recurring": {"interval": "month", "interval_count": 3}},
            "$29.00 every 3 months",
        ),
        ({"unit_amount": None, "unit_amount_decimal": "0.05"}, "$0.0005 per month"),
        ({"unit_amount": None}, "Price depends on use"),
        (
            {
                "unit_amount": 2,
                "recurring": {
                    "interval": "month",
                    "interval_count": 1,
                    "usage_type": "metered",
                },
            },
            "$0.02 per unit used",
        ),
        ({"unit_amount": None, "currency": ""}, "Price not known"),
        ({"recurring": None}, "$29.00"),
    ],
    ids=["month", "quarter", "fraction", "tiers", "usage", "unknown", "one-time"],
)
def test_prices(fields: dict[str, Any], written: str) -> None:
    """A price is an amount and how often it is paid."""
    assert ENGLISH.price(price(**fields)) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "February 1, 2030"),
        ("de", "1. Februar 2030"),
        ("es", "1 de febrero de 2030"),
        ("fr", "1er février 2030"),
        ("it", "1 febbraio 2030"),
        ("ja", "2030年2月1日"),
        ("zh", "2030年2月1日"),
    ],
)
def test_dates(language: str, written: str) -> None:
    """A day is written out, as it is in UTC."""
    assert Words(texts_in(language)).date(1_896_134_400) == written


@pytest.mark.parametrize(
    ("coupon", "written"),
    [
        ({"percent_off": 12.5, "duration": "once"}, "12.5% off once"),
        (
            {
                "percent_off": 20.0,
                "duration": "repeating",
                "duration_in_months": 3,
            },
            "20% off for 3 months",
        ),
        (
            {
                "percent_off": None,
                "amount_off": 500,
                "currency": "usd",
                "duration": "forever",
            },
            "$5.00 off for good",
        ),
    ],
    ids=["once", "repeating", "forever"],
)
def test_discounts(coupon: dict[str, Any], written: str) -> None:
    """A coupon takes a share or an amount off, for some time."""
    assert ENGLISH.discount(coupon) == written


def test_cards() -> None:
    """A card is named by brand and last digits, others by their type."""
    card = {"brand": "amex", "last4": "0005", "exp_month": 3, "exp_year": 2031}
    method = {"type": "card", "card": card}

    assert ENGLISH.card(method) == "American Express •••• 0005"
    assert ENGLISH.expiry(method) == "Expires 03/2031"
    assert ENGLISH.card({"type": "sepa_debit"}) == "Sepa Debit"
    assert ENGLISH.expiry({"type": "sepa_debit"}) == ""
