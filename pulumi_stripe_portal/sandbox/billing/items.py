"""Subscription items: which price, how many, for which period."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference

from . import inline_prices
from .amounts import is_metered
from .params import only
from .periods import Span, interval
from .tax_params import find_rates

__all__ = ["change", "new", "no_such_item", "recurring", "span", "with_span"]


_KNOWN = ("id", "plan", "price", "quantity", "tax_rates")


def new(context: Context, subscription: str, given: Json, path: str) -> Json:
    """Make an item; its period is not known yet.

    Raises:
        StripeError: Its price is missing, inactive or not recurring.
    """
    known = (*_KNOWN, "metadata", "price_data")
    only(given, known, "subscription items")
    price = _named(context, given, path)
    if price is None:
        raise missing_param(f"{path}[price]")
    if is_metered(price) and given.get("quantity") is not None:
        raise _no_quantity(f"{path}[quantity]")
    return {
        "id": context.new_id("si_", 14),
        "object": "subscription_item",
        "billed_until": None,
        "billing_thresholds": None,
        "created": context.clock.now(),
        "current_period_end": 0,
        "current_period_start": 0,
        "current_trial": None,
        "discounts": [],
        "metadata": merge_metadata({}, given.get("metadata") or {}),
        "price": price["id"],
        "quantity": None if is_metered(price) else given.get("quantity", 1),
        "subscription": subscription,
        "tax_rates": find_rates(context, given.get("tax_rates"), f"{path}[tax_rates]"),
    }


def change(context: Context, stored: list[Json], wanted: list[Json]) -> list[Json]:
    """Return *stored* items as *wanted* names them: changed by id, deleted, or added.

    Raises:
        StripeError: An item or price that there is not, or no item is left.
    """
    items = {item["id"]: item for item in stored}
    for place, given in enumerate(wanted):
        path = f"items[{place}]"
        id_ = given.get("id")
        if id_ is None:
            subscription = stored[0]["subscription"]
            added = new(context, subscription, given, path)
            items[added["id"]] = added
        elif id_ not in items:
            raise no_such_item(id_, f"{path}[id]")
        elif given.get("deleted"):
            del items[id_]
        else:
            items[id_] = _change(context, items[id_], given, path)
    if not items:
        raise StripeError(
            "A subscription must have at least one active item.",
            Evidence.OURS("no words of Stripe's for it are known"),
            param="items",
        )
    recurring(context, items.values())
    return list(items.values())


def recurring(context: Context, items: Iterable[Json]) -> Json:
    """Return the `recurring` of a price of *items*, which share its interval.

    Raises:
        StripeError: They have several.

    Several intervals are refused in flexible billing mode too [OURS: Stripe allows some
    of them there].
    """
    found = [context.get("price", item["price"])["recurring"] for item in items]
    if len({interval(each) for each in found}) > 1:
        raise StripeError(
            "All prices on a subscription must have the same `recurring.interval` and "
            "`recurring.interval_count`. If you meant to update an existing "
            "subscription item instead of creating a new one, make sure to include the "
            "subscription item ID in your request. See examples at "
            "https://stripe.com/docs/billing/subscriptions/upgrade-downgrade.",
            Evidence.REPORTED("public code"),
            param="items",
        )
    first: Json = found[0]
    return first


def span(items: list[Json]) -> Span:
    """Return the current period of *items*, which is that of all of them."""
    first = items[0]
    return Span(first["current_period_start"], first["current_period_end"])


def with_span(items: Iterable[Json], period: Span) -> list[Json]:
    """Return *items* in *period*."""
    times = {"current_period_start": period.start, "current_period_end": period.end}
    return [{**item, **times} for item in items]


def no_such_item(id_: str, param: str) -> StripeError:
    """Tell that a subscription has no item *id_*."""
    return StripeError(
        f"No such subscription item: '{id_}'",
        Evidence.REPORTED("public code"),
        param=param,
        code="resource_missing",
    )


def _named(context: Context, given: Json, path: str) -> Json | None:
    """Return the price that *given* names or describes, None where it does neither."""
    if given.get("price_data"):
        return inline_prices.make(context, given["price_data"], f"{path}[price_data]")
    id_ = given.get("price") or given.get("plan")
    return _subscribable(context, id_, f"{path}[price]") if id_ else None


def _subscribable(context: Context, id_: str, param: str) -> Json:
    """Find a price that can be subscribed to.

    Raises:
        StripeError: There is none, it is inactive, or it is paid once.
    """
    price = reference(context, "price", id_, param)
    if not price["active"] and not price.get("inline"):
        raise StripeError(
            "The price specified is inactive. This field only accepts active prices.",
            Evidence.REPORTED("invertase/stripe-firebase-extensions #560"),
            param=param,
        )
    if price["type"] != "recurring":
        raise StripeError(
            "The price specified is set to `type=one_time` but this field only accepts "
            "prices with `type=recurring`.",
            Evidence.REPORTED("stripe/stripe-dotnet #2228"),
            param=param,
        )
    return price


def _change(context: Context, item: Json, given: Json, path: str) -> Json:
    known = (*_KNOWN, "deleted", "metadata", "price_data")
    only(given, known, "subscription items")
    after = dict(item)
    price = _named(context, given, path)
    if price is not None:
        after["price"] = price["id"]
        after["quantity"] = None if is_metered(price) else item["quantity"] or 1
    if given.get("quantity") is not None:
        if is_metered(context.get("price", after["price"])):
            raise _no_quantity(f"{path}[quantity]")
        after["quantity"] = given["quantity"]
    if "tax_rates" in given:
        rates = find_rates(context, given["tax_rates"], f"{path}[tax_rates]")
        after["tax_rates"] = rates
    if "metadata" in given:
        after["metadata"] = merge_metadata(item["metadata"], given["metadata"])
    return after


def _no_quantity(param: str) -> StripeError:
    return StripeError(
        "Quantity should not be specified where usage_type is `metered`. Remove "
        f"quantity from `{param}`",
        Evidence.REPORTED("public code"),
        param=param,
    )
