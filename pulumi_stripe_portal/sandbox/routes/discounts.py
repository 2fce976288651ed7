"""Discounts: a coupon that someone has. They are only parts of other objects.

See https://docs.stripe.com/api/discounts.
"""

from pulumi_stripe_portal.sandbox.objects.resource import Resource

__all__ = ["RESOURCE"]

RESOURCE = Resource(
    object="discount",
    path="",
    noun="discount",
    prefix="di_1",
    id_length=23,
    scope="coupon",
    params="",
    expands={
        "customer": "customer",
        "promotion_code": "promotion_code",
        "source.coupon": "coupon",
    },
    event="customer.discount",
    hidden=("of",),
)
