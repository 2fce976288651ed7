"""The rules between the fields of a portal configuration.

They hold for the result of a create or an update, not for the request alone. Whether
payment method configurations and feedback options exist is not checked [OURS: it is not
known whether Stripe does].
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pulumi_stripe_portal.sandbox.billing.periods import interval
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Call
from pulumi_stripe_portal.sandbox.verbs import reference

__all__ = ["check"]

_UPDATE = "features[subscription_update]"
_PAUSE = "features[subscription_pause][duration][interval_options]"
_DAYS = {"day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}


def check(call: Call, configuration: Json, given: Json) -> None:
    """Let a valid *configuration* pass; *given* is what the request named.

    Raises:
        StripeError: The first rule that is broken.
    """
    if configuration["is_default"] and not configuration["active"]:
        raise StripeError(
            "You cannot set `active: false` on your default PortalConfiguration.",
            Evidence.OBSERVED("plantonhq/planton, 2026-10-01"),
            param="active",
        )
    features = configuration["features"]
    update = given.get("features", {}).get("subscription_update", {})
    if update.get("products"):
        _check_products(call, update["products"])
    _check_allowed_updates(features, update)
    for error in _broken(features):
        raise error


def _broken(features: Json) -> Iterator[StripeError]:
    """Yield what is refused about the *features* as they would be."""
    update, cancel = features["subscription_update"], features["subscription_cancel"]
    if update["enabled"] and not update["products"]:
        yield StripeError(
            f"Missing required param: {_UPDATE}[products]",
            Evidence.OBSERVED("plantonhq/planton, 2026-10-01"),
            param=f"{_UPDATE}[products]",
            code="parameter_missing",
        )
    if update["enabled"] and not features["payment_method_update"]["enabled"]:
        yield StripeError(
            "Cannot enable subscription updates while payment method update is "
            "disabled.",
            Evidence.OBSERVED("nextjs/saas-starter #68"),
        )
    if cancel["proration_behavior"] == "always_invoice":
        yield StripeError(
            "Subscription cancellation does not support proration_behavior "
            "always_invoice.",
            Evidence.OURS("the stripe package says that it is an error, not the words"),
            param="features[subscription_cancel][proration_behavior]",
        )
    prorated = cancel["proration_behavior"] == "create_prorations"
    if prorated and cancel["mode"] != "immediately":
        yield StripeError(
            "proration_behavior create_prorations is only compatible with "
            "mode=immediately.",
            Evidence.OURS(
                "the stripe package says so, the error's words are not known"
            ),
            param="features[subscription_cancel][proration_behavior]",
        )
    pause = features["subscription_pause"]["duration"]
    if pause["type"] == "interval_options" and not pause["interval_options"]:
        yield StripeError(
            f"Missing required param: {_PAUSE}.",
            Evidence.SPECIFIED("stripe 16.1.0, ConfigurationCreateParams"),
            param=_PAUSE,
            code="parameter_missing",
        )
    if any(map(_is_too_long, pause["interval_options"])):
        yield StripeError(
            "The maximum pause duration is three years.",
            Evidence.OURS("the stripe package has the maximum, not the error's words"),
            param=_PAUSE,
        )


def _is_too_long(option: Json) -> bool:
    days = _DAYS[option["interval"]] * option["interval_count"]
    return bool(days > 3 * _DAYS["year"] or option["interval_count"] < 1)


def _check_allowed_updates(features: Json, update: Json) -> None:
    """Require the allowed updates where updates are turned on.

    An empty `default_allowed_updates` says that there are none [OURS: not known].
    """
    name = "default_allowed_updates"
    turned_on = update.get("enabled") and name not in update
    if turned_on and not features["subscription_update"][name]:
        param = f"{_UPDATE}[{name}]"
        raise StripeError(
            f"Missing required param: {param}.",
            Evidence.OURS("that it is required is documented, the error is not"),
            param=param,
            code="parameter_missing",
        )


def _check_products(call: Call, products: list[Json]) -> None:
    for place, each in enumerate(products):
        path = f"{_UPDATE}[products][{place}]"
        reference(call, "product", each["product"], f"{path}[product]")
        found = list(_prices(call, each, path))
        intervals = [interval(price["recurring"]) for price in found]
        if len(set(intervals)) < len(intervals):
            raise StripeError(
                "For each product, its price must have unique billing intervals.",
                Evidence.OBSERVED("five projects, September and October 2026"),
                param=f"{path}[prices]",
            )
        quantity = each["adjustable_quantity"]
        if quantity["maximum"] is not None:
            _check_range(quantity, f"{path}[adjustable_quantity]")
    for product, times in Counter(each["product"] for each in products).items():
        if times > 1:
            raise _refused(
                f"The product {product} is listed {times} times.",
                f"{_UPDATE}[products]",
            )


def _prices(call: Call, listed: Json, path: str) -> Iterator[Json]:
    for place, id_ in enumerate(listed["prices"]):
        param = f"{path}[prices][{place}]"
        price = reference(call, "price", id_, param)
        if price["product"] != listed["product"]:
            raise _refused(
                f"The price {id_} does not belong to the product {listed['product']}.",
                param,
            )
        if price["type"] != "recurring":
            raise _refused(f"The price {id_} is not recurring.", param)
        if not price["active"]:
            raise _refused(f"The price {id_} is not active.", param)
        yield price


def _check_range(quantity: Json, path: str) -> None:
    if quantity["maximum"] < quantity["minimum"]:
        raise _refused("The maximum is less than the minimum.", f"{path}[maximum]")


def _refused(message: str, param: str) -> StripeError:
    return StripeError(
        message,
        Evidence.OURS("that it is refused is reported, not in which words"),
        param=param,
    )
