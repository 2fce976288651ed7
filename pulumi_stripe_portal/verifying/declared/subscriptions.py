"""Subscriptions: what is refused, and what changes with what."""

from __future__ import annotations

from typing import Any

from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.verifying.probe import Probe, Rule

from .customers import SUBSCRIPTIONS, subscribe

__all__ = ["MAIN", "PROBES"]

MAIN = f"{SUBSCRIPTIONS}/{{subscription}}"
"""The subscription that most of them change."""


def _refusal(name: str, words: str, **params: Any) -> Probe:
    """Return a change of the subscription that the sandbox refuses."""
    return Probe(name, "POST", MAIN, params, Rule(words))


def _unmade(
    name: str, words: str, evidence: Evidence = Evidence.OURS, **params: Any
) -> Probe:
    """Return a subscription that the sandbox doesn't make."""
    items = {"items": [{"price": "{monthly}"}]}
    return Probe(
        name,
        "POST",
        SUBSCRIPTIONS,
        {"customer": "{customer}", **items, **params},
        Rule(words, evidence),
    )


PROBES = (
    _unmade(
        "a subscription with two ends of its trial",
        "«You may only specify one of these parameters: trial_end, trial_period_days.»",
        trial_end="{soon}",
        trial_period_days=7,
    ),
    _unmade(
        "a trial that has ended",
        "«The trial end must be in the future.»",
        trial_end="{past}",
    ),
    _unmade(
        "a trial of 731 days",
        "«This value must be less than or equal to {most}.»",
        trial_period_days=731,
    ),
    _unmade(
        "a subscription with two intervals",
        "Several intervals are refused in flexible billing mode too.",
        items=[{"price": "{monthly}"}, {"price": "{annual}"}],
    ),
    _unmade(
        "a coupon that is used up",
        "«This {noun} is expired or cannot be redeemed: '{id_}'.»",
        discounts=[{"coupon": "{spent_coupon}"}],
    ),
    _unmade(
        "a promotion code that is off",
        "«This {noun} is expired or cannot be redeemed: '{id_}'.»",
        discounts=[{"promotion_code": "{code}"}],
    ),
    _unmade(
        "a subscription to an inactive price",
        "«The price specified is inactive. This field only accepts active prices.»",
        Evidence.REPORTED,
        items=[{"price": "{inactive}"}],
    ),
    _unmade(
        "a subscription to what is paid once",
        "«The price specified is set to `type=one_time` but this field only "
        "accepts prices with `type=recurring`.»",
        Evidence.REPORTED,
        items=[{"price": "{once}"}],
    ),
    _refusal(
        "two ends of a subscription",
        "«You may only specify one of these parameters: cancel_at, "
        "cancel_at_period_end.»",
        cancel_at="{soon}",
        cancel_at_period_end=True,
    ),
    _refusal(
        "a proration from before the period",
        "«The proration date is not in the current period.»",
        items=[{"id": "{item}", "price": "{dearer}"}],
        proration_date="{past}",
    ),
    _refusal(
        "a quantity of ten digits",
        "A quantity has up to nine digits.",
        items=[{"id": "{item}", "quantity": 1_000_000_000}],
    ),
    _refusal(
        "no item left",
        "«A subscription must have at least one active item.»",
        items=[{"id": "{item}", "deleted": True}],
    ),
    Probe(
        "a pause of a subscription that has ended",
        "POST",
        f"{SUBSCRIPTIONS}/{{ended}}/pause",
        {"type": "subscription"},
        Rule("«A subscription with the status {status} cannot be paused.»"),
    ),
    Probe(
        "a change of a subscription that has ended",
        "POST",
        f"{SUBSCRIPTIONS}/{{ended}}",
        {"items": [{"price": "{dearer}"}]},
        Rule(
            "«A canceled subscription can only update its cancellation_details and "
            "metadata.»",
            Evidence.REPORTED,
        ),
    ),
    Probe(
        "a resumption of what isn't paused",
        "POST",
        f"{MAIN}/resume",
        {},
        Rule("«You cannot resume a subscription that is not paused.»"),
    ),
    subscribe(
        "unpaid",
        "monthly",
        customer="stranger",
        payment_behavior="default_incomplete",
        keep={"invoice": "latest_invoice"},
    ),
    Probe("an invoice that is void", "POST", "/v1/invoices/{invoice}/void"),
    Probe(
        "the payment of a void invoice",
        "POST",
        "/v1/invoices/{invoice}/pay",
        {},
        Rule("«This invoice is {status} and can no longer be paid.»"),
    ),
    subscribe(
        "discounted",
        "monthly",
        discounts=[{"coupon": "{coupon}"}],
        keep={
            "discounted_item": "items.data.0.id",
            "discounted_start": "items.data.0.current_period_start",
        },
    ),
    Probe(
        "the credit for a period that a coupon made cheaper",
        "POST",
        "/v1/invoices/create_preview",
        {
            "subscription": "{discounted}",
            "subscription_details": {
                "items": [{"id": "{discounted_item}", "price": "{dearer}"}],
                "proration_behavior": "always_invoice",
                "proration_date": "{discounted_start}",
            },
        },
    ),
    subscribe("extended", "monthly", customer="guest"),
    Probe(
        "a trial that begins in a paid period",
        "POST",
        f"{SUBSCRIPTIONS}/{{extended}}",
        {"trial_end": "{soon}"},
    ),
    Probe(
        "what is credited where a trial begins in a paid period",
        "GET",
        "/v1/invoiceitems",
        {"customer": "{guest}"},
        Rule("Nothing is credited where a trial begins in a paid period."),
    ),
    Probe(
        "an end at the end of the period",
        "POST",
        MAIN,
        {"cancel_at_period_end": True},
        Rule("A planned end sets `canceled_at`."),
    ),
    _refusal(
        "an end that has passed",
        "«The cancel_at timestamp must be in the future.»",
        cancel_at="{past}",
    ),
)
