"""The program reads as a person would have written it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pulumi_stripe_portal.importing import Existing, PriceNames, program
from pulumi_stripe_portal.sandbox import Sandbox

from .accounts import fill
from .ruff import assert_clean

Values = dict[str, Any]

PROFILE = {"headline": "Manage your plan", "privacy_policy_url": None}
DEFAULT: Values = {
    "id": "bpc_1Default",
    "object": "billing_portal.configuration",
    "is_default": True,
    "active": True,
    "created": 1,
    "business_profile": PROFILE,
    "features": {"invoice_history": {"enabled": True}},
}
PLANS: Values = {
    **DEFAULT,
    "id": "bpc_1Plans",
    "is_default": False,
    "created": 2,
    "name": "Pro plans",
    "metadata": {"team": "billing"},
    "features": {
        "customer_update": {"enabled": True, "allowed_updates": ["email", "name"]},
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {"enabled": False, "mode": "immediately"},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {
                    "product": "prod_1",
                    "prices": ["price_1", "price_2"],
                    "adjustable_quantity": {
                        "enabled": False,
                        "minimum": 1,
                        "maximum": None,
                    },
                }
            ],
            "proration_behavior": "create_prorations",
        },
    },
}
ENDPOINT: Values = {
    "id": "we_1",
    "object": "webhook_endpoint",
    "created": 1,
    "url": "https://shop.example.com/webhooks/stripe",
    "enabled_events": ["customer.updated", "invoice.paid"],
    "status": "enabled",
    "description": "",
}
KEYS = {"price_1": "pro_monthly", "price_2": "pro_annual"}
EXPECTED = '''\
"""Stripe's customer portal as code, made by `stripe-portal import`.

Adopts what exists at Stripe in test mode, account acct_1. Once `pulumi up` has done so,
the lines with `import_` can go.
"""

import pulumi
from pulumi_stripe_portal import (
    DefaultPortalConfiguration,
    PortalConfiguration,
    WebhookEndpoint,
)
from pulumi_stripe_portal.inputs import BusinessProfile

# Stripe tells an endpoint's secret only when it is made. Give the stack the ones that
# you have, and they are the outputs `secret` here:
#   pulumi config set --secret webhooksStripeSecret
config = pulumi.Config()

profile: BusinessProfile = {"headline": "Manage your plan"}

default = DefaultPortalConfiguration(
    "default",
    business_profile=profile,
    features={"invoice_history": {"enabled": True}},
    opts=pulumi.ResourceOptions(import_="bpc_1Default"),
)

pro_plans = PortalConfiguration(
    "pro-plans",
    name="Pro plans",
    business_profile=profile,
    metadata={"team": "billing"},
    features={
        "customer_update": {"enabled": True, "allowed_updates": ["email", "name"]},
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {
                    "prices": [
                        {"lookup_key": "pro_monthly"},
                        {"lookup_key": "pro_annual"},
                    ],
                    "adjustable_quantity": {"enabled": False},
                },
            ],
            "proration_behavior": "create_prorations",
        },
    },
    opts=pulumi.ResourceOptions(import_="bpc_1Plans"),
)

webhooks_stripe = WebhookEndpoint(
    "webhooks-stripe",
    url="https://shop.example.com/webhooks/stripe",
    enabled_events=["customer.updated", "invoice.paid"],
    secret=config.get_secret("webhooksStripeSecret"),
    opts=pulumi.ResourceOptions(import_="we_1"),
)

pulumi.export("default", default.id)
pulumi.export("pro-plans", pro_plans.id)
'''


def text_of(*found: Values) -> str:
    """Return the program of some objects."""
    origin = "Stripe in test mode, account acct_1"
    return program([Existing(each) for each in found], PriceNames(KEYS), origin).text


def test_a_whole_program() -> None:
    """Default first, what is shared once, only what differs from Stripe's defaults."""
    assert text_of(ENDPOINT, PLANS, DEFAULT) == EXPECTED


def test_an_endpoint_alone() -> None:
    """Nothing is imported that is not used."""
    text = text_of({**ENDPOINT, "enabled_events": ["*"]})

    assert "import WebhookEndpoint\n" in text
    assert "profile" not in text
    assert "export" not in text


def test_the_same_objects_make_the_same_program() -> None:
    """The order in which Stripe lists them doesn't matter."""
    assert text_of(DEFAULT, PLANS, ENDPOINT) == text_of(ENDPOINT, PLANS, DEFAULT)


def test_something_newer_changes_no_name() -> None:
    """What is older keeps its name; the newer one of the same name gives way."""
    newer = {**PLANS, "id": "bpc_1Newer", "created": 3, "business_profile": None}

    text = text_of(DEFAULT, newer, PLANS)

    assert text.index('"pro-plans",') < text.index("bpc_1Plans")
    assert text.index("bpc_1Plans") < text.index('"portal",')


def test_names_from_elsewhere_are_kept() -> None:
    """What another tool calls it comes before what Stripe does."""
    existing = [Existing(PLANS, ["Portal_Main"]), Existing(DEFAULT, ["portal-main"])]

    made = program(existing, PriceNames())

    assert [each.name.resource for each in made.resources] == [
        "portal-main",
        "Portal_Main-lans",
    ]


@pytest.mark.parametrize(
    ("found", "failure"),
    [
        pytest.param(
            {**ENDPOINT, "enabled_events": ["From the future"]},
            "enabled_events[0]: 'From the future' is not allowed",
            id="no-event",
        ),
        pytest.param(
            {**PLANS, "metadata": {f"key{n}": "x" for n in range(50)}},
            "metadata: has 50 keys",
            id="full-metadata",
        ),
    ],
)
def test_what_a_preview_would_refuse_is_told(found: Values, failure: str) -> None:
    """Stripe may hold what this package doesn't take."""
    made = program([Existing(found)], PriceNames(KEYS))

    (text,) = made.resources[0].failures()

    assert text.startswith(failure)


def test_an_event_newer_than_us_is_no_failure() -> None:
    """It is declared as it is found; the preview passes, with a warning."""
    found = {**ENDPOINT, "enabled_events": ["from.the_future"]}

    assert program([Existing(found)], PriceNames(KEYS)).resources[0].failures() == []


def test_programs_pass_ruff(stripe_sandbox: Sandbox, tmp_path: Path) -> None:
    """Of an account with everything in it: formatted, and nothing to complain about."""
    client = stripe_sandbox.client()
    fill(client)
    expand = ["data.features.subscription_update.products"]
    configurations = client.v1.billing_portal.configurations
    pages = (
        configurations.list({"limit": 100, "expand": expand}),
        client.v1.webhook_endpoints.list(),
    )
    found = [each for page in pages for each in page.to_dict()["data"]]
    path = tmp_path / "__main__.py"
    path.write_text(program([Existing(each) for each in found], PriceNames()).text)

    assert_clean(path)
