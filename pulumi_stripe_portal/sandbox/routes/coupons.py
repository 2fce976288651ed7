"""Coupons.

See https://docs.stripe.com/api/coupons.
"""

from pulumi_stripe_portal.sandbox.billing.discounts import is_redeemable
from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.limits import at_most
from pulumi_stripe_portal.sandbox.objects.merge import merge_given, merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Context,
    Resource,
)
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import reference

__all__ = ["RESOURCE"]

_KNOWN = (
    "amount_off",
    "applies_to",
    "currency",
    "duration",
    "duration_in_months",
    "id",
    "max_redemptions",
    "metadata",
    "name",
    "percent_off",
    "redeem_by",
)


def _create(call: Call, params: Json) -> Json:
    only(params, _KNOWN, "coupons")
    _check(call, params)
    seed = call.store.new_id("coupon/", call.partition.account)
    coupon = call.new(RESOURCE, params.get("id") or alphanumeric(seed, 8))
    fields: Json = {name: params.get(name) for name in _KNOWN if name != "id"}
    currency = params.get("currency")
    return coupon | {
        **fields,
        "currency": currency.lower() if currency else None,
        "currency_options": None,
        "duration": params.get("duration", "once"),
        "metadata": merge_metadata({}, params.get("metadata") or {}),
        "times_redeemed": 0,
    }


def _check(call: Call, params: Json) -> None:
    id_ = params.get("id")
    if id_ and call.partition.get(RESOURCE.object, id_):
        raise StripeError(
            "Coupon already exists.",
            Evidence.OURS("as for products; the code is documented"),
            param="id",
            code="resource_already_exists",
        )
    percent, amount = params.get("percent_off"), params.get("amount_off")
    if (percent is None) == (amount is None):
        raise StripeError(
            "Must provide either percent_off or amount_off, and not both.",
            Evidence.OURS("no words of Stripe's for it are known"),
            param="percent_off",
        )
    if percent == 0:
        raise StripeError(
            "Invalid percent_off: 0; must be greater than 0",
            Evidence.OURS("no words of Stripe's for it are known"),
            param="percent_off",
        )
    if amount is not None and not params.get("currency"):
        raise missing_param("currency")
    repeating = params.get("duration") == "repeating"
    if repeating and not params.get("duration_in_months"):
        raise missing_param("duration_in_months")
    products = (params.get("applies_to") or {}).get("products", [])
    for place, product in enumerate(products):
        reference(call, "product", product, f"applies_to[products][{place}]")


def _update(_call: Call, stored: Json, params: Json) -> Json:
    only(params, ("metadata", "name"), "coupons")
    return merge_given(stored, params, ("name",))


def _delete(_call: Call, _coupon: Json) -> None:
    """Let every coupon be deleted.

    Discounts outlive their coupon [DOCUMENTED: docs.stripe.com/api/coupons/delete].
    """


def _view(context: Context, coupon: Json) -> Json:
    return {**coupon, "valid": is_redeemable(context, coupon)}


RESOURCE = Resource(
    object="coupon",
    path="/v1/coupons",
    noun="coupon",
    prefix="",
    scope="coupon",
    params="Coupon",
    missing_param="coupon",
    create=_create,
    update=_update,
    delete=_delete,
    filters={"created": created},
    expands={"applies_to": INCLUDED, "currency_options": INCLUDED},
    limits={"name": at_most(40)},
    announces=True,
    view=_view,
)
