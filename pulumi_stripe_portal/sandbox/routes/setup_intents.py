"""Setup intents: how a card came to be saved.

See https://docs.stripe.com/api/setup_intents.
"""

from pulumi_stripe_portal.sandbox.billing import setup_intents
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import (
    Call,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import answer, find_named

__all__ = ["OPERATIONS", "RESOURCE"]


def _confirm(call: Call) -> Json:
    intent = find_named(RESOURCE, call)
    return answer(RESOURCE, call, setup_intents.confirm(call, intent, call.params))


def _cancel(call: Call) -> Json:
    intent, reason = find_named(RESOURCE, call), call.params.get("cancellation_reason")
    return answer(RESOURCE, call, setup_intents.cancel(call, intent, reason))


RESOURCE = Resource(
    object="setup_intent",
    path="/v1/setup_intents",
    noun="setupintent",
    prefix="seti_1",
    id_length=23,
    scope="setup_intent",
    params="SetupIntent",
    missing_param="intent",
    create=setup_intents.create,
    filters={
        "created": created,
        "customer": equals("customer"),
        "payment_method": equals("payment_method"),
    },
    expands={"customer": "customer", "payment_method": "payment_method"},
    hidden=("leaves", "makes_default", "return_url"),
)

OPERATIONS = (
    RESOURCE.operation("POST", "/<id>/confirm", "SetupIntentConfirmParams", _confirm),
    RESOURCE.operation("POST", "/<id>/cancel", "SetupIntentCancelParams", _cancel),
)
