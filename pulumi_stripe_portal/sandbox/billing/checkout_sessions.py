"""Checkout Sessions: what they sell, until they are completed or expire.

Of what they sell, prices of subscriptions are here; see `checkout_completion` for what
comes of them.
"""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param, unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import inline_prices, items
from .checkout_fields import BLANK
from .checkout_summary import summarise
from .params import card_types, only

__all__ = ["create", "expire"]

_DAY = 24 * 60 * 60
_KNOWN = (
    "allow_promotion_codes",
    "allowed_payment_method_types",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "currency",
    "customer",
    "customer_creation",
    "customer_email",
    "discounts",
    "expires_at",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_method_collection",
    "setup_intent_data",
    "subscription_data",
    "success_url",
    "ui_mode",
)
_SUBSCRIPTION = (
    "billing_mode",
    "description",
    "metadata",
    "trial_end",
    "trial_period_days",
    "trial_settings",
)
_SAME = (
    "allow_promotion_codes",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "locale",
    "success_url",
)
_PAIRS = (("customer", "customer_email"), ("discounts", "allow_promotion_codes"))


def create(context: Context, params: Json) -> Json:
    """Make a session for a subscription, or for a card to be saved.

    Raises:
        StripeError: Something is missing, not there, or not to be had here.
    """
    given = {n: v for n, v in params.items() if not _is_off(v)}
    only(given, _KNOWN, "Checkout Sessions")
    mode = _check(given)
    now = context.sandbox_time
    live = "live" if context.partition.livemode else "test"
    id_ = context.new_id(f"cs_{live}_a1", 40)
    made = context.new(context.resources["checkout.session"], id_) | BLANK
    made |= {name: given[name] for name in _SAME if name in given}
    made |= {
        **card_types(given),
        "cancel_url": given.get("cancel_url"),
        "currency": given.get("currency"),
        "customer_creation": given.get("customer_creation"),
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
    made["lines"] = [
        _with_price(context, each, place) for place, each in enumerate(made["lines"])
    ]
    if given.get("customer"):
        customer = reference(context, "customer", given["customer"], "customer")
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


def _is_off(value: Any) -> bool:
    """Tell whether a feature is left out by name: `automatic_tax[enabled]=false`."""
    return isinstance(value, dict) and value.get("enabled") is False


def _check(given: Json) -> str:
    mode: str | None = given.get("mode")
    if mode is None:
        raise missing_param("mode")
    if mode not in ("subscription", "setup"):
        raise unsupported(f"Checkout Sessions of the mode {mode}")
    shown = given.get("ui_mode", "hosted_page")
    if shown != "hosted_page":
        raise unsupported(f"Checkout Sessions of the ui_mode {shown}")
    if given.get("billing_address_collection", "auto") != "auto":
        raise unsupported("billing_address_collection=required of Checkout Sessions")
    if not given.get("success_url"):
        raise missing_param("success_url")
    for one, other in _PAIRS:
        if given.get(one) and given.get(other):
            raise StripeError(
                f"You may only specify one of these parameters: {one}, {other}.",
                Evidence.REPORTED("public code"),
                param=one,
            )
    needed, refused = ("line_items", "setup_intent_data"), "subscription_data"
    if mode == "subscription":
        if not given.get("line_items"):
            raise missing_param("line_items")
        refused = "setup_intent_data"
    elif given.get("line_items"):
        refused = needed[0]
    if given.get(refused):
        raise StripeError(
            f"You can not pass `{refused}` in `{mode}` mode.",
            Evidence.REPORTED("public code"),
            param=refused,
        )
    only(given.get("subscription_data") or {}, _SUBSCRIPTION, "subscription_data")
    only(given.get("setup_intent_data") or {}, ("description", "metadata"), "setups")
    for each in given.get("line_items", []):
        known = ("metadata", "price", "price_data", "quantity")
        only(each, known, "line items of Checkout Sessions")
    return mode


def _amounts(context: Context, session: Json) -> Json:
    """Return what a session sells, which has to be there and to go together."""
    wanted = [
        items.new(context, "", _item(each, place), f"line_items[{place}]")
        for place, each in enumerate(session["lines"])
    ]
    items.recurring(context, wanted)
    summary = summarise(context, session)
    return {
        "sold": summary.invoice["lines"],
        "amount_subtotal": summary.invoice["subtotal"],
        "amount_total": summary.invoice["total"],
        "currency": summary.invoice["currency"],
        "total_details": {
            "amount_discount": summary.discount,
            "amount_shipping": 0,
            "amount_tax": 0,
        },
    }


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
