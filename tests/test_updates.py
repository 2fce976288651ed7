"""An update is one POST, the one that the preview showed."""

from __future__ import annotations

from typing import Any

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.errors import InvalidInputs
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.sandbox import Sandbox

from .managed import Managed

Values = dict[str, Any]

DECLARED: Values = {
    "features": {"invoice_history": {"enabled": True}},
    "business_profile": {"headline": "As coded"},
    "default_return_url": "https://example.com/coded",
}
EDIT: Any = {
    "features": {"payment_method_update": {"enabled": True}},
    "business_profile": {"headline": "As clicked"},
}
PROVIDERS = [
    pytest.param(PortalConfigurationProvider, id="configuration"),
    pytest.param(DefaultPortalConfigurationProvider, id="default"),
]


@pytest.fixture
def sandbox(stripe_sandbox: Sandbox) -> Sandbox:
    """An account with a default configuration."""
    features: Any = {"customer_update": {"enabled": False}}
    client = stripe_sandbox.client()
    client.v1.billing_portal.configurations.create({"features": features})
    return stripe_sandbox


@pytest.fixture
def dashboard(sandbox: Sandbox) -> StripeClient:
    """Another client of the same account."""
    return sandbox.client()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_else_differs_at_stripe_is_named_and_left(
    sandbox: Sandbox,
    dashboard: StripeClient,
    capfd: pytest.CaptureFixture[str],
    provider: Any,
) -> None:
    """An edit that no preview has shown stays; the next refresh shows it as drift."""
    resource = Managed(provider, sandbox)
    resource.up(DECLARED)
    configurations = dashboard.v1.billing_portal.configurations
    configurations.update(resource.id, EDIT)
    sandbox.clear_requests()
    capfd.readouterr()

    changed = {**DECLARED, "name": "Plans"}
    assert resource.up(changed) == "update"

    (sent,) = [each for each in sandbox.requests if each.method == "POST"]
    assert set(sent.params) - {"metadata", "expand"} == {"name"}
    found = configurations.retrieve(resource.id)
    assert found.business_profile.headline == "As clicked"
    assert found.features.payment_method_update.enabled
    told = capfd.readouterr().err
    assert "business_profile.headline" in told
    drifts = provider is PortalConfigurationProvider
    assert ("features.payment_method_update.enabled" in told) is drifts
    assert resource.up(changed) == "same"
    assert resource.refresh()
    assert resource.up(changed) == "update"
    assert configurations.retrieve(resource.id).business_profile.headline == "As coded"


def test_undeclared_features_of_the_default_are_kept_or_off(
    stripe_sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    """Kept, they are named at adoption and at each refresh; off, they are drift."""
    configurations = stripe_sandbox.client().v1.billing_portal.configurations
    on: Any = {
        "customer_update": {"enabled": True, "allowed_updates": ["email"]},
        "payment_method_update": {"enabled": True},
    }
    default = configurations.create({"features": on})
    features = {"payment_method_update": {"enabled": True}}
    resource = Managed(DefaultPortalConfigurationProvider, stripe_sandbox)

    def customers_can() -> bool:
        return configurations.retrieve(default.id).features.customer_update.enabled

    resource.up({"features": features})
    assert "has customer_update on" in capfd.readouterr().err
    assert not resource.refresh()
    assert "has customer_update on" in capfd.readouterr().err
    assert customers_can()

    off = {"features": features, "undeclared_features": "off"}
    assert resource.up(off) == "update"
    assert "switches customer_update off" in capfd.readouterr().err
    assert not customers_can()
    assert not resource.refresh()
    assert resource.up(off) == "same"
    configurations.update(default.id, {"features": on})
    assert resource.refresh()
    assert resource.up(off) == "update"
    assert not customers_can()
    assert not resource.refresh()

    stripe_sandbox.clear_requests()
    assert resource.up({"features": features}) == "update"
    assert stripe_sandbox.requests == []


def test_the_account_s_default_is_not_declared_inactive(
    stripe_sandbox: Sandbox,
) -> None:
    """Stripe would refuse it in the middle of `up`: the preview does, both ways."""
    idle = {**DECLARED, "active": False}
    resource = Managed(PortalConfigurationProvider, stripe_sandbox)

    with pytest.raises(InvalidInputs, match="can't be deactivated"):
        resource.up(idle)
    resource.up(DECLARED)
    stripe_sandbox.clear_requests()
    with pytest.raises(InvalidInputs, match="can't be deactivated"):
        resource.up(idle)
    assert stripe_sandbox.requests == []
    beside = Managed(PortalConfigurationProvider, stripe_sandbox)
    beside.marker += "-two"
    assert beside.up(idle) == "create"
