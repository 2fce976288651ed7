"""Each field in turn on the real engine: set, changed, removed."""

from __future__ import annotations

from typing import Any

from stripe import StripeClient

from pulumi_stripe_portal.inputs import PortalConfigurationInputs
from pulumi_stripe_portal.schema.extras import EXTRA
from pulumi_stripe_portal.schema.tree import schema_of
from pulumi_stripe_portal.schema.values import same, value_at

from .stack import Stack

ROOT = schema_of(PortalConfigurationInputs)
# `extra_params`, which Stripe names and we do not, has tests of its own.
PATHS = {
    ".".join(path): path
    for path, leaf in ROOT.leaves()
    if not leaf.mark.ours and path != (EXTRA,)
}

UPDATES = {
    "payment_method_update": {"enabled": True},
    "subscription_update": {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": [{"prices": [{"lookup_key": "basic_monthly"}]}],
    },
}
CANCEL = {"subscription_cancel": {"enabled": True}}
CANCEL_NOW = {"subscription_cancel": {"enabled": True, "mode": "immediately"}}
PAUSE = {"subscription_pause": {"enabled": True}}
REASON = {
    "subscription_cancel": {
        "enabled": True,
        "cancellation_reason": {"enabled": True, "options": ["other"]},
    }
}
HISTORY: dict[str, Any] = {"invoice_history": {"enabled": True}}

# Field: the features around it, its first value, its second.
CASES: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "active": (HISTORY, False, True),
    "business_profile.headline": (HISTORY, "Hello", "Welcome"),
    "business_profile.privacy_policy_url": (
        HISTORY,
        "https://example.com/privacy",
        "https://example.com/privacy/2",
    ),
    "business_profile.terms_of_service_url": (
        HISTORY,
        "https://example.com/terms",
        "https://example.com/terms/2",
    ),
    "default_return_url": (HISTORY, "https://example.com/a", "https://example.com/b"),
    "login_page.enabled": (HISTORY, True, False),
    "metadata": (HISTORY, {"team": "billing", "tier": "1"}, {"team": "growth"}),
    "name": (HISTORY, "Basic", "Pro"),
    "features.customer_update.enabled": (
        {"customer_update": {"allowed_updates": ["email"]}},
        True,
        False,
    ),
    "features.customer_update.allowed_updates": (
        {"customer_update": {"enabled": True}},
        ["email", "address"],
        ["tax_id", "email"],
    ),
    "features.invoice_history.enabled": ({}, True, False),
    "features.payment_method_update.enabled": ({}, True, False),
    "features.payment_method_update.payment_method_configuration": (
        {"payment_method_update": {"enabled": True}},
        "pmc_1",
        "pmc_2",
    ),
    "features.subscription_cancel.enabled": ({}, True, False),
    "features.subscription_cancel.mode": (CANCEL, "immediately", "at_period_end"),
    "features.subscription_cancel.proration_behavior": (
        CANCEL_NOW,
        "create_prorations",
        "none",
    ),
    "features.subscription_cancel.cancellation_reason.enabled": (
        {
            "subscription_cancel": {
                "enabled": True,
                "cancellation_reason": {"options": ["unused"]},
            }
        },
        True,
        False,
    ),
    "features.subscription_cancel.cancellation_reason.options": (
        {
            "subscription_cancel": {
                "enabled": True,
                "cancellation_reason": {"enabled": False},
            }
        },
        ["unused", "other"],
        ["too_complex"],
    ),
    "features.subscription_cancel.cancellation_reason.feedback_options": (
        REASON,
        ["fbo_1"],
        ["fbo_2", "fbo_3"],
    ),
    "features.subscription_pause.enabled": ({}, True, False),
    "features.subscription_pause.duration": (
        PAUSE,
        {"type": "indefinite"},
        {
            "type": "interval_options",
            "interval_options": [
                {"interval": "month", "interval_count": 3},
                {"interval": "week"},
            ],
        },
    ),
    "features.subscription_update.enabled": (
        {
            "payment_method_update": {"enabled": True},
            "subscription_update": {
                "default_allowed_updates": ["price"],
                "products": [{"prices": [{"lookup_key": "basic_monthly"}]}],
            },
        },
        True,
        False,
    ),
    "features.subscription_update.default_allowed_updates": (
        {"subscription_update": {"enabled": False}},
        ["price", "quantity"],
        ["promotion_code"],
    ),
    "features.subscription_update.products": (
        {"subscription_update": {"enabled": False}},
        [
            {"prices": [{"lookup_key": "pro_monthly"}, {"lookup_key": "pro_annual"}]},
            {
                "product": "prod_BasicTest",
                "prices": ["price_BasicMonthlyTest"],
                "adjustable_quantity": {"enabled": True, "minimum": 2, "maximum": 9},
            },
        ],
        [
            {
                "product": "prod_BasicTest",
                "prices": ["price_BasicAnnualTest"],
                "adjustable_quantity": {"enabled": False},
            }
        ],
    ),
    "features.subscription_update.proration_behavior": (
        UPDATES,
        "always_invoice",
        "create_prorations",
    ),
    "features.subscription_update.billing_cycle_anchor": (UPDATES, "now", "unchanged"),
    "features.subscription_update.trial_update_behavior": (
        UPDATES,
        "continue_trial",
        "end_trial",
    ),
    "features.subscription_update.schedule_at_period_end.conditions": (
        UPDATES,
        [{"type": "shortening_interval"}],
        [{"type": "decreasing_item_amount"}, {"type": "shortening_interval"}],
    ),
}


