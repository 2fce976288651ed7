"""Charges: what payment intents have tried. Read only.

See https://docs.stripe.com/api/charges.
"""

from pulumi_stripe_portal.sandbox.objects.resource import Resource, equals
from pulumi_stripe_portal.sandbox.objects.times import created

__all__ = ["RESOURCE"]

RESOURCE = Resource(
    object="charge",
    path="/v1/charges",
    noun="charge",
    prefix="ch_3",
    id_length=23,
    scope="charge",
    params="Charge",
    missing_param="id",
    filters={
        "created": created,
        "customer": equals("customer"),
        "payment_intent": equals("payment_intent"),
    },
    expands={
        "customer": "customer",
        "payment_intent": "payment_intent",
    },
)
