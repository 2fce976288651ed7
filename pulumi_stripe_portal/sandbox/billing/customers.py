"""Customers: who they are, and what they pay with unless a subscription says so."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import balances, cancellation, payment_methods, subscriptions, tax_ids
from .clock_of import KIND
from .params import address, only, shipping

__all__ = ["create", "delete", "update"]

_KNOWN = (
    "address",
    "balance",
    "business_name",
    "description",
    "email",
    "individual_name",
    "invoice_prefix",
    "invoice_settings",
    "metadata",
    "name",
    "next_invoice_sequence",
    "phone",
    "preferred_locales",
    "shipping",
    "tax_exempt",
)
_INVOICE_SETTINGS: Json = {
    "custom_fields": None,
    "default_payment_method": None,
    "footer": None,
    "rendering_options": None,
}


def create(context: Context, params: Json) -> Json:
    """Make a customer, with the payment method and tax ids that *params* name."""
    more = ("payment_method", "tax_id_data", "test_clock", "validate")
    only(params, (*_KNOWN, *more), "customers")
    test_clock = params.get("test_clock")
    if test_clock:
        reference(context, KIND, test_clock, "test_clock")
    customer = context.new(context.resources["customer"])
    customer |= {
        "address": None,
        "balance": 0,
        "business_name": None,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "individual_name": None,
        "invoice_prefix": alphanumeric(f"prefix/{customer['id']}", 8).upper(),
        "invoice_settings": _INVOICE_SETTINGS,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": test_clock,
    }
    given = {name: value for name, value in params.items() if name in _KNOWN}
    settings = dict(given.pop("invoice_settings", None) or {})
    wanted = settings.pop("default_payment_method", None)
    customer = _change(customer, {**given, "invoice_settings": settings})
    context.partition.put(customer)
    record(context, customer)
    if customer["balance"]:
        balances.note(context, {"balance": 0}, customer, "initial")
    attached = None
    if params.get("payment_method"):
        attached = payment_methods.attach(
            context, params["payment_method"], customer["id"], param="payment_method"
        )
    for each in params.get("tax_id_data", []):
        tax_ids.create(context, customer["id"], each["type"], each["value"])
    if wanted:
        same = attached and wanted == params["payment_method"]
        method = attached["id"] if attached and same else wanted
        return payment_methods.make_default(context, customer["id"], method)
    return customer


def update(context: Context, customer: Json, params: Json) -> Json:
    """Change *customer* as *params* say, and record `customer.updated`."""
    only(params, (*_KNOWN, "validate"), "customers")
    given = {name: value for name, value in params.items() if name in _KNOWN}
    method = (given.get("invoice_settings") or {}).get("default_payment_method")
    if method:
        payment_methods.find_owned(context, method, customer["id"])
    after = keep(context, _change(customer, given), customer)
    if after["balance"] != customer["balance"]:
        balances.note(context, customer, after, "adjustment")
    return after


def delete(context: Context, customer: Json) -> Json:
    """End the customer's subscriptions, detach what they paid with, and forget them."""
    for subscription in subscriptions.of(context, customer["id"]):
        cancellation.end(context, subscription)
    for method in payment_methods.of(context, customer["id"]):
        payment_methods.detach(context, method)
    record(context, context.get("customer", customer["id"]), verb="deleted")
    gone = {"id": customer["id"], "object": "customer", "deleted": True}
    context.partition.put(gone)
    return gone


def _change(customer: Json, given: Json) -> Json:
    changed = dict(customer)
    for name, value in given.items():
        if name == "metadata":
            changed[name] = merge_metadata(customer[name], value)
        elif name == "address":
            changed[name] = address(value)
        elif name == "shipping":
            changed[name] = shipping(value)
        elif name == "invoice_settings":
            changed[name] = {**customer[name], **_settings(value or {})}
        elif name == "email":
            changed[name] = _email(value)
        elif name == "tax_exempt":
            changed[name] = value or "none"
        else:
            changed[name] = value
    return changed


def _settings(given: Json) -> Json:
    only(given, _INVOICE_SETTINGS, "invoice_settings of customers")
    cleared = {name: value or None for name, value in given.items()}
    options = cleared.get("rendering_options")
    if options:
        empty = {"amount_tax_display": None, "template": None}
        cleared["rendering_options"] = {**empty, **options}
    return cleared


def _email(value: Any) -> str | None:
    if value and ("@" not in value or " " in value or len(value) > 512):
        raise StripeError(
            f"Invalid email address: {value}",
            Evidence.DOCUMENTED("https://docs.stripe.com/error-codes#email-invalid"),
            param="email",
            code="email_invalid",
        )
    return value or None
