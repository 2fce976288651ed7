"""What Stripe Tax would charge, by where the customer is.

The rates are the standard ones of each country, as of 2026, for software as a service
[OURS: Stripe Tax knows towns, product categories and where a company is registered;
here a company is registered everywhere that is in the table].
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["EU", "TableRate", "is_located", "rate_at"]


class TableRate(NamedTuple):
    """A rate of the table: percent, and what the tax is called."""

    percentage: Decimal
    display_name: str
    tax_type: str
    country: str
    state: str | None = None


EU = {
    **{"AT": "20", "BE": "21", "BG": "20", "CY": "19", "CZ": "21", "DE": "19"},
    **{"DK": "25", "EE": "24", "ES": "21", "FI": "25.5", "FR": "20", "GR": "24"},
    **{"HR": "25", "HU": "27", "IE": "23", "IT": "22", "LT": "21", "LU": "17"},
    **{"LV": "21", "MT": "18", "NL": "21", "PL": "23", "PT": "23", "RO": "21"},
    **{"SE": "25", "SI": "22", "SK": "23"},
}
"""The European Union, where a business with a VAT id owes the tax itself."""

_VAT = {**EU, "CH": "8.1", "GB": "20", "NO": "25"}
_GST = {"AU": "10", "IN": "18", "NZ": "15", "SG": "9"}
_STATES = {"NY": "8.875", "PA": "6", "TX": "8.25", "WA": "10.35"}
"""States of the US that tax software as a service; the others don't."""


def rate_at(address: Json) -> TableRate | None:
    """Return what is charged at *address*, None where it is nothing."""
    country, state = address["country"], address["state"]
    if country in _VAT:
        return TableRate(Decimal(_VAT[country]), "VAT", "vat", country)
    if country in _GST:
        return TableRate(Decimal(_GST[country]), "GST", "gst", country)
    if country == "JP":
        return TableRate(Decimal(10), "JCT", "jct", country)
    if country == "US" and state in _STATES:
        percentage = Decimal(_STATES[state])
        return TableRate(percentage, "Sales Tax", "sales_tax", country, state)
    return None


def is_located(address: Json | None) -> bool:
    """Tell whether an address says enough to know the tax.

    A country is enough, but for the US and Canada, where it takes a postal code or a
    state [DOCUMENTED: docs.stripe.com/tax/customer-locations].
    """
    if not address or not address["country"]:
        return False
    if address["country"] not in ("CA", "US"):
        return True
    return bool(address["postal_code"] or address["state"])
