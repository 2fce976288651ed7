"""Prices that are made where they are used: `price_data`."""

from __future__ import annotations

from typing import cast

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Call, Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import keep

__all__ = ["make"]


def make(context: Context, given: Json, path: str) -> Json:
    """Make the price that the parameter *path* describes, which nothing else may use.

    It is not active [DOCUMENTED: docs.stripe.com/products-prices/pricing-models].

    Raises:
        StripeError: Its product is not there, or it has no amount.
    """
    if given.get("product"):
        reference(context, "product", given["product"], f"{path}[product]")
    create = context.resources["price"].create
    assert create  # noqa: S101 - prices can be created
    # It asks a call for nothing that every context has not.
    made = create(cast("Call", context), {**given, "active": False})
    return keep(context, {**made, "inline": True})
