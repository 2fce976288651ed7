"""Product features: which features a product entitles to.

See https://docs.stripe.com/api/product-feature.
"""

from pulumi_stripe_portal.sandbox.billing import entitlements
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Call, Context, Resource

__all__ = ["RESOURCE"]


def _create(call: Call, params: Json) -> Json:
    product = call.arguments["product"]
    return entitlements.attach(call, product, params["entitlement_feature"])


def _view(context: Context, attached: Json) -> Json:
    """Show the feature in full."""
    feature = context.get(entitlements.FEATURE, attached["entitlement_feature"])
    return {**attached, "entitlement_feature": feature}


RESOURCE = Resource(
    object=entitlements.ATTACHED,
    path="/v1/products/<product>/features",
    noun="product feature",
    prefix="prodft_1",
    id_length=23,
    scope="product",
    params="ProductFeature",
    create=_create,
    delete=entitlements.detach,
    hidden=("product",),
    parent="product",
    view=_view,
)
