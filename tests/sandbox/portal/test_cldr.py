"""Money, days and plurals are written as the Unicode CLDR says, which Babel reads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency

from pulumi_stripe_portal.sandbox.billing.money import _SYMBOLS, decimals, money
from pulumi_stripe_portal.sandbox.portal.texts.languages import LANGUAGES, VARIANTS
from pulumi_stripe_portal.sandbox.portal.texts.texts import texts_in
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

AMOUNTS = (0, 5, 2900, -2900, 99_999, 1_234_567, -123_456_789)


def locale_of(language: str) -> Locale:
    """Return what Babel calls a language of the portal."""
    return Locale.parse(texts_in(language).tag, sep="-")


@pytest.mark.parametrize("language", LANGUAGES)
def test_money(language: str) -> None:
    """Each currency that has a symbol in the language, with any amount."""
    for currency in _SYMBOLS[language]:
        for amount in AMOUNTS:
            value = Decimal(amount).scaleb(-decimals(currency))
            if language == "es" and 1000 <= abs(value) < 10_000:
                continue  # not grouped, says the CLDR, which Babel doesn't follow
            written = format_currency(
                value, currency.upper(), locale=locale_of(language)
            )
            assert money(amount, currency, language) == written


@pytest.mark.parametrize("language", [*LANGUAGES, *VARIANTS])
def test_days(language: str) -> None:
    """The first of each month, and another day."""
    words = Words(texts_in(language))
    for month in range(1, 13):
        for day in (1, 2, 28):
            moment = dt.datetime(2026, month, day, 12, tzinfo=dt.timezone.utc)
            written = format_date(moment, "long", locale=locale_of(language))
            if language == "fr" and day == 1:
                written = f"1er{written[1:]}"  # as French is written
            assert words.date(int(moment.timestamp())) == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals(language: str) -> None:
    """One thing, or several."""
    texts, plural = texts_in(language), locale_of(language).plural_form
    for count in range(102):
        form = "one" if plural(count) == "one" else "other"
        key = f"duration.month.{form}"
        if language in ("ja", "zh"):
            continue  # the same in both
        assert texts.counted("duration.month", count) == texts(key, count=count)


@pytest.mark.parametrize("language", LANGUAGES)
def test_countries(language: str) -> None:
    """Each country has its name, and every language has the same ones."""
    names = locale_of(language).territories
    countries = texts_in(language).countries_with(None)

    assert countries == {code: names[code] for code in countries}
    assert sorted(countries) == sorted(texts_in("en").countries_with(None))
    assert len(countries) == 250
