"""The rules between the fields of a portal configuration.

They hold for the result of a create or an update, not for the request alone. Each
carries where it is known from; the wording of rules marked OURS is invented. Whether
payment method configurations and feedback options exist is not checked [U].
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing.periods import interval
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import Evidence, StripeError
from pulumi_stripe_portal.sandbox.objects.resource import Call
from pulumi_stripe_portal.sandbox.verbs import reference

__all__ = ["check"]

_UPDATE = "features[subscription_update]"
_DAYS = {"day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25}


@dataclass(frozen=True)
class _Rule:
    """A condition that Stripe refuses; *broken* sees the features as they would be."""

    message: str
    broken: Callable[[Json], bool]
    evidence: Evidence
    source: str
    param: str | None = None
    code: str | None = None


def _on(features: Json, name: str) -> bool:
    return bool(features[name]["enabled"])


_RULES = (
    _Rule(
        f"Missing required param: {_UPDATE}[products]",
        lambda f: (
            _on(f, "subscription_update") and not f["subscription_update"]["products"]
        ),
        Evidence.OBSERVED,
        "plantonhq/planton, 2026-10-01",
        f"{_UPDATE}[products]",
        "parameter_missing",
    ),
    _Rule(
        "Cannot enable subscription updates while payment method update is disabled.",
        lambda f: _on(f, "subscription_update") and not _on(f, "payment_method_update"),
        Evidence.OBSERVED,
        "nextjs/saas-starter #68",
    ),
    _Rule(
        "Subscription cancellation does not support proration_behavior always_invoice.",
        lambda f: f["subscription_cancel"]["proration_behavior"] == "always_invoice",
        Evidence.OURS,
        "the SDK says it results in an error, not in which words",
        "features[subscription_cancel][proration_behavior]",
    ),
    _Rule(
        "proration_behavior create_prorations is only compatible with "
        "mode=immediately.",
        lambda f: (
            f["subscription_cancel"]["proration_behavior"] == "create_prorations"
            and f["subscription_cancel"]["mode"] != "immediately"
        ),
        Evidence.OURS,
        "the SDK says so, the error's words are not known",
        "features[subscription_cancel][proration_behavior]",
    ),
    _Rule(
        "Missing required param: "
        "features[subscription_pause][duration][interval_options].",
        lambda f: (
            f["subscription_pause"]["duration"]["type"] == "interval_options"
            and not f["subscription_pause"]["duration"]["interval_options"]
        ),
        Evidence.SPECIFIED,
        "stripe 16.1.0",
        "features[subscription_pause][duration][interval_options]",
        "parameter_missing",
    ),
    _Rule(
        "The maximum pause duration is three years.",
        lambda f: any(
            _DAYS[option["interval"]] * option["interval_count"] > 3 * _DAYS["year"]
            or option["interval_count"] < 1
            for option in f["subscription_pause"]["duration"]["interval_options"]
        ),
        Evidence.OURS,
        "the SDK states the maximum, not the error's words",
        "features[subscription_pause][duration][interval_options]",
    ),
)


def check(call: Call, configuration: Json, given: Json) -> None:
    """Let a valid *configuration* pass; *given* is what the request named.

    Raises:
        StripeError: The first rule that is broken.
    """
    if configuration["is_default"] and not configuration["active"]:
        raise StripeError(
            400,
            "You cannot set `active: false` on your default PortalConfiguration.",
            param="active",
            evidence=Evidence.OBSERVED,
            source="plantonhq/planton, 2026-10-01",
        )
    features = configuration["features"]
    update = given.get("features", {}).get("subscription_update", {})
    if update.get("products"):
        _check_products(call, update["products"])
    _check_allowed_updates(features, update)
    for rule in _RULES:
        if rule.broken(features):
            raise StripeError(
                400,
                rule.message,
                param=rule.param,
                code=rule.code,
                evidence=rule.evidence,
                source=rule.source,
            )


def _check_allowed_updates(features: Json, update: Json) -> None:
    """Require the allowed updates where updates are turned on; "" says none [U]."""
    name = "default_allowed_updates"
    turned_on = update.get("enabled") and name not in update
    if turned_on and not features["subscription_update"][name]:
        param = f"{_UPDATE}[{name}]"
        raise StripeError(
            400,
            f"Missing required param: {param}.",
            param=param,
            code="parameter_missing",
            source="that it is required is documented, the error is not",
        )


def _check_products(call: Call, products: list[Json]) -> None:
    for place, each in enumerate(products):
        path = f"{_UPDATE}[products][{place}]"
        reference(call, "product", each["product"], f"{path}[product]")
        found = list(_prices(call, each, path))
        intervals = [interval(price["recurring"]) for price in found]
        if len(set(intervals)) < len(intervals):
            raise StripeError(
                400,
                "For each product, its price must have unique billing intervals.",
                param=f"{path}[prices]",
                evidence=Evidence.OBSERVED,
                source="five projects, September and October 2026",
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
    """Refuse as Stripe is known to do, in words that are ours [U]."""
    return StripeError(400, message, param=param)
