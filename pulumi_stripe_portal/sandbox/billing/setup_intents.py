"""Setup intents, as the portal makes one for each card that is added."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

__all__ = ["set_up"]


def set_up(context: Context, method: Json) -> Json:
    """Record that *method* was set up to be charged later."""
    intent = context.new(context.resources["setup_intent"])
    intent |= {
        "application": None,
        "automatic_payment_methods": None,
        "cancellation_reason": None,
        "client_secret": f"{intent['id']}_secret_{context.new_id('', 25)}",
        "customer": method["customer"],
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "mandate": None,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": None,
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": "off_session",
    }
    record(context, intent)
    done = {**intent, "payment_method": method["id"], "status": "succeeded"}
    context.partition.put(done)
    record(context, done, verb="succeeded")
    return done
