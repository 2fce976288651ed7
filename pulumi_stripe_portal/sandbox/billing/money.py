"""Amounts of money as each language writes them.

Seven languages and a dozen symbols are few beside the 30 MB that Babel takes, and it
leaves two rules of the CLDR out: Spanish groups from five digits on, and a code stands
apart from the digits. So it is not needed at run time; the tests compare with it.
"""

from __future__ import annotations

from decimal import Decimal

__all__ = ["decimals", "money"]

# https://docs.stripe.com/currencies#zero-decimal and #three-decimal
_NO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"
_THREE_DECIMALS = "bhd jod kwd omr tnd"

_SPACE = "\N{NO-BREAK SPACE}"
_NARROW = "\N{NARROW NO-BREAK SPACE}"

# Between thousands, before decimals, and whether the symbol comes first.
_STYLES = {
    "de": (".", ",", False),
    "en": (",", ".", True),
    "es": (".", ",", False),
    "fr": (_NARROW, ",", False),
    "it": (".", ",", False),
    "ja": (",", ".", True),
    "zh": (",", ".", True),
}

# As the Unicode CLDR has them, https://cldr.unicode.org; other currencies are named
# by their code.
_SYMBOLS = {
    "de": {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"},
    "en": {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹"},
    "es": {"usd": "US$", "eur": "€"},
    "fr": {"usd": "$US", "eur": "€", "gbp": "£GB", "cad": "$CA"},
    "it": {"eur": "€", "gbp": "£"},
    "ja": {"usd": "$", "eur": "€", "gbp": "£", "jpy": "\N{FULLWIDTH YEN SIGN}"},
    "zh": {"usd": "US$", "eur": "€", "gbp": "£", "cny": "¥", "jpy": "JP¥"},
}


def money(amount: int | Decimal, currency: str, language: str) -> str:
    """Write *amount*, which is in the smallest unit of *currency*.

    A fraction of that unit, as metered prices have, adds decimals.
    """
    thousands, point, leads = _STYLES[language]
    value = Decimal(amount).scaleb(-decimals(currency))
    places = max(decimals(currency), -int(value.normalize().as_tuple().exponent))
    digits = f"{abs(value):,.{places}f}"
    if language == "es" and abs(value) < 10_000:
        digits = digits.replace(",", "")  # Spanish groups from five digits on
    digits = digits.translate({ord(","): thousands, ord("."): point})
    symbol = _SYMBOLS[language].get(currency.lower(), currency.upper())
    sign = "-" if value < 0 else ""
    if not leads:
        return f"{sign}{digits}{_SPACE}{symbol}"
    gap = _SPACE if symbol.isalpha() else ""
    return f"{sign}{symbol}{gap}{digits}"


def decimals(currency: str) -> int:
    """Return how many decimals *currency* has."""
    code = currency.lower()
    if code in _NO_DECIMALS.split():
        return 0
    return 3 if code in _THREE_DECIMALS.split() else 2
