"""The rules between fields, word for word where Stripe's words are known."""

from __future__ import annotations

import json

import pytest
import stripe
from stripe.params import PriceCreateParams
from stripe.params.billing_portal import (
    ConfigurationCreateParamsFeatures,
    ConfigurationUpdateParamsFeatures,
)

from tests.sandbox.payloads import MINIMAL, SWITCHING

from .rules import OBSERVED, OURS, REPORTED, SPECIFIED


@pytest.fixture
def ids(client: stripe.StripeClient) -> dict[str, str]:
    """Make three more prices of Basic; their ids by the names in the tables."""
    terms: dict[str, PriceCreateParams] = {
        "price_Other": {"currency": "usd", "recurring": {"interval": "month"}},
        "price_Once": {"currency": "usd"},
        "price_Retired": {
            "currency": "usd",
            "recurring": {"interval": "week"},
            "active": False,
        },
    }
    return {
        name: client.v1.prices.create(
            {**each, "product": "prod_BasicTest", "unit_amount": 1000}
        ).id
        for name, each in terms.items()
    }


@pytest.mark.parametrize(
    ("features", "message", "param", "evidence"),
    [
        pytest.param(*case.values, evidence, id=f"{evidence}-{case.id}")
        for evidence, cases in (
            ("observed", OBSERVED),
            ("reported", REPORTED),
            ("specified", SPECIFIED),
            ("ours", OURS),
        )
        for case in cases
    ],
)
def test_rules(
    client: stripe.StripeClient,
    ids: dict[str, str],
    features: ConfigurationCreateParamsFeatures,
    message: str,
    param: str | None,
    evidence: str,
) -> None:
    """A broken rule is refused on create and on update, and changes nothing.

    The header `Sandbox-Evidence` says whether the words are Stripe's or ours.
    """
    configurations = client.v1.billing_portal.configurations
    text = json.dumps(features)
    for name, id_ in ids.items():
        text, message = text.replace(name, id_), message.replace(name, id_)
    broken: ConfigurationCreateParamsFeatures = json.loads(text)

    with pytest.raises(stripe.InvalidRequestError) as created:
        configurations.create({"features": broken})
    existing = configurations.create(MINIMAL)
    with pytest.raises(stripe.InvalidRequestError) as updated:
        client.raw_request(
            "post",
            f"/v1/billing_portal/configurations/{existing.id}",
            features=broken,
        )

    for refusal in (created.value, updated.value):
        assert refusal.user_message == message
        assert (refusal.http_status, refusal.param) == (400, param)
        assert (refusal.headers or {})["Sandbox-Evidence"].startswith(evidence)
    assert configurations.retrieve(existing.id).to_dict() == existing.to_dict()


def test_default_cannot_be_deactivated(client: stripe.StripeClient) -> None:
    """The account's default stays active."""
    default = client.v1.billing_portal.configurations.create(MINIMAL)

    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.billing_portal.configurations.update(default.id, {"active": False})

    assert caught.value.user_message == (
        "You cannot set `active: false` on your default PortalConfiguration."
    )


@pytest.mark.parametrize(
    "features",
    [
        pytest.param({"payment_method_update": {"enabled": False}}, id="method"),
        pytest.param({"subscription_update": {"products": ""}}, id="products"),
    ],
)
def test_rules_hold_for_the_result(
    client: stripe.StripeClient, features: ConfigurationUpdateParamsFeatures
) -> None:
    """An update that breaks a rule together with what is stored is refused."""
    created = client.v1.billing_portal.configurations.create(SWITCHING)

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.billing_portal.configurations.update(
            created.id, {"features": features}
        )


def test_products_and_switch_in_one_request(client: stripe.StripeClient) -> None:
    """Clearing the products is fine in the request that turns updates off."""
    created = client.v1.billing_portal.configurations.create(SWITCHING)

    updated = client.v1.billing_portal.configurations.update(
        created.id,
        {"features": {"subscription_update": {"products": "", "enabled": False}}},
    )

    assert not updated.features.subscription_update.enabled


def test_retired_price_does_not_block(client: stripe.StripeClient) -> None:
    """Listed prices are checked when they are sent, not on every later update [U]."""
    created = client.v1.billing_portal.configurations.create(SWITCHING)
    client.v1.prices.update("price_BasicMonthlyTest", {"active": False})

    updated = client.v1.billing_portal.configurations.update(
        created.id, {"name": "Renamed"}
    )

    assert updated.name == "Renamed"


def test_headline(client: stripe.StripeClient) -> None:
    """A headline has at most 60 characters."""
    headline = "x" * 61

    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.billing_portal.configurations.create(
            {**MINIMAL, "business_profile": {"headline": headline}}
        )

    assert caught.value.user_message == (
        f"Invalid string: {headline}; must be at most 60 characters"
    )
