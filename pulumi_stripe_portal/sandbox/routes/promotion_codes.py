"""Promotion codes: what customers type to get a coupon.

See https://docs.stripe.com/api/promotion_codes.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.billing.discounts import by_code
from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_given, merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Call, Resource, equals
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import reference

__all__ = ["RESOURCE"]

_KNOWN = (
    "active",
    "code",
    "customer",
    "expires_at",
    "max_redemptions",
    "metadata",
    "promotion",
    "restrictions",
)
_RESTRICTIONS: Json = {
    "first_time_transaction": False,
    "minimum_amount": None,
    "minimum_amount_currency": None,
}


def _create(call: Call, params: Json) -> Json:
    only(params, _KNOWN, "promotion codes")
    coupon = params["promotion"].get("coupon")
    if not coupon:
        raise missing_param("promotion[coupon]")
    reference(call, "coupon", coupon, "promotion[coupon]")
    if params.get("customer"):
        reference(call, "customer", params["customer"], "customer")
    restrictions = params.get("restrictions") or {}
    only(restrictions, _RESTRICTIONS, "restrictions of promotion codes")
    seed = call.store.new_id("code/", call.partition.account)
    code = params.get("code") or alphanumeric(seed, 8).upper()
    if by_code(call, code):
        raise StripeError(
            "An active promotion code with `code: "
            f"{code}` already exists for this account.",
            Evidence.REPORTED("public code"),
            param="code",
        )
    return call.new(RESOURCE) | {
        "active": params.get("active", True),
        "code": code,
        "customer": params.get("customer"),
        "customer_account": None,
        "expires_at": params.get("expires_at"),
        "max_redemptions": params.get("max_redemptions"),
        "metadata": merge_metadata({}, params.get("metadata") or {}),
        "promotion": {"coupon": coupon, "type": "coupon"},
        "restrictions": {**_RESTRICTIONS, **restrictions},
        "times_redeemed": 0,
    }


def _update(_call: Call, stored: Json, params: Json) -> Json:
    only(params, ("active", "metadata"), "promotion codes")
    return merge_given(stored, params, ("active",))


def _of_coupon(code: Json, wanted: Any) -> bool:
    return bool(code["promotion"]["coupon"] == wanted)


RESOURCE = Resource(
    object="promotion_code",
    path="/v1/promotion_codes",
    noun="promotion code",
    prefix="promo_1",
    id_length=23,
    scope="promotion_code",
    params="PromotionCode",
    missing_param="promotion_code",
    create=_create,
    update=_update,
    filters={
        "active": equals("active"),
        "code": equals("code"),
        "coupon": _of_coupon,
        "created": created,
        "customer": equals("customer"),
    },
    expands={"customer": "customer", "promotion.coupon": "coupon"},
    announces=True,
)
