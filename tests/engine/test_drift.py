"""Changes made elsewhere: seen by a refresh, reverted by `up`."""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any

import pytest
from stripe import StripeClient

from .stack import Stack

DEFAULT = 'DefaultPortalConfiguration("default", features={})\n'
PLANS = """
plans = PortalConfiguration(
    "plans",
    features={
        "customer_update": {"enabled": True, "allowed_updates": ["email", "address"]},
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {"prices": [{"lookup_key": "pro_monthly"}]},
                {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]},
            ],
        },
    },
    business_profile={"headline": "Hello"},
    metadata={"team": "billing"},
)
pulumi.export("id", plans.id)
"""
PROGRAM = DEFAULT + PLANS

SEEN: dict[str, dict[str, Any]] = {
    "headline": {"business_profile": {"headline": "Clicked"}},
    "headline cleared": {"business_profile": {"headline": ""}},
    "allowed updates": {
        "features": {"customer_update": {"allowed_updates": ["email", "phone"]}}
    },
    "a feature switched off": {"features": {"subscription_cancel": {"enabled": False}}},
    "an undeclared feature switched on": {
        "features": {"subscription_pause": {"enabled": True}}
    },
    "a product removed": {
        "features": {
            "subscription_update": {
                "products": [
                    {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}
                ]
            }
        }
    },
    "deactivated": {"active": False},
    "metadata": {"metadata": {"team": "growth"}},
}

LEFT_ALONE: dict[str, dict[str, Any]] = {
    "default_return_url": {"default_return_url": "https://example.com/clicked"},
    "name": {"name": "Clicked"},
    "other metadata": {"metadata": {"note": "by hand"}},
    "login page": {"login_page": {"enabled": True}},
    "cancel mode": {"features": {"subscription_cancel": {"mode": "immediately"}}},
}


def test_drift_shows_and_is_reverted(stack: Stack, dashboard: StripeClient) -> None:
    """What the code declares, and every feature, is put back as the code says.

    Each edit is of a configuration of its own; another one is left in peace.
    """
    edits = {name.replace(" ", "-"): edit for name, edit in SEEN.items()}
    plans = PLANS.replace('"plans"', "name").replace('"id"', "name")
    names = [*edits, "untouched"]
    stack.up(f"{DEFAULT}for name in {names}:\n{textwrap.indent(plans, '    ')}")
    for name, edit in edits.items():
        dashboard.v1.billing_portal.configurations.update(stack.output(name), edit)  # type: ignore[arg-type]

    shown = stack.preview("--refresh", "--expect-no-changes", check=False)

    assert shown.code != 0
    changed = re.findall(r"~ +\S+:PortalConfiguration +(\S+) +update", shown.stdout)
    assert sorted(changed) == sorted(edits)
    stack.up(None, "--refresh")
    stack.assert_converged()
    for name in names:
        found = dashboard.v1.billing_portal.configurations.retrieve(
            stack.output(name), {"expand": ["features.subscription_update.products"]}
        )
        assert found.business_profile.headline == "Hello"
        assert found.features.customer_update.allowed_updates == ["email", "address"]
        assert found.features.subscription_cancel.enabled is True
        assert found.features.subscription_pause.enabled is False
        assert found.features.subscription_update.products
        assert len(found.features.subscription_update.products) == 2
        assert found.active is True
        assert found.metadata
        assert found.metadata["team"] == "billing"


