"""Portal configurations: the rules between their fields, and what Stripe fills in.

One configuration is changed again and again, as none can be deleted.
"""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.verifying.probe import Probe, Rule

__all__ = ["CONFIGURATIONS", "PROBES", "offer", "plans"]

CONFIGURATIONS = "/v1/billing_portal/configurations"
"""Where they are made."""
_SHUT = f"{CONFIGURATIONS}/{{shut}}"


def offer(
    *prices: str, product: str = "product", quantity: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a product with its prices, as a configuration lists it.

    Args:
        prices: What the prices were kept as.
        product: What the product was kept as.
        quantity: Its `adjustable_quantity`, where that is sent.
    """
    listed = {
        "product": f"{{{product}}}",
        "prices": [f"{{{price}}}" for price in prices],
    }
    return listed | ({"adjustable_quantity": quantity} if quantity else {})


def plans(*offers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the features of a configuration that lets customers change plans."""
    update = {
        "enabled": True,
        "default_allowed_updates": ["price", "quantity"],
        "products": list(offers),
        **more,
    }
    return {
        "payment_method_update": {"enabled": True},
        "subscription_update": update,
    }


def _change(
    name: str,
    words: str,
    features: dict[str, Any],
    evidence: Evidence = Evidence.OURS,
    **params: Any,
) -> Probe:
    rule = Rule(words, evidence)
    return Probe(name, "POST", _SHUT, {"features": features, **params}, rule)


def _login_page(name: str, *, enabled: bool, **more: Any) -> Probe:
    params = {"login_page": {"enabled": enabled}}
    return Probe(name, "POST", _SHUT, params, **more)


PROBES = (
    _change(
        "updates without products",
        "«Missing required param: features[subscription_update][products]»",
        {
            "payment_method_update": {"enabled": True},
            "subscription_update": {
                "enabled": True,
                "default_allowed_updates": ["price"],
            },
        },
        Evidence.OBSERVED,
    ),
    _change(
        "updates without an update of the payment method",
        "«Cannot enable subscription updates while payment method update is disabled.»",
        {**plans(offer("monthly")), "payment_method_update": {"enabled": False}},
        Evidence.OBSERVED,
    ),
    _change(
        "two prices of one interval",
        "«For each product, its price must have unique billing intervals.»",
        plans(offer("monthly", "dearer")),
        Evidence.OBSERVED,
    ),
    _change(
        "a headline of 61 characters",
        "«Invalid string: {value}; must be at most {length} characters»",
        {},
        Evidence.OBSERVED,
        business_profile={"headline": "x" * 61},
    ),
    _change(
        "an unknown parameter",
        "«Received unknown parameter{plural}: {paths}»",
        {},
        Evidence.OBSERVED,
        is_default=True,
    ),
    _change(
        "immediate invoices on cancellation",
        "«Subscription cancellation does not support proration_behavior "
        "always_invoice.»",
        {
            "subscription_cancel": {
                "enabled": True,
                "mode": "immediately",
                "proration_behavior": "always_invoice",
            }
        },
    ),
    _change(
        "credit for a cancellation at the end of the period",
        "«proration_behavior create_prorations is only compatible with "
        "mode=immediately.»",
        {
            "subscription_cancel": {
                "enabled": True,
                "mode": "at_period_end",
                "proration_behavior": "create_prorations",
            }
        },
    ),
    _change(
        "a pause of four years",
        "«The maximum pause duration is three years.»",
        {
            "subscription_pause": {
                "enabled": True,
                "duration": {
                    "type": "interval_options",
                    "interval_options": [{"interval": "year", "interval_count": 4}],
                },
            }
        },
    ),
    _change(
        "updates without a list of what can be updated",
        "«Missing required param: {param}.»",
        {
            "payment_method_update": {"enabled": True},
            "subscription_update": {"enabled": True, "products": [offer("monthly")]},
        },
    ),
    _change(
        "a product listed twice",
        "«The product {product} is listed {times} times.»",
        plans(offer("monthly"), offer("annual")),
    ),
    _change(
        "a price of another product",
        "«The price {id_} does not belong to the product {product}.»",
        plans(offer("fixed_monthly")),
    ),
    _change(
        "a price that is paid once",
        "«The price {id_} is not recurring.»",
        plans(offer("once")),
    ),
    _change(
        "an inactive price",
        "«The price {id_} is not active.»",
        plans(offer("inactive")),
    ),
    _change(
        "a maximum below the minimum",
        "«The maximum is less than the minimum.»",
        plans(offer("monthly", quantity={"enabled": True, "minimum": 5, "maximum": 2})),
    ),
    _change(
        "a maximum of 1,000,000",
        "Customers can choose up to 999,999.",
        plans(offer("monthly", quantity={"enabled": True, "maximum": 1_000_000})),
    ),
    _change(
        "a payment method configuration that there is not",
        "Whether payment method configurations and feedback options exist is not "
        "checked.",
        {
            "payment_method_update": {
                "enabled": True,
                "payment_method_configuration": "pmc_1SandboxVerifyNone000000",
            }
        },
    ),
    _change(
        "a feedback option that there is not",
        "Whether payment method configurations and feedback options exist is not "
        "checked.",
        {
            "subscription_cancel": {
                "enabled": True,
                "cancellation_reason": {
                    "enabled": True,
                    "options": ["other"],
                    "feedback_options": ["fbo_1SandboxVerifyNone000000"],
                },
            }
        },
    ),
    _change(
        "a pause without an end",
        "An indefinite pause has no options to choose from.",
        {"subscription_pause": {"enabled": True, "duration": {"type": "indefinite"}}},
    ),
    _change(
        "a product without an adjustable quantity",
        "A product without `adjustable_quantity` has it enabled.",
        plans(offer("monthly")),
        expand=["features.subscription_update.products"],
    ),
    _change(
        "an empty list of what can be updated",
        "An empty `default_allowed_updates` says that there are none.",
        plans(offer("monthly"), default_allowed_updates=""),
    ),
    _login_page("a login page", enabled=True, keep={"login": "login_page.url"}),
    _login_page("a login page that is turned off", enabled=False),
    _login_page(
        "a login page that is turned on again",
        enabled=True,
        rule=Rule("Enabling it again makes another one."),
    ),
    Probe("a configuration that is deactivated", "POST", _SHUT, {"active": False}),
    Probe(
        "a session of a deactivated configuration",
        "POST",
        "/v1/billing_portal/sessions",
        {
            "customer": "{customer}",
            "configuration": "{shut}",
            "return_url": "https://example.com/account",
        },
        Rule("«The configuration `{id_}` is inactive and cannot be used.»"),
    ),
)
