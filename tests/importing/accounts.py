"""A Stripe account that somebody filled without us: 30 configurations, 5 endpoints.

The requests are written in Stripe's own words, so that nothing of the importer's is
used to make what it is tried on.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from stripe import StripeClient

__all__ = ["configurations", "fill"]

Values = dict[str, Any]
Draw = random.Random

_REASONS = ["too_expensive", "missing_features", "unused", "low_quality", "other"]
_TEXTS = [
    "Basic and Pro",
    'For "friends" of ours',
    "Premium (EU): Größe L",
    "プレミアム会員さまの定期購入はこちらから管理していただけます",
    "C:\\new\tcolumn",
    'it\'s "both" and a back\\slash',
]
_LONG = "A sentence that goes on and on, for the reader to see where it is broken. " * 6


def fill(client: StripeClient, count: int = 30) -> list[Values]:
    """Fill an account; return the requests that made its configurations."""
    made = client.v1.billing.feedback_options.create({"description": "Too slow"})
    methods = client.v1.payment_method_configurations.list().data
    requests = list(configurations(made.id, methods[0].id, count))
    for request in requests:
        active = request.pop("active", True)
        new = client.v1.billing_portal.configurations.create(request)  # type: ignore[arg-type]
        if not active:
            client.v1.billing_portal.configurations.update(new.id, {"active": False})
    for number, more in enumerate(_ENDPOINTS):
        url = f"https://shop.example.com/webhooks/{number}?token={number}"
        new_one = client.v1.webhook_endpoints.create(
            {"url": url, "enabled_events": ["invoice.paid"], **more}  # type: ignore[typeddict-item]
        )
        if number == 1:
            client.v1.webhook_endpoints.update(new_one.id, {"disabled": True})
    return requests


_ENDPOINTS: list[Values] = [
    {"description": "Keeps plans up to date", "metadata": {"team": "billing"}},
    {"enabled_events": ["*"]},
    {"api_version": "2025-03-31.basil", "description": _LONG},
    {"connect": True, "enabled_events": ["customer.updated", "account.updated"]},
    {
        "enabled_events": [
            "customer.subscription.resumed",
            "customer.subscription.created",
            "customer.subscription.updated",
            "customer.subscription.deleted",
            "customer.subscription.paused",
        ]
    },
]


def configurations(feedback: str, method: str, count: int) -> Iterator[Values]:
    """Yield requests; the first one makes the account's default."""
    draw = Draw(7)
    features = _features(feedback, method)
    for number in range(count):
        chosen = {
            name: value
            for name, make in features.items()
            if (value := make(draw)) is not None
        }
        update = chosen.get("subscription_update") or {}
        if update.get("enabled"):
            chosen.setdefault("payment_method_update", {})["enabled"] = True
        if not chosen:
            chosen = {"invoice_history": {"enabled": False}}
        request: Values = {"features": chosen, **_around(draw, number)}
        if number and draw.random() < 0.1:
            request["active"] = False
        yield request


def _around(draw: Draw, number: int) -> Values:
    """Return what stands around the features."""
    around: Values = {}
    if draw.random() < 0.7:
        around["name"] = draw.choice([*_TEXTS, _LONG[:256], f"Number {number}"])
    if draw.random() < 0.6:
        around["business_profile"] = _some(
            draw,
            headline=draw.choice(_TEXTS),
            privacy_policy_url="https://shop.example.com/privacy",
            terms_of_service_url="https://shop.example.com/terms",
        )
    if draw.random() < 0.5:
        around["default_return_url"] = (
            f"https://shop.example.com/account?{'x' * number}"
        )
    if draw.random() < 0.4:
        around["login_page"] = {"enabled": draw.random() < 0.5}
    if draw.random() < 0.4:
        around["metadata"] = {
            "pulumi": "shop/old/PortalConfiguration/gone",
            "note": _LONG[:400],
            "länge: 1": "x" * 200,
        }
    return around


def _some(draw: Draw, **values: Any) -> Values:
    """Return some of the values."""
    return {name: value for name, value in values.items() if draw.random() < 0.6}


def _features(feedback: str, method: str) -> dict[str, Callable[[Draw], Values | None]]:
    def switch(draw: Draw, chance: float = 0.7) -> Values | None:
        return {"enabled": draw.random() < chance} if draw.random() < 0.8 else None

    def customer_update(draw: Draw) -> Values | None:
        kinds = ["address", "email", "name", "phone", "shipping", "tax_id"]
        chosen = draw.sample(kinds, draw.randint(1, 6))
        return _with(switch(draw), allowed_updates=chosen)

    def payment_method_update(draw: Draw) -> Values | None:
        more = _some(draw, payment_method_configuration=method)
        return _with(switch(draw), **more)

    def subscription_cancel(draw: Draw) -> Values | None:
        reason = {
            "enabled": draw.random() < 0.7,
            "options": draw.sample(_REASONS, draw.randint(1, 5)),
            **_some(draw, feedback_options=[feedback]),
        }
        more = _some(draw, cancellation_reason=reason, mode="immediately")
        if more.get("mode"):
            more |= _some(draw, proration_behavior="create_prorations")
        return _with(switch(draw), **more)

    def subscription_pause(draw: Draw) -> Values | None:
        options = [
            {"interval": "month", "interval_count": 1},
            {"interval": "week", "interval_count": draw.randint(2, 9)},
            {"interval": "year"},
        ]
        durations = [
            {"type": "indefinite"},
            {
                "type": "interval_options",
                "interval_options": draw.sample(options, draw.randint(1, 3)),
            },
        ]
        return _with(switch(draw), **_some(draw, duration=draw.choice(durations)))

    def subscription_update(draw: Draw) -> Values | None:
        tiers = draw.sample(["Basic", "Pro", "Enterprise"], draw.randint(1, 3))
        conditions = ["decreasing_item_amount", "shortening_interval"]
        return _with(
            switch(draw),
            default_allowed_updates=draw.sample(
                ["price", "quantity", "promotion_code"], draw.randint(1, 3)
            ),
            products=[_product(draw, tier) for tier in tiers],
            **_some(
                draw,
                proration_behavior=draw.choice(["create_prorations", "always_invoice"]),
                billing_cycle_anchor=draw.choice(["now", "unchanged"]),
                trial_update_behavior=draw.choice(["continue_trial", "end_trial"]),
                schedule_at_period_end={
                    "conditions": [{"type": draw.choice(conditions)}]
                },
            ),
        )

    return {
        "customer_update": customer_update,
        "invoice_history": switch,
        "payment_method_update": payment_method_update,
        "subscription_cancel": subscription_cancel,
        "subscription_pause": subscription_pause,
        "subscription_update": subscription_update,
    }


def _with(feature: Values | None, **more: Any) -> Values | None:
    return feature and {**feature, **more}


def _product(draw: Draw, tier: str) -> Values:
    prices = [f"price_{tier}MonthlyTest", f"price_{tier}AnnualTest"]
    quantity = {
        "enabled": draw.random() < 0.7,
        **_some(draw, minimum=draw.randint(1, 5), maximum=draw.randint(5, 999_999)),
    }
    return {
        "product": f"prod_{tier}Test",
        "prices": draw.sample(prices, draw.randint(1, 2)),
        **_some(draw, adjustable_quantity=quantity),
    }
