"""Tax rates.

See https://docs.stripe.com/api/tax_rates.
"""

from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import missing_param
from pulumi_stripe_portal.sandbox.objects.limits import at_most
from pulumi_stripe_portal.sandbox.objects.merge import merge_given, merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Call, Resource, equals
from pulumi_stripe_portal.sandbox.objects.times import created

__all__ = ["RESOURCE"]

_OPTIONAL = ("country", "description", "jurisdiction", "state", "tax_type")
_CHANGEABLE = (*_OPTIONAL, "active", "display_name")
_KNOWN = (*_CHANGEABLE, "inclusive", "metadata", "percentage")


def _create(call: Call, params: Json) -> Json:
    only(params, _KNOWN, "tax rates")
    for name in ("display_name", "inclusive", "percentage"):
        if params.get(name) in (None, ""):
            raise missing_param(name)
    return call.new(RESOURCE) | {
        **{name: params.get(name) for name in _OPTIONAL},
        "active": params.get("active", True),
        "display_name": params["display_name"],
        "effective_percentage": None,
        "flat_amount": None,
        "inclusive": params["inclusive"],
        "jurisdiction_level": None,
        "metadata": merge_metadata({}, params.get("metadata") or {}),
        "percentage": params["percentage"],
        "rate_type": "percentage",
    }


def _update(call: Call, before: Json, params: Json) -> Json:
    """Change what is said of a rate.

    A rate's percentage and whether it is included never change
    [SPECIFIED: stripe 16.1.0, TaxRateModifyParams has neither].
    """
    del call
    only(params, (*_CHANGEABLE, "metadata"), "updating tax rates")
    return merge_given(before, params, _CHANGEABLE)


RESOURCE = Resource(
    object="tax_rate",
    path="/v1/tax_rates",
    noun="tax rate",
    prefix="txr_1",
    id_length=23,
    scope="tax_rate",
    params="TaxRate",
    missing_param="tax_rate",
    create=_create,
    update=_update,
    filters={
        "active": equals("active"),
        "created": created,
        "inclusive": equals("inclusive"),
    },
    limits={"display_name": at_most(50)},
    hidden=("automatic",),
    announces=True,
)
