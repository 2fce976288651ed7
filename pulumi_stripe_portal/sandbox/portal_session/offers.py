"""What a configuration offers to switch to."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.billing.amounts import is_metered
from pulumi_stripe_portal.sandbox.billing.periods import per_year
from pulumi_stripe_portal.sandbox.billing.statuses import RUNNING
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

__all__ = [
    "entry_listing",
    "entry_of",
    "is_deferred",
    "is_simple",
    "is_updatable",
    "quantity_range",
    "range_problem",
]


def entry_of(context: Context, configuration: Json, subscription: Json) -> Json | None:
    """Return the entry of `products` that *subscription* is to, None if there is none.

    A subscription to a product that is not listed cannot be opened for update [V].
    """
    price = context.get("price", subscription["items"][0]["price"])
    update = configuration["features"]["subscription_update"]
    for each in update["products"]:
        if each["product"] == price["product"]:
            return dict(each)
    return None


def entry_listing(configuration: Json, price: str) -> Json | None:
    """Return the entry of `products` that offers *price*, None where none does."""
    update = configuration["features"]["subscription_update"]
    for each in update["products"]:
        if price in each["prices"]:
            return dict(each)
    return None


def quantity_range(product: Json) -> tuple[int, int | None] | None:
    """Return the range of quantities of an entry of `products`, None if it is fixed."""
    quantity = product["adjustable_quantity"]
    if not quantity["enabled"]:
        return None
    return quantity["minimum"], quantity["maximum"]


def range_problem(product: Json, quantity: int) -> str | None:
    """Say why an adjustable *quantity* of an entry of `products` will not do."""
    span = quantity_range(product)
    if span is None:
        return None
    minimum, maximum = span
    if quantity >= minimum and (maximum is None or quantity <= maximum):
        return None
    top = "" if maximum is None else f" and at most {maximum}"
    return f"The quantity must be at least {minimum}{top}."


def is_simple(context: Context, subscription: Json) -> bool:
    """Tell whether the portal can do more about *subscription* than cancel it.

    It cannot with several items or usage-based billing [D:
    docs.stripe.com/customer-management#customer-portal-limitations].
    """
    prices = [context.get("price", item["price"]) for item in subscription["items"]]
    return len(prices) == 1 and not is_metered(prices[0])


def is_updatable(context: Context, subscription: Json) -> bool:
    """Tell whether the portal can switch or pause *subscription* as it is now.

    It cannot while a schedule manages it [V: invertase/stripe-firebase-extensions
    #158], and here neither while it is paused or to end [U].
    """
    return (
        subscription["status"] in RUNNING
        and is_simple(context, subscription)
        and subscription["schedule"] is None
        and subscription["cancel_at"] is None
        and subscription["pause_collection"] is None
    )


def is_deferred(
    configuration: Json, old: tuple[Json, int], new: tuple[Json, int]
) -> bool:
    """Tell whether a switch from a price and amount to others waits for the end.

    Amounts of different intervals are compared by what they come to in a year [U]. The
    condition holds across products too [V, against the documentation].
    """
    update = configuration["features"]["subscription_update"]
    types = {each["type"] for each in update["schedule_at_period_end"]["conditions"]}
    (was, had), (will, has) = old, new
    before, after = per_year(was["recurring"]), per_year(will["recurring"])
    shorter = after > before
    cheaper = has * after < had * before
    return ("shortening_interval" in types and shorter) or (
        "decreasing_item_amount" in types and cheaper
    )