def test_the_cases_are_all_fields() -> None:
    """A field that is added to the inputs is added here."""
    assert sorted(CASES) == sorted(PATHS)


def test_set_change_and_remove_each_field(
    stack: Stack, dashboard: StripeClient
) -> None:
    """After each `up` nothing differs, and Stripe holds what the code says."""
    for stage in ("without", "first", "second", "removed"):
        stack.up(_program(stage))
        stack.assert_converged()
        for field, (_features, first, second) in CASES.items():
            value = {"first": first, "second": second}.get(stage)
            held = _held(stack, dashboard, field)
            leaf = _leaf(field)
            assert same(leaf, _said(value), held), (stage, field, value, held)


def test_each_field_set_at_creation_and_removed(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Creating with a field and removing it is the same as never having had it."""
    for stage in ("first", "removed"):
        stack.up(_program(stage))
        stack.assert_converged()
    for field in CASES:
        held = _held(stack, dashboard, field)
        assert same(_leaf(field), None, held), (field, held)


def _program(stage: str) -> str:
    lines = ['DefaultPortalConfiguration("default", features={})', "ids = {}"]
    for field, (features, first, second) in CASES.items():
        kwargs: dict[str, Any] = {"features": _copy(features)}
        value = {"first": first, "second": second}.get(stage)
        if value is not None:
            _put(kwargs, PATHS[field], value)
        _complete(kwargs["features"])
        arguments = ", ".join(f"{name}={item!r}" for name, item in kwargs.items())
        lines.append(f"r = PortalConfiguration({field!r}, {arguments})")
        lines.append(f"ids[{field!r}] = r.id")
    lines.append('pulumi.export("ids", ids)')
    return "\n".join(lines)


def _complete(features: dict[str, Any]) -> None:
    """Add `enabled` where the type requires it and the case is about it."""
    for name, feature in features.items():
        if name != "subscription_pause":
            feature.setdefault("enabled", False)
        reason = feature.get("cancellation_reason")
        if reason is not None:
            reason.setdefault("enabled", False)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return value


def _put(target: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *parents, last = path
    for name in parents:
        target = target.setdefault(name, {})
    target[last] = value


def _held(stack: Stack, dashboard: StripeClient, field: str) -> Any:
    id_ = stack.resource(field)["id"]
    found = dashboard.v1.billing_portal.configurations.retrieve(
        id_, {"expand": ["features.subscription_update.products"]}
    )
    value = value_at(found.to_dict(), PATHS[field])
    if field == "metadata":
        value = {key: text for key, text in value.items() if key != "pulumi"}
    return value


def _leaf(field: str) -> Any:
    return next(leaf for path, leaf in ROOT.leaves() if path == PATHS[field])


def _said(value: Any) -> Any:
    """Say the products of a case as Stripe holds them: with ids."""
    if not isinstance(value, list) or not any("prices" in item for item in value):
        return value
    ids = {"pro_monthly": "price_ProMonthlyTest", "pro_annual": "price_ProAnnualTest"}
    return [
        {
            "product": "prod_ProTest",
            **item,
            "prices": [
                ids[price["lookup_key"]] if isinstance(price, dict) else price
                for price in item["prices"]
            ],
        }
        for item in value
    ]
