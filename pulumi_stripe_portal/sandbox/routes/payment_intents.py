"""Payment intents: those of invoices, which are confirmed here.

See https://docs.stripe.com/api/payment_intents.
"""

from pulumi_stripe_portal.sandbox.billing import confirmation
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
    return answer(RESOURCE, call, confirmation.confirm(call, intent, call.params))


RESOURCE = Resource(
    object="payment_intent",
    path="/v1/payment_intents",
    noun="payment_intent",
    prefix="pi_3",
    id_length=23,
    scope="payment_intent",
    params="PaymentIntent",
    missing_param="intent",
    filters={"created": created, "customer": equals("customer")},
    expands={
        "customer": "customer",
        "latest_charge": "charge",
        "payment_method": "payment_method",
    },
    hidden=("invoice", "return_url"),
)

OPERATIONS = (
    RESOURCE.operation("POST", "/<id>/confirm", "PaymentIntentConfirmParams", _confirm),
)
