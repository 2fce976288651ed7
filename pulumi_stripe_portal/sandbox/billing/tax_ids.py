"""Tax ids of customers, and how their verification comes out."""

from __future__ import annotations

import re

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

__all__ = ["check", "create", "delete", "due", "of", "verify"]

_LIMIT = 5
_SECONDS = 5
"""
Seconds of the sandbox's clock.

A verification of a tax id takes five seconds [OURS: at Stripe it depends].
"""

_VERIFIED = ("au_abn", "eu_vat", "gb_vat")
"""
Tax ids of Australia, the EU and the UK are verified with a government's database
[DOCUMENTED: docs.stripe.com/billing/customer/tax-ids].
"""

_FORMATS = {
    "au_abn": r"\d{11}",
    "ca_bn": r"\d{9}",
    "ch_vat": r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)",
    "eu_vat": r"[A-Z]{2}[0-9A-Z+*]{2,13}",
    "gb_vat": r"GB(\d{9}|\d{12}|(GD|HA)\d{3})",
    "jp_cn": r"\d{13}",
    "us_ein": r"\d{2}-?\d{7}",
}
"""
The formats that are checked.

Tax ids of other types take any value [OURS: not all formats are known here].
"""

_MAGIC = {"000000000": "verified", "111111111": "unverified", "222222222": "pending"}
"""
What values stand for.

In test mode 000000000 is verified, 111111111 is unverified, and 222222222 stays pending
[DOCUMENTED: docs.stripe.com/billing/customer/tax-ids#validation].
"""


def create(context: Context, customer: str, type_: str, value: str) -> Json:
    """Add a tax id to *customer*; types that Stripe can verify are pending at first.

    Raises:
        StripeError: The value does not have the type's format, or there are five.
    """
    value = value.strip()
    check(type_, value)
    if len(of(context, customer)) >= _LIMIT:
        raise StripeError(
            f"You can only have {_LIMIT} tax IDs per customer.",
            Evidence.OURS("the limit of five is documented, the words are not"),
            param="value",
        )
    status = "pending" if type_ in _VERIFIED or value in _MAGIC else "unavailable"
    country = value[:2] if type_ == "eu_vat" and value[:2].isalpha() else type_[:2]
    owner = {"account": None, "application": None, "customer": customer}
    made = context.new(context.resources["tax_id"]) | {
        "country": country.upper(),
        "customer": customer,
        "customer_account": None,
        "owner": {**owner, "customer_account": None, "type": "customer"},
        "type": type_,
        "value": value,
        "verification": {
            "status": status,
            "verified_address": None,
            "verified_name": None,
        },
    }
    context.partition.put(made)
    record(context, made)
    return made


def check(type_: str, value: str) -> None:
    """Let pass a *value* that has the format of its type.

    Raises:
        StripeError: It has not.
    """
    if value not in _MAGIC and not _fits(type_, value):
        raise StripeError(
            f"Invalid value for {type_}.",
            Evidence.REPORTED(
                "public code, and https://docs.stripe.com/error-codes#tax-id-invalid"
            ),
            param="value",
            code="tax_id_invalid",
        )


def delete(context: Context, tax_id: Json) -> None:
    """Remove *tax_id*."""
    context.partition.remove(tax_id)
    record(context, tax_id, verb="deleted")


def of(context: Context, customer: str) -> list[Json]:
    """Return the tax ids of *customer*, newest first."""
    every = context.partition.all("tax_id")
    return [each for each in every if each["customer"] == customer]


def due(tax_id: Json) -> int | None:
    """Return when the verification of *tax_id* is done, None if it never is."""
    if tax_id["verification"]["status"] != "pending":
        return None
    if _MAGIC.get(tax_id["value"]) == "pending":
        return None
    return int(tax_id["created"]) + _SECONDS


def verify(context: Context, tax_id: Json) -> None:
    """Finish a verification: it succeeds, but for the magic value that fails."""
    status = _MAGIC.get(tax_id["value"], "verified")
    owner = context.get("customer", tax_id["customer"])
    verified = status == "verified"
    result = {
        "status": status,
        "verified_address": "123 TEST STREET" if verified else None,
        "verified_name": (owner.get("name") or "TEST NAME") if verified else None,
    }
    keep(context, {**tax_id, "verification": result}, tax_id)


def _fits(type_: str, value: str) -> bool:
    pattern = _FORMATS.get(type_)
    return bool(value) and (pattern is None or bool(re.fullmatch(pattern, value)))