@pytest.mark.both_doors
def test_what_is_not_declared_is_left_alone(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Edits of fields that the code is silent about are neither shown nor undone."""
    stack.up(PROGRAM)
    id_ = stack.output("id")
    for edit in LEFT_ALONE.values():
        dashboard.v1.billing_portal.configurations.update(id_, edit)  # type: ignore[arg-type]
    stack.assert_converged()

    stack.up(PROGRAM.replace('"Hello"', '"Good day"'), "--refresh")

    found = dashboard.v1.billing_portal.configurations.retrieve(id_)
    assert found.business_profile.headline == "Good day"
    assert found.name == "Clicked"
    assert found.default_return_url == "https://example.com/clicked"
    assert found.metadata is not None
    assert found.metadata["note"] == "by hand"
    assert found.features.subscription_cancel.mode == "immediately"


def test_a_refresh_stores_drift_and_the_next_up_reverts_it(
    stack: Stack, dashboard: StripeClient
) -> None:
    """After a plain `refresh` the preview shows both values, field by field."""
    stack.up(PROGRAM)
    id_ = stack.output("id")
    dashboard.v1.billing_portal.configurations.update(
        id_, {"business_profile": {"headline": "Clicked"}}
    )

    stack.refresh()
    shown = stack.preview("--diff")
    stack.up()

    assert '"Clicked" => "Hello"' in shown.stdout
    found = dashboard.v1.billing_portal.configurations.retrieve(id_)
    assert found.business_profile.headline == "Hello"


def test_spelled_out_defaults_are_no_change_but_are_watched(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Writing down what Stripe does anyway sends nothing; from then on it is kept."""
    stack.up(PROGRAM)
    id_ = stack.output("id")
    stack.sandbox.clear_requests()
    spelled = PROGRAM.replace(
        '"subscription_cancel": {"enabled": True}',
        '"subscription_cancel": {"enabled": True, "mode": "at_period_end"}',
    )

    stack.up(spelled)
    assert stack.sandbox.requests == []
    dashboard.v1.billing_portal.configurations.update(
        id_, {"features": {"subscription_cancel": {"mode": "immediately"}}}
    )
    stack.up(None, "--refresh")

    found = dashboard.v1.billing_portal.configurations.retrieve(id_)
    assert found.features.subscription_cancel.mode == "at_period_end"
    stack.assert_converged()


@pytest.mark.both_doors
def test_gone_is_created_again(stack: Stack) -> None:
    """An endpoint that somebody deleted is made anew by `up --refresh`."""
    stack.up(
        """
        hook = WebhookEndpoint(
            "hook", url="https://example.com/hook", enabled_events=["invoice.paid"]
        )
        pulumi.export("id", hook.id)
        """
    )
    first = stack.output("id")
    stack.sandbox.client().v1.webhook_endpoints.delete(first)

    stack.up(None, "--refresh")

    assert stack.output("id") != first
    stack.assert_converged()


@pytest.mark.parametrize("count", [1, 2])
def test_a_refresh_of_few_reads_each_once(stack: Stack, count: int) -> None:
    """One or two resources cost one request each."""
    lines = ['DefaultPortalConfiguration("default", features={})'] if count == 2 else []
    lines.append(
        'PortalConfiguration("a", features={"invoice_history": {"enabled": True}})'
    )
    stack.up("\n".join(lines))
    stack.sandbox.clear_requests()

    stack.refresh()

    assert [request.method for request in stack.sandbox.requests] == ["GET"] * count


def test_outputs_follow_what_is_not_declared(
    stack: Stack, dashboard: StripeClient
) -> None:
    """They are as Stripe has them after a refresh; that is no drift."""
    stack.up(
        """
        PortalConfiguration("plans", features={"invoice_history": {"enabled": True}})
        WebhookEndpoint("hook", url="https://example.com", enabled_events=["*"])
        """
    )
    plans, hook = stack.resource("plans")["id"], stack.resource("hook")["id"]
    dashboard.v1.billing_portal.configurations.update(
        plans, {"login_page": {"enabled": True}}
    )
    dashboard.v1.webhook_endpoints.update(hook, {"disabled": True})

    stack.assert_converged()
    stack.refresh()

    found = dashboard.v1.billing_portal.configurations.retrieve(plans)
    assert stack.resource("plans")["outputs"]["login_page_url"] == found.login_page.url
    assert stack.resource("plans")["outputs"]["updated"] == found.updated
    assert stack.resource("hook")["outputs"]["status"] == "disabled"
    assert "login_page" not in stack.resource("plans")["inputs"]

    before = stack.resource("plans")["outputs"]
    stack.sandbox.advance(seconds=60)
    dashboard.v1.billing_portal.configurations.update(plans, {"name": "by hand"})
    stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert stack.resource("plans")["outputs"] == before
    assert "1b47061264138c4ac30d75fd1eb44270" in str(
        stack.resource("hook")["outputs"]["secret"]
    )


def test_the_state_holds_only_what_is_declared(stack: Stack) -> None:
    """A refresh adds nothing of what Stripe fills in."""
    stack.up(PROGRAM)
    before = json.dumps(stack.resource("plans")["outputs"], sort_keys=True)

    stack.refresh()

    assert json.dumps(stack.resource("plans")["outputs"], sort_keys=True) == before
