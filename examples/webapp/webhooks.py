"""The webhook listener: verify, keep, answer. The work is done by `inbox.Worker`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import stripe
from flask import Blueprint, request

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


def routes(secrets: tuple[str, ...], inbox: Inbox, worker: Worker) -> Blueprint:
    """Return the listener, for deliveries signed with one of the secrets."""
    pages = Blueprint("webhooks", __name__)

    @pages.post("/webhooks/stripe")
    def receive() -> ResponseReturnValue:
        event = _verified(request.get_data(), secrets)
        if event is None:
            return {"error": "No valid signature"}, 400
        received = _received(event)
        # On disk before the answer: after a 2xx, Stripe doesn't deliver it again.
        if received is not None and inbox.add(received):
            worker.wake()
        return {"received": True}

    return pages


def _verified(payload: bytes, secrets: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the event, if it comes from Stripe and was signed a moment ago."""
    header = request.headers.get("Stripe-Signature", "")
    if not header.isascii():  # which the comparison of signatures doesn't take
        return None
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(payload, header, secret, TOLERANCE)
            event: dict[str, Any] = json.loads(payload)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        return event
    return None


def _received(event: dict[str, Any]) -> Received | None:
    """Tell what an event is about; None if it is of no interest here."""
    kind: str = event["type"]
    if kind not in EVENTS:
        return None
    data = event["data"]
    about = data["object"]
    if kind == "customer.updated" or kind.startswith("billing_portal.configuration."):
        subject = about["id"]
    else:
        # A detached payment method has no customer any more, it had one before.
        before = data.get("previous_attributes") or {}
        subject = about.get("customer") or before.get("customer")
    if not subject:
        return None
    return Received(event["id"], kind, subject, event["created"])
