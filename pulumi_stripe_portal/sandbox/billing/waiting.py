"""Subscriptions that wait for a payment method since their trial ended without one."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import collection, pauses, subscriptions

__all__ = ["needs_method", "resume_waiting"]


def needs_method(subscription: Json) -> bool:
    """Tell whether *subscription* was paused for want of a payment method."""
    if subscription["status"] != "paused":
        return False
    paused = subscription["status_details"]["paused"]["subscription"]
    return bool(paused["type"] == "trial_end_without_payment_method")


def resume_waiting(context: Context, customer: str) -> None:
    """Resume what *customer* has that waits, now that there is something to pay with.

    A card that is added in the portal resumes what was paused for want of one
    [OURS: at Stripe it takes a request, too].
    """
    for each in subscriptions.of(context, customer):
        if needs_method(each) and collection.payer(context, each):
            pauses.resume(context, each)
