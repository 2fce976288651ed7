"""What Stripe's types can't say: rules between the fields of a portal. Pure.

Each rule names where it comes from; the messages of Stripe that it spares are in
https://docs.stripe.com/api/customer_portal/configurations and the threads named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_stripe_portal.schema.field import is_opaque
from pulumi_stripe_portal.schema.metadata_rules import metadata_failures
from pulumi_stripe_portal.schema.validate import Failure
from pulumi_stripe_portal.schema.values import value_at

__all__ = [
    "bare_lookup_key",
    "portal_failures",
    "portal_warnings",
    "product_twice",
]

_DAYS = {"day": 1, "week": 7, "month": 365 / 12, "year": 365}
_THREE_YEARS = 3 * 365


def portal_failures(inputs: Mapping[str, Any]) -> Iterator[Failure]:
    """Yield what breaks a rule of portal configurations."""
    features = value_at(inputs, ("features",))
    if isinstance(features, Mapping):
        yield from _update_failures(features)
        yield from _cancel_failures(features)
        yield from _pause_failures(features)
    yield from metadata_failures(value_at(inputs, ("metadata",)))


def _update_failures(features: Mapping[str, Any]) -> Iterator[Failure]:
    at = "features.subscription_update"
    update = value_at(features, ("subscription_update",))
    if not isinstance(update, Mapping):
        return
    products = update.get("products")
    if update.get("enabled") is True:
        # «Missing required param: features[subscription_update][products]»
        if not products:
            yield Failure(
                f"{at}.products",
                "is needed while subscription_update is enabled",
                "list the products and prices that customers can switch to",
            )
        if not update.get("default_allowed_updates"):
            yield Failure(
                f"{at}.default_allowed_updates",
                "is needed while subscription_update is enabled",
                "list what customers can change: 'price', 'quantity', 'promotion_code'",
            )
        # «Cannot enable subscription updates while payment method update is disabled.»
        # https://github.com/nextjs/saas-starter/issues/68
        payment = value_at(features, ("payment_method_update", "enabled"))
        if not payment and not is_opaque(payment):
            yield Failure(
                f"{at}.enabled",
                "Stripe refuses this while payment_method_update is off",
                "add 'payment_method_update': {'enabled': True}",
            )
    if isinstance(products, list):
        yield from _product_failures(products, f"{at}.products")


def _product_failures(products: list[Any], at: str) -> Iterator[Failure]:
    seen: set[str] = set()
    places: dict[str, str] = {}
    for index, entry in enumerate(products):
        if not isinstance(entry, Mapping):
            continue
        here = f"{at}[{index}]"
        product = entry.get("product")
        if isinstance(product, str) and product:
            first = places.setdefault(product, f"products[{index}]")
            if first != f"products[{index}]":
                yield product_twice(f"{here}.product", product, first)
        prices = entry.get("prices")
        if prices == []:
            yield Failure(f"{here}.prices", "is empty", "list at least one price")
        for number, price in enumerate(prices if isinstance(prices, list) else []):
            key = _price_key(price)
            if key in seen:
                yield Failure(
                    f"{here}.prices[{number}]",
                    "{value} is listed twice",
                    "list each price once",
                    price.get("lookup_key") if isinstance(price, Mapping) else price,
                )
            seen.add(key)
        if "product" not in entry and isinstance(prices, list):
            yield from _nameless_failures(prices, here)
        yield from _quantity_failures(entry, f"{here}.adjustable_quantity")


def _nameless_failures(prices: list[Any], here: str) -> Iterator[Failure]:
    """Say how an entry tells its product: by id, or by a price's lookup key."""
    if any(isinstance(price, Mapping) or is_opaque(price) for price in prices):
        return
    # The ids of old plans (https://docs.stripe.com/api/plans) are any text; their
    # product has to be given, as for every price that is named by id.
    keys = [
        (number, price)
        for number, price in enumerate(prices)
        if isinstance(price, str) and price and not price.startswith("price_")
    ]
    for number, price in keys:
        yield bare_lookup_key(f"{here}.prices[{number}]", price)
    if not keys:
        yield Failure(
            f"{here}.product",
            "is missing",
            "give the product's id (only prices given by lookup_key tell it)",
        )


def bare_lookup_key(path: str, price: str) -> Failure:
    """Say that a lookup key stands where an id is meant."""
    return Failure(
        path,
        "{value} looks like a lookup key",
        "write {'lookup_key': {value}}, or the price's id (price_…)",
        price,
    )


def product_twice(path: str, product: str, first: str) -> Failure:
    """Say that a product has two entries."""
    return Failure(
        path,
        f"{{value}} is listed twice, first in {first}",
        "list each product once, with all of its prices",
        product,
    )


def _price_key(price: Any) -> str:
    if isinstance(price, Mapping) and isinstance(price.get("lookup_key"), str):
        return f"lookup_key {price['lookup_key']}"
    return price if isinstance(price, str) else f"unknown {id(price)}"


