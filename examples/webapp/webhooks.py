"""The webhook listener: verify, keep, answer. The work is done by `inbox.Worker`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import stripe
from flask import Blueprint, current_app, request

from .inbox import Received

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from .inbox import Inbox, Worker

__all__ = ["EVENTS", "routes"]

TOLERANCE = 300
"""Seconds that a signature is good for, so that nobody can replay it later."""

EVENTS = {
    "customer.subscription.created": "Subscription started",
    "customer.subscription.updated": "Subscription changed",
    "customer.subscription.deleted": "Subscription ended",
    "customer.subscription.paused": "Subscription paused",
    "customer.subscription.resumed": "Subscription resumed",
    "customer.updated": "Billing details changed",
    "customer.tax_id.created": "Tax ID added",
    "customer.tax_id.updated": "Tax ID checked",
    "customer.tax_id.deleted": "Tax ID removed",
    "payment_method.attached": "Payment method added",
    "payment_method.detached": "Payment method removed",
    "invoice.paid": "Invoice paid",
    "billing_portal.configuration.created": "Portal set up",
    "billing_portal.configuration.updated": "Portal changed",
    "billing_portal.session.created": "Billing portal opened",
}
"""What is listened to, and how the account page tells it."""


class OddEventError(ValueError):
    """An event isn't what the documentation says of events."""


def routes(secrets: tuple[str, ...], inbox: Inbox, worker: Worker) -> Blueprint:
    """Return the listener, for deliveries signed with one of the secrets."""
    pages = Blueprint("webhooks", __name__)

    @pages.post("/webhooks/stripe")
    def receive() -> ResponseReturnValue:
        payload = request.get_data()
        if not _is_signed(payload, secrets):
            return {"error": "No valid signature"}, 400
        # On disk before the answer: after a 2xx, Stripe doesn't deliver it again.
        try:
            received = _received(payload)
        except OddEventError as error:
            # Stripe's, so a refusal would only bring it again, for three days.
            current_app.logger.warning("an event of an odd shape: %s", error)
            inbox.add_odd(payload)
        else:
            if received is not None and inbox.add(received):
                worker.wake()
        return {"received": True}

    return pages


def _is_signed(payload: bytes, secrets: tuple[str, ...]) -> bool:
    """Tell whether Stripe has signed it a moment ago."""
    header = request.headers.get("Stripe-Signature", "")
    if not header.isascii():  # which the comparison of signatures doesn't take
        return False
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(payload, header, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        return True
    return False


def _received(payload: bytes) -> Received | None:
    """Tell what an event is about; None if it is of no interest here.

    Raises:
        OddEventError: It isn't what the documentation says of events.
    """
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):
        raise OddEventError("it is no JSON") from None
    kind = _text(event, "type")
    if kind not in EVENTS:
        return None
    data = _object(event, "data")
    about = _object(data, "object")
    if kind == "customer.updated" or kind.startswith("billing_portal.configuration."):
        subject = _text(about, "id")
    else:
        # A detached payment method has no customer any more, it had one before.
        had = data.get("previous_attributes") is not None
        before = _object(data, "previous_attributes") if had else {}
        holder = about if about.get("customer") else before
        if not holder.get("customer"):
            return None
        subject = _text(holder, "customer")
    created = event.get("created")
    if type(created) is not int or not 0 <= created < 2**40:
        raise OddEventError("created is no time")
    return Received(_text(event, "id"), kind, subject, created)


def _object(outer: Any, name: str) -> dict[str, Any]:
    found = outer.get(name) if isinstance(outer, dict) else None
    if not isinstance(found, dict):
        raise OddEventError(f"{name} is no object")
    return found


def _text(outer: Any, name: str) -> str:
    found = outer.get(name) if isinstance(outer, dict) else None
    if not isinstance(found, str) or not 0 < len(found) <= 500 or not found.isascii():
        raise OddEventError(f"{name} is no name or id")
    return found
