"""Requests that break a rule between fields: features, message, param."""

from __future__ import annotations

from typing import Any

import pytest

__all__ = ["OBSERVED", "OURS", "REPORTED", "SPECIFIED"]

UPDATE = "features[subscription_update]"
CANCEL = "features[subscription_cancel]"
PAUSE = "features[subscription_pause][duration][interval_options]"
PRODUCTS = f"{UPDATE}[products]"


def switching(*products: Any, **changes: Any) -> dict[str, Any]:
    """Features with subscription updates on, for *products*, with *changes*."""
    update = {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": list(products),
        **changes,
    }
    update = {name: value for name, value in update.items() if value is not None}
    return {"payment_method_update": {"enabled": True}, "subscription_update": update}


def cancelling(**changes: Any) -> dict[str, Any]:
    """Features with cancellation on."""
    return {"subscription_cancel": {"enabled": True, **changes}}


def pausing(**duration: Any) -> dict[str, Any]:
    """Features with pauses on."""
    return {"subscription_pause": {"enabled": True, "duration": duration}}


BASIC = {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}

OBSERVED = [
    pytest.param(
        switching(products=None),
        f"Missing required param: {PRODUCTS}",
        PRODUCTS,
        id="no-products",
    ),
    pytest.param(
        {**switching(BASIC), "payment_method_update": {"enabled": False}},
        "Cannot enable subscription updates while payment method update is disabled.",
        None,
        id="payment-method-update-off",
    ),
    pytest.param(
        {"subscription_update": switching(BASIC)["subscription_update"]},
        "Cannot enable subscription updates while payment method update is disabled.",
        None,
        id="payment-method-update-not-named",
    ),
    pytest.param(
        switching(
            {
                "product": "prod_BasicTest",
                "prices": ["price_BasicMonthlyTest", "price_Other"],
            }
        ),
        "For each product, its price must have unique billing intervals.",
        f"{PRODUCTS}[0][prices]",
        id="same-interval",
    ),
    pytest.param(
        switching(*[BASIC] * 11),
        f"Array {PRODUCTS} exceeded maximum 10 allowed elements.",
        PRODUCTS,
        id="eleven-products",
    ),
]

REPORTED = [
    pytest.param(
        switching({"product": "prod_gone", "prices": ["price_BasicMonthlyTest"]}),
        "No such product: 'prod_gone'",
        f"{PRODUCTS}[0][product]",
        id="unknown-product",
    ),
    pytest.param(
        switching({"product": "prod_BasicTest", "prices": ["price_gone"]}),
        "No such price: 'price_gone'",
        f"{PRODUCTS}[0][prices][0]",
        id="unknown-price",
    ),
    pytest.param(
        switching({"product": "prod_BasicTest", "prices": ["price_BasicMonthlyLive"]}),
        "No such price: 'price_BasicMonthlyLive'; a similar object exists in live "
        "mode, but a test mode key was used to make this request.",
        f"{PRODUCTS}[0][prices][0]",
        id="live-price",
    ),
]

OURS = [
    pytest.param(
        switching(BASIC, default_allowed_updates=None),
        f"Missing required param: {UPDATE}[default_allowed_updates].",
        f"{UPDATE}[default_allowed_updates]",
        id="no-allowed-updates",
    ),
    pytest.param(
        switching({"product": "prod_ProTest", "prices": ["price_BasicMonthlyTest"]}),
        "The price price_BasicMonthlyTest does not belong to the product prod_ProTest.",
        f"{PRODUCTS}[0][prices][0]",
        id="price-of-another-product",
    ),
    pytest.param(
        switching({"product": "prod_BasicTest", "prices": ["price_Once"]}),
        "The price price_Once is not recurring.",
        f"{PRODUCTS}[0][prices][0]",
        id="one-time-price",
    ),
    pytest.param(
        switching({"product": "prod_BasicTest", "prices": ["price_Retired"]}),
        "The price price_Retired is not active.",
        f"{PRODUCTS}[0][prices][0]",
        id="inactive-price",
    ),
    pytest.param(
        switching(BASIC, BASIC),
        "The product prod_BasicTest is listed 2 times.",
        PRODUCTS,
        id="product-twice",
    ),
    pytest.param(
        switching(
            {
                **BASIC,
                "adjustable_quantity": {"enabled": True, "minimum": 5, "maximum": 4},
            }
        ),
        "The maximum is less than the minimum.",
        f"{PRODUCTS}[0][adjustable_quantity][maximum]",
        id="quantity-range",
    ),
    pytest.param(
        cancelling(mode="immediately", proration_behavior="always_invoice"),
        "Subscription cancellation does not support proration_behavior always_invoice.",
        f"{CANCEL}[proration_behavior]",
        id="cancel-always-invoice",
    ),
    pytest.param(
        cancelling(proration_behavior="create_prorations"),
        "proration_behavior create_prorations is only compatible with "
        "mode=immediately.",
        f"{CANCEL}[proration_behavior]",
        id="prorations-at-period-end",
    ),
    pytest.param(
        pausing(
            type="interval_options",
            interval_options=[{"interval": "month", "interval_count": 37}],
        ),
        "The maximum pause duration is three years.",
        PAUSE,
        id="pause-too-long",
    ),
]

SPECIFIED = [
    pytest.param(
        pausing(type="interval_options", interval_options=""),
        f"Missing required param: {PAUSE}.",
        PAUSE,
        id="pause-without-options",
    ),
]
