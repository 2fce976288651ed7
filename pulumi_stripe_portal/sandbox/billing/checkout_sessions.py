"""Checkout Sessions: what they sell, until they are completed or expire.

Of what they sell, prices of subscriptions are here; see `checkout_completion` for what
comes of them.
"""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import inline_prices, items
from .checkout_customer import NOTHING
from .checkout_fields import BLANK
from .checkout_params import checked
from .checkout_summary import summarise
from .invoice_fields import ISSUER
from .params import card_types

__all__ = ["create", "expire"]

_DAY = 24 * 60 * 60
_SAME = (
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "locale",
    "success_url",
)
_AUTOMATIC: Json = {
    "enabled": True,
    "liability": ISSUER,
    "provider": "stripe",
    "status": "requires_location_inputs",
}


def create(context: Context, params: Json) -> Json:
    """Make a session for a subscription, or for a card to be saved.

    Raises:
        StripeError: Something is missing, not there, or not to be had here.
    """
    given = checked(context, params)
    mode, now = given["mode"], context.sandbox_time
    live = "live" if context.partition.livemode else "test"
    id_ = context.new_id(f"cs_{live}_a1", 40)
    made = context.new(context.resources["checkout.session"], id_) | BLANK
    made |= {name: given[name] for name in _SAME if name in given}
    made |= {
        **card_types(given),
        "breakdown": None,
        "cancel_url": given.get("cancel_url"),
        "currency": given.get("currency"),
        "customer_creation": given.get("customer_creation"),
        "customer_update": given.get("customer_update") or {},
        "data": given.get("subscription_data") or given.get("setup_intent_data") or {},
        "discounts": given.get("discounts") or [],
        "expires_at": _expiry(given, now),
        "lines": given.get("line_items", []),
        "metadata": merge_metadata({}, given.get("metadata") or {}),
        "mode": mode,
        "payment_method_collection": given.get(
            "payment_method_collection", "always" if mode == "subscription" else None
        ),
        "payment_status": "unpaid" if mode == "subscription" else "no_payment_required",
        "sold": [],
    }
    if given.get("automatic_tax"):
        made["automatic_tax"] = _AUTOMATIC
    if given.get("tax_id_collection"):
        made["tax_id_collection"] = {"required": "never", **given["tax_id_collection"]}
    made["lines"] = [
        _with_price(context, each, place) for place, each in enumerate(made["lines"])
    ]
    if given.get("customer"):
        customer = context.get("customer", given["customer"])
        made["customer_email"] = customer["email"]
    elif mode == "subscription":
        made["customer_creation"] = None
    if mode == "subscription":
        made |= _amounts(context, made)
    context.partition.put(made)
    return made


def expire(context: Context, session: Json) -> Json:
    """Close a session that nobody completed.

    Raises:
        StripeError: It is not open.
    """
    if session["status"] != "open":
        raise StripeError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This '
            f"Checkout Session has a status of {session['status']}.",
            Evidence.REPORTED("public code"),
            code="checkout_session_unexpected_state",
        )
    expired = {**session, "status": "expired"}
    context.partition.put(expired)
    record(context, expired, verb="expired")
    return expired


def _amounts(context: Context, session: Json) -> Json:
    """Return what a session sells, which has to be there and to go together."""
    wanted = [
        items.new(context, "", _item(each, place), f"line_items[{place}]")
        for place, each in enumerate(session["lines"])
    ]
    items.recurring(context, wanted)
    return summarise(context, session, NOTHING).amounts


def _with_price(context: Context, line: Json, place: int) -> Json:
    """Return a line whose price is there, where it was only described."""
    if not line.get("price_data"):
        return line
    path = f"line_items[{place}][price_data]"
    price = inline_prices.make(context, line["price_data"], path)
    return {**line, "price": price["id"]}


def _item(line: Json, place: int) -> Json:
    if not line.get("price"):
        raise missing_param(f"line_items[{place}][price]")
    item = {"price": line["price"]}
    return item | ({"quantity": line["quantity"]} if "quantity" in line else {})


def _expiry(given: Json, now: int) -> int:
    """Return when a session expires.

    That is after a day, or from half an hour to a day
    [SPECIFIED: stripe 16.1.0, checkout.SessionCreateParams.expires_at].
    """
    wanted: int = given.get("expires_at", now + _DAY)
    if not now + 30 * 60 <= wanted + 60 or wanted > now + _DAY:
        raise StripeError(
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 "
            "hours from Checkout Session creation.",
            Evidence.OURS("the rule is documented, the words are not"),
            param="expires_at",
        )
    return wanted
