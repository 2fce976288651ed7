"""Setup intents: how a card came to be saved in the portal. Read only.

See https://docs.stripe.com/api/setup_intents.
"""

from pulumi_stripe_portal.sandbox.objects.resource import Resource, equals
from pulumi_stripe_portal.sandbox.objects.times import created

__all__ = ["RESOURCE"]

RESOURCE = Resource(
    object="setup_intent",
    path="/v1/setup_intents",
    noun="setupintent",
    prefix="seti_1",
    id_length=23,
    scope="setup_intent",
    params="SetupIntent",
    missing_param="intent",
    filters={
        "created": created,
        "customer": equals("customer"),
        "payment_method": equals("payment_method"),
    },
    expands={"customer": "customer", "payment_method": "payment_method"},
)
