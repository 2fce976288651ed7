"""The account's default: found, managed, never deactivated."""

from __future__ import annotations

from typing import Any

import pytest
from stripe import StripeClient
from stripe.params.billing_portal import ConfigurationCreateParams

from .stack import Stack

CLICKED: ConfigurationCreateParams = {
    "features": {
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [
                {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}
            ],
        },
    },
    "business_profile": {"headline": "As clicked"},
    "default_return_url": "https://example.com/clicked",
    "metadata": {"team": "support", "kept": "1"},
}
"""What somebody saved in the Dashboard."""

MANAGED = """
default = DefaultPortalConfiguration(
    "default",
    features={
        "invoice_history": {"enabled": False},
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price", "quantity"],
            "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
        },
    },
    business_profile={"headline": "As coded"},
    metadata={"team": "growth"},
    on_delete="keep",
)
pulumi.export("id", default.id)
pulumi.export("is_default", default.is_default)
"""


def marker(stack: Stack, name: str, kind: str = "DefaultPortalConfiguration") -> str:
    """Return what the resource's object is marked with."""
    return f"shop/{stack.name}/{kind}/{name}"


def live(dashboard: StripeClient, id_: str) -> dict[str, Any]:
    """Return a configuration as Stripe has it, products included."""
    found = dashboard.v1.billing_portal.configurations.retrieve(
        id_, {"expand": ["features.subscription_update.products"]}
    )
    return found.to_dict()


