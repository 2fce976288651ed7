"""Payment methods: test cards, whose they are, and which one pays."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import (
    StripeError,
    missing_param,
    no_such,
    unsupported,
)
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import find
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import cards
from .params import address, only

__all__ = [
    "attach",
    "create",
    "default_of",
    "detach",
    "find_owned",
    "make_default",
    "obtain",
    "of",
    "update",
]


def create(context: Context, params: Json) -> Json:
    """Make a card from a test number or from a token such as `tok_visa`.

    Raises:
        StripeError: It is no test card, or not a card at all.
    """
    known = ("allow_redisplay", "billing_details", "card", "metadata", "type")
    only(params, known, "payment methods")
    if params.get("type", "card") != "card":
        raise unsupported(f"payment methods of the type {params['type']}")
    given = params.get("card") or {}
    only(given, ("cvc", "exp_month", "exp_year", "number", "token"), "a card")
    if not given:
        raise missing_param("card")
    number = given.get("number") or cards.number_of(given.get("token", ""))
    if number is None:
        raise no_such("token", given.get("token", ""), param="card[token]")
    expiry = given.get("exp_month"), given.get("exp_year")
    card = cards.card(context, number, *expiry, given.get("cvc"))
    return _new(context, card, params)


def update(context: Context, method: Json, params: Json) -> Json:
    """Change the billing details, metadata or expiry of *method*."""
    known = ("allow_redisplay", "billing_details", "card", "metadata")
    only(params, known, "payment methods")
    changed = dict(method)
    if params.get("allow_redisplay"):
        changed["allow_redisplay"] = params["allow_redisplay"]
    if "billing_details" in params:
        changed["billing_details"] = _details(params, method["billing_details"])
    if "card" in params:
        only(params["card"], ("exp_month", "exp_year"), "a card's update")
        changed["card"] = {**method["card"], **params["card"]}
    if "metadata" in params:
        changed["metadata"] = merge_metadata(method["metadata"], params["metadata"])
    return keep(context, changed, method)


def obtain(context: Context, id_: str, param: str = "payment_method") -> Json:
    """Find the method *id_*, or make a new one where it is `pm_card_visa`.

    Raises:
        StripeError: There is none.
    """
    number = cards.number_of(id_)
    if number:
        return _new(context, cards.card(context, number), {})
    return find(context, context.resources["payment_method"], id_, param=param)


def attach(
    context: Context, id_: str, customer: str, *, param: str = "payment_method"
) -> Json:
    """Give the method *id_*, or a new one where it is `pm_card_visa`, to *customer*.

    Raises:
        StripeError: There is none, it belongs to another, or the card is declined.
    """
    method = obtain(context, id_, param)
    if method["customer"] == customer:
        return method
    if method["customer"]:
        raise StripeError(
            "The payment method you provided has already been attached to a customer.",
            Evidence.REPORTED("public code"),
            param=param,
            code="payment_method_unexpected_state",
        )
    if method["detached"]:
        raise StripeError(
            "This PaymentMethod was previously used without being attached to a "
            "Customer or was detached from a Customer, and may not be used again.",
            Evidence.REPORTED(
                "stripe/stripe-php #1221; newer words in liberapay/liberapay.com #2686"
            ),
            param=param,
        )
    decline = cards.decline_of(method["card"])
    if decline and decline.on_attach:
        raise cards.card_error(
            decline.message, decline.code, decline=decline.decline_code
        )
    attached = {**method, "customer": customer}
    context.partition.put(attached)
    record(context, attached, verb="attached")
    return attached


def detach(context: Context, method: Json) -> Json:
    """Take *method* from its customer, for good, and from all that names it.

    Raises:
        StripeError: It is attached to nobody.
    """
    customer = method["customer"]
    if customer is None:
        raise StripeError(
            "The payment method you provided is not attached to a customer so "
            "detachment is impossible.",
            Evidence.REPORTED("public code"),
            param="payment_method",
            code="payment_method_unexpected_state",
        )
    detached = {**method, "customer": None, "detached": True}
    context.partition.put(detached)
    record(context, detached, method, "detached")
    owner = context.get("customer", customer)
    if default_of(owner) == method["id"]:
        make_default(context, customer, None)
    for subscription in context.partition.all("subscription"):
        if subscription["default_payment_method"] == method["id"]:
            changed = {**subscription, "default_payment_method": None}
            keep(context, changed, subscription)
    return detached


def of(context: Context, customer: str) -> list[Json]:
    """Return the methods of *customer*, newest first."""
    every = context.partition.all("payment_method")
    return [method for method in every if method["customer"] == customer]


def find_owned(
    context: Context, id_: str, customer: str, param: str = "payment_method"
) -> Json:
    """Find the method *id_* of *customer*.

    Raises:
        StripeError: There is none, or it is not attached to them.
    """
    is_anew = cards.number_of(id_)  # `pm_card_visa` is nobody's until it is attached
    kind = context.resources["payment_method"]
    method = None if is_anew else find(context, kind, id_, param=param)
    if method is None or method["customer"] != customer:
        raise StripeError(
            f"The customer does not have a payment method with the ID {id_}. The "
            "payment method must be attached to the customer.",
            Evidence.REPORTED("getlago/lago-api #3826"),
            param=param,
            code="resource_missing",
        )
    return method


def make_default(context: Context, customer: str, id_: str | None) -> Json:
    """Let *customer* pay with *id_*, unless a subscription names another; or not."""
    if id_ is not None:
        find_owned(context, id_, customer)
    before = context.get("customer", customer)
    settings = {**before["invoice_settings"], "default_payment_method": id_}
    return keep(context, {**before, "invoice_settings": settings}, before)


def default_of(customer: Json) -> str | None:
    """Return the id of the method that *customer* pays with, if there is one."""
    id_: str | None = customer["invoice_settings"]["default_payment_method"]
    return id_


def _new(context: Context, card: Json, params: Json) -> Json:
    empty = dict.fromkeys(("address", "email", "name", "phone", "tax_id"))
    method = context.new(context.resources["payment_method"]) | {
        "allow_redisplay": params.get("allow_redisplay", "unspecified"),
        "billing_details": _details(params, {**empty, "address": address({})}),
        "card": card,
        "customer": None,
        "customer_account": None,
        "detached": False,
        "is_authenticated": False,
        "is_set_up": False,
        "metadata": merge_metadata({}, params.get("metadata", {})),
        "radar_options": {},
        "type": "card",
    }
    context.partition.put(method)
    return method


def _details(params: Json, stored: Json) -> Json:
    given: dict[str, Any] = dict(params.get("billing_details") or {})
    if "address" in given:
        given["address"] = address(given["address"] or {})
    return {**stored, **given}
