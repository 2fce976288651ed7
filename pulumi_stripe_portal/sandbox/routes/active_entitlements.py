"""Active entitlements: which features a customer has now.

See https://docs.stripe.com/api/entitlements/active-entitlement.
"""

from pulumi_stripe_portal.sandbox.billing import entitlements
from pulumi_stripe_portal.sandbox.objects.resource import Resource, equals

__all__ = ["RESOURCE"]

RESOURCE = Resource(
    object=entitlements.ACTIVE,
    path="/v1/entitlements/active_entitlements",
    noun="active entitlement",
    prefix="ent_1",
    id_length=23,
    scope="entitlements",
    params="entitlements.ActiveEntitlement",
    filters={"customer": equals("customer")},
    expands={"feature": entitlements.FEATURE},
    hidden=("customer",),
)
