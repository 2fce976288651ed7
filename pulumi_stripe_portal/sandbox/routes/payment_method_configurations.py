"""Payment method configurations, read only: each account has its default one.

See https://docs.stripe.com/api/payment_method_configurations.
"""

from pulumi_stripe_portal.sandbox.data.store import Json, Partition, Store
from pulumi_stripe_portal.sandbox.objects.resource import Resource, equals

__all__ = ["RESOURCE", "seed"]

RESOURCE = Resource(
    object="payment_method_configuration",
    path="/v1/payment_method_configurations",
    noun="payment_method_configuration",
    prefix="pmc_1",
    id_length=23,
    scope="payment_method_configuration",
    params="PaymentMethodConfiguration",
    filters={"active": equals("active"), "application": equals("application")},
)


def seed(store: Store, partition: Partition) -> None:
    """Give *partition* the default configuration, with cards only."""
    scope = f"{partition.account}/{partition.livemode}"
    card: Json = {
        "available": True,
        "display_preference": {"overridable": None, "preference": "on", "value": "on"},
    }
    partition.put(
        {
            "id": store.new_id(RESOURCE.prefix, scope, RESOURCE.id_length),
            "object": RESOURCE.object,
            "active": True,
            "application": None,
            "card": card,
            "is_default": True,
            "livemode": partition.livemode,
            "name": "Default",
            "parent": None,
        }
    )
