"""`stripe-portal doctor --stack` looks at what a real stack has set and recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from stripe import StripeClient

from .stack import Run, Stack

PROGRAM = """
DefaultPortalConfiguration("standard", features={})
PortalConfiguration(
    "plans",
    features={
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
        },
    },
)
WebhookEndpoint(
    "events", url="https://shop.example.com/hooks", enabled_events=["invoice.paid"]
)
WebhookEndpoint(
    "paused",
    url="https://shop.example.com/paused",
    enabled_events=["invoice.paid"],
    disabled=True,
)
"""


@pytest.fixture
def stack(stack: Stack) -> Stack:
    """A stack with its own key, deployed."""
    stack.config("stripe-portal:apiKey", stack.sandbox.api_key, secret=True)
    stack.environ["STRIPE_API_KEY"] = ""
    stack.up(PROGRAM)
    stack.sandbox.clear_requests()
    return stack


def doctor(stack: Stack) -> Run:
    """Run the command."""
    return stack.portal("doctor", "--stack", stack.name, "--json", check=False)


def todo(run: Run) -> list[dict[str, Any]]:
    """Return the findings that say that something is to be done."""
    answer = json.loads(run.stdout)
    assert run.code == (0 if answer["ok"] else 1)
    return [each for each in answer["findings"] if not each["ok"]]


def test_all_is_well(stack: Stack) -> None:
    """Nothing is to be done right after an `up`, and nothing is written.

    The plugin, which the stack chooses now, answers the real CLI.
    """
    stack.use_plugin()

    run = doctor(stack)

    assert todo(run) == []
    assert "is where Pulumi.yaml says" in run.stdout
    assert stack.sandbox.count("POST") == stack.sandbox.count("DELETE") == 0
    assert stack.sandbox.api_key not in run.text
    answer = json.loads(run.stdout)
    assert {each["topic"] for each in answer["findings"][-4:]} == {
        "DefaultPortalConfiguration 'standard'",
        "PortalConfiguration 'plans'",
        "WebhookEndpoint 'events'",
        "WebhookEndpoint 'paused'",
    }


def test_settings(stack: Stack) -> None:
    """A misspelled setting, a key in clear, a value that can't be."""
    stack.pulumi("config", "set", "stripe-portal:preflght", "false")
    stack.pulumi("config", "set", "--plaintext", "stripe-portal:apiKey", "sk_test_1")
    stack.config("stripe-portal:mode", "production")

    run = doctor(stack)

    texts = [f"{each['text']}; {each['todo']}" for each in todo(run)]
    assert len(texts) == 3
    assert "apiKey is stored in clear" in texts[0]
    assert "did you mean stripe-portal:preflight?" in texts[1]
    assert "use 'test' or 'live'" in texts[2]
    assert "sk_test_1" not in run.text


def test_what_changed_at_stripe(stack: Stack, dashboard: StripeClient) -> None:
    """Archived prices, disabled endpoints, deactivated configurations."""
    dashboard.v1.prices.update("price_ProMonthlyTest", {"active": False})
    events = stack.resource("events")["id"]
    dashboard.v1.webhook_endpoints.update(events, {"disabled": True})
    dashboard.v1.webhook_endpoints.delete(stack.resource("paused")["id"])
    default = stack.resource("standard")["id"]

    found = {each["topic"]: each["text"] for each in todo(doctor(stack))}

    assert found.keys() == {
        "PortalConfiguration 'plans'",
        "WebhookEndpoint 'events'",
        "WebhookEndpoint 'paused'",
    }
    assert "'pro_monthly' is archived" in found["PortalConfiguration 'plans'"]
    assert "disabled at Stripe" in found["WebhookEndpoint 'events'"]
    assert "is gone at Stripe" in found["WebhookEndpoint 'paused'"]
    assert dashboard.v1.billing_portal.configurations.retrieve(default).active


def test_markers(stack: Stack, dashboard: StripeClient) -> None:
    """One that somebody cleared, one of another stack's; the others are right."""
    plans, events = (stack.resource(name)["id"] for name in ("plans", "events"))
    configurations, endpoints = (
        dashboard.v1.billing_portal.configurations,
        dashboard.v1.webhook_endpoints,
    )
    configurations.update(plans, {"metadata": {"pulumi": ""}})
    other = "shop/live/WebhookEndpoint/events#0123456789ab"
    endpoints.update(events, {"metadata": {"pulumi": other}})

    found = {each["topic"]: each for each in todo(doctor(stack))}

    assert found.keys() == {"PortalConfiguration 'plans'", "WebhookEndpoint 'events'"}
    assert "has lost the marker" in found["PortalConfiguration 'plans'"]["text"]
    assert "of shop/live" in found["WebhookEndpoint 'events'"]["text"]
    todo_ = found["WebhookEndpoint 'events'"]["todo"]
    assert f"`stripe-portal release {events}`" in todo_


def test_what_cannot_be_seen(stack: Stack) -> None:
    """Is not called fine: for lack of a permission, or behind another key."""
    key = stack.sandbox.restricted_key(
        permissions=["rak_customer_portal_write", "rak_webhook_write"]
    )
    stack.config("stripe-portal:apiKey", key, secret=True)
    stack.up(
        f"""{PROGRAM}
elsewhere = Provider("elsewhere", api_key="{stack.sandbox.live_api_key}", mode="live")
WebhookEndpoint(
    "live-events",
    url="https://shop.example.com/hooks",
    enabled_events=["invoice.paid"],
    opts=ResourceOptions(provider=elsewhere),
)
"""
    )

    run = doctor(stack)

    texts = {each["topic"]: each["text"] for each in json.loads(run.stdout)["findings"]}
    assert "not all of it can be seen" in texts["PortalConfiguration 'plans'"]
    assert "as the stack needs it" in texts["WebhookEndpoint 'events'"]
    assert "not seen: live-events" in texts["resources"]
    assert "rak_plan_read" in str(todo(run))
    assert key not in run.text


def test_another_mode(stack: Stack) -> None:
    """What was recorded in test mode is not to be touched with a live key."""
    stack.config("stripe-portal:mode", "live")
    stack.config("stripe-portal:apiKey", stack.sandbox.live_api_key, secret=True)

    found = {each["topic"]: each["todo"] for each in todo(doctor(stack))}

    assert (
        "pulumi config set stripe-portal:mode test"
        in (found["PortalConfiguration 'plans'"])
    )