def _quantity_failures(entry: Mapping[str, Any], at: str) -> Iterator[Failure]:
    low = value_at(entry, ("adjustable_quantity", "minimum"))
    high = value_at(entry, ("adjustable_quantity", "maximum"))
    given = low is not None
    for name, value in (("minimum", low), ("maximum", high)):
        if isinstance(value, int) and value < 0:
            yield Failure(f"{at}.{name}", "{value} is negative", "use 0 or more", value)
    low = low if given else 1  # Stripe's default
    if isinstance(low, int) and isinstance(high, int) and low > high >= 0:
        yield Failure(
            f"{at}.{'minimum' if given else 'maximum'}",
            "{value} is above the maximum" if given else "{value} is below 1",
            f"use at most {high}" if given else "raise it, or give a minimum as well",
            low if given else high,
        )


def _cancel_failures(features: Mapping[str, Any]) -> Iterator[Failure]:
    at = "features.subscription_cancel"
    cancel = value_at(features, ("subscription_cancel",))
    if not isinstance(cancel, Mapping):
        return
    proration = cancel.get("proration_behavior")
    # Both rules: the field's text in Stripe's reference, «Possible values are `none`
    # and `create_prorations`, which is only compatible with `mode=immediately`.
    # Passing `always_invoice` will result in an error.»
    if proration == "always_invoice":
        yield Failure(
            f"{at}.proration_behavior",
            "{value} is refused by Stripe for cancellations",
            "use 'none', or 'create_prorations' with mode 'immediately'",
            proration,
        )
    mode = cancel.get("mode")
    if proration == "create_prorations" and mode in (None, "at_period_end"):
        yield Failure(
            f"{at}.proration_behavior",
            "{value} needs mode 'immediately'",
            "set mode to 'immediately', or use 'none'",
            proration,
        )
    reason = value_at(cancel, ("cancellation_reason",))
    if (
        isinstance(reason, Mapping)
        and reason.get("enabled") is True
        and not reason.get("options")
        and not reason.get("feedback_options")
    ):
        yield Failure(
            f"{at}.cancellation_reason.options",
            "is needed while cancellation_reason is enabled",
            "list the reasons to offer, e.g. ['too_expensive', 'unused', 'other']",
        )


def _pause_failures(features: Mapping[str, Any]) -> Iterator[Failure]:
    at = "features.subscription_pause.duration"
    duration = value_at(features, ("subscription_pause", "duration"))
    if not isinstance(duration, Mapping):
        return
    options = duration.get("interval_options")
    # «Required when `type` is `interval_options`»,
    # «The maximum duration is three years.»
    if duration.get("type") == "interval_options" and not options:
        yield Failure(
            f"{at}.interval_options",
            "is needed while type is 'interval_options'",
            "list the durations, e.g. [{'interval': 'month', 'interval_count': 3}]",
        )
    if duration.get("type") == "indefinite" and options and not is_opaque(options):
        yield Failure(
            f"{at}.interval_options",
            "has no meaning while type is 'indefinite'",
            "remove it, or set type to 'interval_options'",
        )
    for index, option in enumerate(options if isinstance(options, list) else []):
        count = value_at(option, ("interval_count",))
        unit = value_at(option, ("interval",))
        if isinstance(count, int) and count < 1:
            yield Failure(
                f"{at}.interval_options[{index}].interval_count",
                "{value} is no duration",
                "use 1 or more",
                count,
            )
        elif (
            isinstance(count or 1, int)
            and unit in list(_DAYS)
            and (count or 1) * _DAYS[unit] > _THREE_YEARS
        ):
            yield Failure(
                f"{at}.interval_options[{index}].interval_count",
                f"{{value}} {unit}s are more than Stripe's three years",
                "shorten the duration",
                count,
            )


def portal_warnings(inputs: Mapping[str, Any], *, livemode: bool) -> Iterator[str]:
    """Yield what Stripe accepts but a team rarely means."""
    features = value_at(inputs, ("features",))
    if not isinstance(features, Mapping):
        return
    customer = value_at(features, ("customer_update",))
    if value_at(customer, ("enabled",)) is True and not customer.get("allowed_updates"):
        yield (
            "features.customer_update is enabled, but allowed_updates is empty: "
            "customers can change nothing"
        )
    cancel = value_at(features, ("subscription_cancel",))
    if (
        value_at(cancel, ("enabled",)) is True
        and cancel.get("mode") == "immediately"
        and cancel.get("proration_behavior") in (None, "none")
    ):
        yield (
            "features.subscription_cancel ends subscriptions immediately and gives no "
            "credit for the time paid; set proration_behavior to 'create_prorations' "
            "to give it"
        )
    if livemode:
        for name in ("privacy_policy_url", "terms_of_service_url"):
            if not value_at(inputs, ("business_profile", name)):
                yield (
                    f"business_profile.{name} is not set; Stripe has refused live "
                    "configurations where the account has no such link either"
                )
