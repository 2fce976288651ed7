"""Answers against the object types of the installed `stripe` package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
import stripe
from stripe import billing, billing_portal

from tests.sandbox.payloads import EXPAND, SWITCHING


def typed(cls: type[stripe.StripeObject]) -> dict[str, Any]:
    """Return the fields that *cls* types, each with its nested fields if it has any."""
    nested = cast("dict[str, type]", getattr(cls, "_inner_class_types", {}))
    nested = {k: v for k, v in nested.items() if k != "currency_options"}  # a map
    return {
        name: typed(nested[name]) if name in nested else None
        for name in cls.__annotations__
        if name not in ("OBJECT_NAME", "_inner_class_types", "deleted")
    }


def compare(answer: Any, fields: dict[str, Any], path: str = "") -> Iterator[str]:
    """Name what is in only one of an answer and the types."""
    if isinstance(answer, list):
        for each in answer:
            yield from compare(each, fields, path)
    elif isinstance(answer, dict):
        yield from (f"{path}{name}" for name in answer.keys() ^ fields.keys())
        for name in answer.keys() & fields.keys():
            if fields[name] is not None:
                yield from compare(answer[name], fields[name], f"{path}{name}.")


@pytest.fixture
def answers(client: stripe.StripeClient) -> dict[type[stripe.StripeObject], Any]:
    """Make one object of each type, with everything expanded that is left out."""
    method = client.v1.payment_method_configurations.list().data[0]
    return {
        billing.FeedbackOption: client.v1.billing.feedback_options.create(
            {"description": "Too fast"}
        ),
        billing_portal.Configuration: client.v1.billing_portal.configurations.create(
            {**SWITCHING, "expand": EXPAND}
        ),
        stripe.Event: client.v1.events.list().data[0],
        stripe.PaymentMethodConfiguration: method,
        stripe.Price: client.v1.prices.retrieve(
            "price_ProMonthlyTest", {"expand": ["currency_options", "tiers"]}
        ),
        stripe.Product: client.v1.products.retrieve("prod_ProTest"),
        stripe.WebhookEndpoint: client.v1.webhook_endpoints.create(
            {"url": "https://acme.example/hook", "enabled_events": ["*"]}
        ),
    }


LEFT_OUT = {
    # Connect events carry the first two, events of an update the third [S].
    stripe.Event: {"account", "context", "data.previous_attributes"},
}


def test_every_field_is_answered(
    answers: dict[type[stripe.StripeObject], Any],
) -> None:
    """An object has exactly the fields that the SDK types, on every level."""
    differences = {
        cls: set(compare(answer.to_dict(), typed(cls)))
        for cls, answer in answers.items()
        if cls is not stripe.PaymentMethodConfiguration
    }

    assert {cls: each for cls, each in differences.items() if each} == LEFT_OUT


def test_payment_method_configuration(
    answers: dict[type[stripe.StripeObject], Any],
) -> None:
    """The default payment method configuration has no method that the SDK lacks."""
    answer = answers[stripe.PaymentMethodConfiguration].to_dict()

    assert answer.keys() <= typed(stripe.PaymentMethodConfiguration).keys()
    assert answer["is_default"]
