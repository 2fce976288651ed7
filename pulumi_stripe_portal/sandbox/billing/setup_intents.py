"""Setup intents: how a card comes to be saved, to be charged later."""

from __future__ import annotations

from dataclasses import replace

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import cards, next_actions, payment_methods
from .params import card_types, only

__all__ = ["authenticate", "cancel", "confirm", "create", "succeed"]

_KNOWN = ("description", "metadata", "usage")
_CONFIRM = ("payment_method", "return_url", "use_stripe_sdk")
_MORE = (
    "allowed_payment_method_types",
    "automatic_payment_methods",
    "confirm",
    "customer",
)


def create(context: Context, params: Json) -> Json:
    """Make a setup intent, and confirm it where *params* say so.

    Raises:
        StripeError: Its customer or card is not there, or the card is declined.
    """
    only(params, (*_KNOWN, *_CONFIRM, *_MORE), "setup intents")
    intent = context.new(context.resources["setup_intent"])
    intent |= {
        **_BLANK,
        **card_types(params),
        "automatic_payment_methods": _automatic(params),
        "client_secret": f"{intent['id']}_secret_{context.new_id('', 25)}",
    }
    intent |= {name: params[name] for name in _KNOWN if params.get(name)}
    intent["metadata"] = merge_metadata({}, params.get("metadata") or {})
    if params.get("customer"):
        reference(context, "customer", params["customer"], "customer")
        intent["customer"] = params["customer"]
    if params.get("payment_method"):
        method = payment_methods.obtain(context, params["payment_method"])
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
    keep(context, intent)
    if not params.get("confirm"):
        return intent
    wanted = {name: params[name] for name in _CONFIRM if name in params}
    return confirm(context, intent, {**wanted, "payment_method": None})


def confirm(context: Context, intent: Json, params: Json) -> Json:
    """Save the card of an *intent*, after 3-D Secure where that is needed.

    Raises:
        StripeError: It has no card, is not open any more, or the card is declined.
    """
    only(params, _CONFIRM, "confirming setup intents")
    if intent["status"] in ("succeeded", "canceled"):
        raise _unexpected("confirm", intent["status"])
    named = params.get("payment_method") or intent["payment_method"]
    if not named:
        raise StripeError(
            "You cannot confirm this SetupIntent because it's missing a payment "
            "method. Update the SetupIntent with a payment method and then confirm "
            "it again.",
            Evidence.REPORTED("public code"),
            code="setup_intent_unexpected_state",
        )
    method = payment_methods.obtain(context, named)
    url = params.get("return_url")
    chosen = {**intent, "payment_method": method["id"], "return_url": url}
    if cards.needs_authentication(method):
        action = next_actions.to_authenticate(context, chosen, url)
        waiting = {"next_action": action, "status": "requires_action"}
        return _keep(context, {**chosen, **waiting}, "requires_action")
    return succeed(context, chosen)


def authenticate(context: Context, intent: Json, *, succeeded: bool) -> Json:
    """Go on after the page of 3-D Secure, on which the customer *succeeded* or not."""
    if intent["status"] != "requires_action":
        return intent
    if succeeded:
        return succeed(context, intent)
    error = {
        "code": "setup_intent_authentication_failure",
        "message": "The latest attempt to set up the payment method has failed because "
        "authentication failed.",
        "type": "invalid_request_error",
    }
    return _fail(context, intent, error)


def cancel(context: Context, intent: Json, reason: str | None) -> Json:
    """Give up a setup intent that is open.

    Raises:
        StripeError: It is not.
    """
    if intent["status"] in ("succeeded", "canceled"):
        raise _unexpected("cancel", intent["status"])
    ended = {"cancellation_reason": reason, "next_action": None, "status": "canceled"}
    return _keep(context, {**intent, **ended}, "canceled")


def succeed(context: Context, intent: Json) -> Json:
    """Save the card of an *intent*, and let who waits for it have it.

    Raises:
        StripeError: The card is declined.
    """
    method = context.get("payment_method", intent["payment_method"])
    if intent["customer"]:
        try:
            method = payment_methods.attach(context, method["id"], intent["customer"])
        except StripeError as error:
            told = {"code": error.code, "message": error.message, "type": error.type}
            _fail(context, intent, {**told, "decline_code": error.decline_code})
            raise replace(error, keeps=True) from None
    context.partition.put({**method, "is_set_up": True})
    done = {"last_setup_error": None, "next_action": None, "status": "succeeded"}
    after = _keep(context, {**intent, **done}, "succeeded")
    if intent["makes_default"]:
        payment_methods.make_default(context, intent["customer"], method["id"])
    for subscription in context.partition.all("subscription"):
        if subscription["pending_setup_intent"] == intent["id"]:
            found = {"default_payment_method": method["id"]}
            found["pending_setup_intent"] = None
            keep(context, {**subscription, **found}, subscription)
    return after


def _fail(context: Context, intent: Json, error: Json) -> Json:
    failed = {
        "last_setup_error": {**error, "payment_method": intent["payment_method"]},
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    return _keep(context, {**intent, **failed}, "setup_failed")


def _keep(context: Context, intent: Json, verb: str) -> Json:
    context.partition.put(intent)
    record(context, intent, verb=verb)
    return intent


def _automatic(params: Json) -> Json | None:
    given = params.get("automatic_payment_methods")
    return given and {"allow_redirects": "always", **given}


def _unexpected(verb: str, status: str) -> StripeError:
    return StripeError(
        f"You cannot {verb} this SetupIntent because it has already {status}.",
        Evidence.REPORTED("public code"),
        code="setup_intent_unexpected_state",
    )


_BLANK: Json = {
    "application": None,
    "automatic_payment_methods": None,
    "cancellation_reason": None,
    "customer": None,
    "customer_account": None,
    "description": None,
    "excluded_payment_method_types": None,
    "flow_directions": None,
    "last_setup_error": None,
    "latest_attempt": None,
    "leaves": None,
    "makes_default": False,
    "mandate": None,
    "next_action": None,
    "on_behalf_of": None,
    "payment_method": None,
    "payment_method_configuration_details": None,
    "payment_method_options": None,
    "payment_method_types": ["card"],
    "return_url": None,
    "single_use_mandate": None,
    "status": "requires_payment_method",
    "usage": "off_session",
}