@pytest.mark.both_doors
def test_it_is_found_and_its_declared_fields_are_managed(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Undeclared features are left on, but named; `keep` releases it as it is."""
    clicked = dashboard.v1.billing_portal.configurations.create(CLICKED)
    other = dashboard.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": False}}}
    )
    stack.sandbox.clear_requests()
    stack.program(MANAGED)

    preview = stack.preview()
    assert stack.sandbox.count("POST") == 0
    for run in (preview, stack.up()):
        assert f"manages the account's default {clicked.id}" in run.text
        assert "business_profile.headline" in run.text
        assert "subscription_cancel on" in run.text
        assert "becomes its default for ever" not in run.text
    assert stack.sandbox.count("POST") == 1
    assert stack.output("id") == clicked.id
    assert stack.output("is_default") is True
    found = live(dashboard, clicked.id)
    assert found["features"]["subscription_cancel"]["enabled"] is True
    assert found["features"]["invoice_history"]["enabled"] is False
    assert found["business_profile"]["headline"] == "As coded"
    assert found["default_return_url"] == "https://example.com/clicked"
    assert found["metadata"] == {
        "team": "growth",
        "kept": "1",
        "pulumi": marker(stack, "default"),
    }

    dashboard.v1.billing_portal.configurations.update(
        clicked.id,
        {
            "features": {"customer_update": {"enabled": True}},
            "default_return_url": "https://example.com/edited",
        },
    )
    stack.assert_converged()
    dashboard.v1.billing_portal.configurations.update(
        clicked.id, {"business_profile": {"headline": "Edited"}}
    )
    drifted = stack.preview("--refresh")
    assert "business_profile" in drifted.stdout
    stack.sandbox.clear_requests()
    stack.up(MANAGED.replace('"keep"', '"restore"'))
    stack.up(MANAGED)
    assert stack.sandbox.requests == []

    destroyed = stack.destroy()

    assert "warning" not in destroyed.text
    (request,) = stack.sandbox.requests
    assert (request.method, request.params["metadata"]) == ("POST", {"pulumi": ""})
    found = live(dashboard, clicked.id)
    assert found["active"] is True
    assert found["business_profile"]["headline"] == "Edited"
    assert found["metadata"] == {"team": "growth", "kept": "1"}
    assert live(dashboard, other.id)["metadata"] == {}


def test_one_that_is_as_declared_is_not_written(
    stack: Stack, dashboard: StripeClient
) -> None:
    """The marker waits for a write that happens anyway; without it none is removed."""
    found = dashboard.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    stack.sandbox.clear_requests()

    stack.up(
        """
        features = {"invoice_history": {"enabled": True}}
        DefaultPortalConfiguration("own", features=features)
        """
    )
    stack.assert_converged()
    assert stack.resource("own")["id"] == found.id
    stack.destroy()

    assert {request.method for request in stack.sandbox.requests} == {"GET"}


@pytest.mark.both_doors
def test_restore_writes_back_what_was_before_the_first_write(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Fields declared later count too; undeclared ones stay as they are then."""
    clicked = dashboard.v1.billing_portal.configurations.create(CLICKED)
    before = live(dashboard, clicked.id)
    stack.up(MANAGED)
    later = MANAGED.replace('"keep"', '"restore"').replace(
        'metadata={"team": "growth"}',
        'metadata={"team": "growth", "kept": "2", "new": "3"},\n'
        '    default_return_url="https://example.com/coded",\n'
        '    name="Ours"',
    )
    stack.up(later)
    assert live(dashboard, clicked.id)["metadata"]["kept"] == "2"
    dashboard.v1.billing_portal.configurations.update(
        clicked.id, {"features": {"customer_update": {"enabled": True}}}
    )
    stack.sandbox.clear_requests()

    stack.destroy()

    assert stack.sandbox.count("POST") == 1
    after = live(dashboard, clicked.id)
    assert after["features"].pop("customer_update")["enabled"] is True
    before["features"].pop("customer_update")
    before["updated"] = after["updated"]
    assert after == before


@pytest.mark.parametrize("on_delete", ["keep", "restore"])
def test_what_stripe_refuses_at_destroy_is_a_warning(
    stack: Stack, dashboard: StripeClient, on_delete: str
) -> None:
    """Where restoring is refused, the marker is removed all the same."""
    clicked = dashboard.v1.billing_portal.configurations.create(CLICKED)
    stack.up(MANAGED.replace('"keep"', f'"{on_delete}"'))
    stack.sandbox.fail("POST", status=400, times=1 if on_delete == "restore" else 2)

    destroyed = stack.destroy()

    assert "warning:" in destroyed.text
    assert "Stripe: An unknown error occurred" in destroyed.text
    assert "pulumi:pulumi:Stack" not in str(stack.export())
    found = live(dashboard, clicked.id)
    assert found["business_profile"]["headline"] == "As coded"
    assert ("pulumi" in found["metadata"]) is (on_delete == "keep")


EMPTY = """
DefaultPortalConfiguration("default", features={"invoice_history": {"enabled": True}})
for number in range(3):
    PortalConfiguration(str(number), features={"invoice_history": {"enabled": True}})
"""


def test_an_empty_account_gets_it_first(stack: Stack, dashboard: StripeClient) -> None:
    """It is created only there, and PortalConfigurations after it wait for it."""
    stack.sandbox.fail("POST", "/v1/billing_portal/configurations", latency=1.0)

    created = stack.up(EMPTY)

    assert "for ever" not in created.text
    everyone = dashboard.v1.billing_portal.configurations.list().data
    (default,) = [item for item in everyone if item.is_default]
    assert len(everyone) == 4
    assert live(dashboard, default.id)["metadata"] == {
        "pulumi": marker(stack, "default")
    }
    stack.assert_converged()
    stack.destroy()
    assert dashboard.v1.billing_portal.configurations.retrieve(default.id).active
    stack.up()
    assert len(dashboard.v1.billing_portal.configurations.list().data) == 4


def test_one_that_is_managed_elsewhere_is_refused(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Declared too late, or twice: the error comes before a write, with the remedy."""
    late = """
    first = PortalConfiguration("first", features={})
    """
    warned = stack.up(late)
    assert "becomes its default for ever" in warned.text
    assert "Declare a DefaultPortalConfiguration before it" in warned.text
    id_ = stack.resource("first")["id"]
    default = 'DefaultPortalConfiguration("default", features={})\n'
    stack.program(late + default)

    for run in (stack.preview(check=False), stack.up(check=False)):
        assert run.code != 0
        assert f"default {id_} is managed by" in run.text
        assert "shop/test/PortalConfiguration/first" in run.text
        assert "declare the default before every PortalConfiguration" in run.text
        assert f'import_="{id_}"' in run.text
    assert live(dashboard, id_)["metadata"] == {
        "pulumi": marker(stack, "first", "PortalConfiguration")
    }

    imported = default.replace(")\n", f', opts=ResourceOptions(import_="{id_}"))\n')
    stack.program(imported)
    refused = stack.preview(check=False)
    assert "the ownership marker of another resource" in refused.text
    assert f"stripe-portal release {id_}" in refused.text
    unmarked: Any = {"metadata": {"pulumi": ""}}
    dashboard.v1.billing_portal.configurations.update(id_, unmarked)
    taken_over = stack.up()
    assert f"adopts {id_} as it is; nothing is written" in taken_over.text
    assert f"{id_} stays as it is, since DefaultPortal" in taken_over.text
    found = dashboard.v1.billing_portal.configurations.retrieve(id_)
    assert found.active
    assert found.is_default
    stack.assert_converged()

    stack.sandbox.clear_requests()
    stack.program(default + default.replace('"default"', '"second"'))
    twice = stack.preview(check=False)
    assert "DefaultPortalConfiguration 'second'" in twice.text
    assert "one default configuration, and 'default' manages it already" in twice.text
    stack.program('DefaultPortalConfiguration("default", features={}, active=True)')
    refused = stack.preview(check=False)
    assert "active: there is no such input; remove it" in refused.text
    assert stack.sandbox.requests == []
