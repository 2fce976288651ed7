"""Features: what products entitle to.

See https://docs.stripe.com/api/entitlements/feature.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.billing import entitlements
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.limits import at_most
from pulumi_stripe_portal.sandbox.objects.resource import Resource, equals

__all__ = ["RESOURCE"]


def _archived(feature: Json, wanted: Any) -> bool:
    return bool(feature["active"] is not wanted)


RESOURCE = Resource(
    object=entitlements.FEATURE,
    path="/v1/entitlements/features",
    noun="feature",
    prefix="feat_1",
    id_length=23,
    scope="entitlements",
    params="entitlements.Feature",
    create=entitlements.create,
    update=entitlements.update,
    filters={"archived": _archived, "lookup_key": equals("lookup_key")},
    limits={"lookup_key": at_most(80), "name": at_most(80)},
)
