"""Whom a Checkout Session sells to: what is known of them, asked, and entered."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference

from . import customers, tax_ids
from .tax_table import is_located

__all__ = ["NOTHING", "Asked", "asked", "buyer", "details", "is_taxed", "sold_to"]

NOTHING: Json = dict.fromkeys(
    ("address", "business_name", "code", "email", "method", "name", "tax_id")
)
"""What is entered before anything is: an address with all its fields, a promotion code
as it is stored, a tax id as its type and value."""


@dataclass(frozen=True)
class Asked:
    """What the page asks of a customer before they see what it costs.

    Attributes:
        address: `full`, `tax` for no more than the tax takes, or None for nothing.
        tax_id: Whether they may enter a tax id and the name of their business.
    """

    address: str | None
    tax_id: bool


def asked(session: Json) -> Asked:
    """Return what the page of *session* asks.

    Automatic tax has it ask for what it takes, unless the customer's address is known
    and stays as it is [SPECIFIED: stripe 16.1.0, checkout.SessionCreateParams]. Who may
    enter a tax id is asked for the whole address [OURS: that of an invoice].
    """
    takes_tax_id = bool((session["tax_id_collection"] or {}).get("enabled"))
    if session["billing_address_collection"] == "required" or takes_tax_id:
        return Asked("full", takes_tax_id)
    saves = session["customer"] is None or _saves(session, "address")
    return Asked("tax" if _is_automatic(session) and saves else None, takes_tax_id)


def buyer(context: Context, session: Json) -> Json:
    """Return the customer who is known; nothing where they are not yet."""
    known: str | None = session["customer"]
    return context.get("customer", known) if known else {}


def sold_to(context: Context, session: Json, entered: Json) -> Json:
    """Return the customer who buys, made or changed by what they *entered*.

    A new customer has all of it, one who is known what `customer_update` lets in, and
    the tax id [SPECIFIED: stripe 16.1.0, checkout.SessionCreateParams.customer_update].

    Raises:
        StripeError: They have gone, or what they entered won't do.
    """
    new = session["customer"] is None
    given = {
        "address": entered["address"],
        "name": entered["business_name"] or entered["name"],
    }
    known = {
        name: value
        for name, value in given.items()
        if value and (new or _saves(session, name))
    }
    if new:
        email = {"email": entered["email"]} if entered["email"] else {}
        made = customers.create(context, {**email, **known})
    else:
        there = reference(context, "customer", session["customer"], "customer")
        made = customers.update(context, there, known)
    tax_id = entered["tax_id"]
    has = [(each["type"], each["value"]) for each in tax_ids.of(context, made["id"])]
    if tax_id and (tax_id["type"], tax_id["value"]) not in has:
        tax_ids.create(context, made["id"], tax_id["type"], tax_id["value"])
    return context.get("customer", made["id"])


def details(context: Context, customer: Json, entered: Json) -> Json:
    """Return `customer_details` of a session that is complete."""
    known = tax_ids.of(context, customer["id"]) if customer else []
    tax_id = entered["tax_id"]
    return {
        "address": entered["address"] or customer.get("address"),
        "business_name": entered["business_name"],
        "email": customer.get("email") or entered["email"],
        "individual_name": None,
        "name": entered["business_name"] or entered["name"] or customer.get("name"),
        "phone": customer.get("phone"),
        "tax_exempt": customer.get("tax_exempt", "none"),
        "tax_ids": [
            {"type": each["type"], "value": each["value"]}
            for each in ([tax_id] if tax_id else known)
        ],
    }


def is_taxed(session: Json, customer: Json) -> bool:
    """Tell whether *session* has automatic tax, and where that is due is known."""
    return _is_automatic(session) and is_located(customer["address"])


def _is_automatic(session: Json) -> bool:
    return bool(session["automatic_tax"]["enabled"])


def _saves(session: Json, name: str) -> bool:
    return bool(session["customer_update"].get(name) == "auto")
