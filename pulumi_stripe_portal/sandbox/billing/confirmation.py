"""Confirming payment intents: by request, and by who authenticated on the page."""

from __future__ import annotations

from dataclasses import replace

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from . import (
    cards,
    collection,
    invoices,
    payment_intents,
    payment_methods,
    renewal,
)
from .params import only

__all__ = ["authenticate", "confirm", "unexpected_state"]

_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def confirm(context: Context, intent: Json, params: Json) -> Json:
    """Charge an *intent* that is open, and go on with its invoice and subscription.

    Raises:
        StripeError: It has no payment method, is not open any more, or is declined,
            which it remembers.
    """
    known = ("off_session", "payment_method", "return_url", "setup_future_usage")
    only(params, (*known, "use_stripe_sdk"), "confirming payment intents")
    if intent["status"] not in _OPEN:
        raise unexpected_state("confirm", "PaymentIntent", intent["status"])
    named = params.get("payment_method") or intent["payment_method"]
    if not named:
        raise _no_method()
    method = payment_methods.attach(context, named, intent["customer"])
    after = payment_intents.attempt(
        context,
        intent,
        method,
        on_session=not params.get("off_session", False),
        return_url=params.get("return_url"),
    )
    after = _go_on(context, after)
    error = after["last_payment_error"]
    if error:
        raise replace(cards.declined(error), keeps=True)
    return after


def authenticate(context: Context, intent: Json, *, succeeded: bool) -> Json:
    """Go on after the page of 3-D Secure, on which the customer *succeeded* or not."""
    if intent["status"] != "requires_action":
        return intent
    method = context.get("payment_method", intent["payment_method"])
    if not succeeded:
        return _go_on(context, payment_intents.fail(context, intent, method))
    method = {**method, "is_authenticated": True}
    after = payment_intents.attempt(context, intent, method, on_session=True)
    return _go_on(context, after)


def unexpected_state(verb: str, noun: str, status: str) -> StripeError:
    """Refuse what an intent of this *status* is not open to."""
    kind = "payment_intent" if noun == "PaymentIntent" else "setup_intent"
    return StripeError(
        f"You cannot {verb} this {noun} because it has a status of {status}.",
        Evidence.REPORTED("public code"),
        code=f"{kind}_unexpected_state",
    )


def _go_on(context: Context, intent: Json) -> Json:
    if intent["status"] == "requires_action":
        return intent
    invoice = context.get("invoice", intent["invoice"])
    invoice = collection.conclude(context, invoice, intent)
    subscription = invoices.subscription_of(context, invoice)
    if invoice["status"] == "paid" and subscription is not None:
        settings = subscription["payment_settings"]
        if settings["save_default_payment_method"] == "on_subscription":
            method = {"default_payment_method": intent["payment_method"]}
            subscription = keep(context, {**subscription, **method}, subscription)
        renewal.revive(context, subscription)
    return intent


def _no_method() -> StripeError:
    return StripeError(
        "You cannot confirm this PaymentIntent because it's missing a payment method. "
        "You can either update the PaymentIntent with a payment method and then "
        "confirm it again, or confirm it again directly with a payment method or "
        "ConfirmationToken.",
        Evidence.REPORTED("public code"),
        code="payment_intent_unexpected_state",
    )
