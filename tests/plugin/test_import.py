"""What the engine imports by itself: by `pulumi import`, or `import_` elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2 as pb
from stripe import StripeClient

from pulumi_stripe_portal.sandbox import Sandbox

from .served import Resource, Served

UPDATES = {"enabled": True, "allowed_updates": ["email"]}
FEATURES: dict[str, Any] = {
    "invoice_history": {"enabled": True},
    "customer_update": UPDATES,
}
WHOLE: dict[str, Any] = {
    "features": FEATURES,
    "name": "Clicked",
    "metadata": {"team": "billing"},
    "business_profile": {"headline": "Hi"},
}


@pytest.fixture
def clicked(dashboard: StripeClient) -> str:
    """The id of a configuration that somebody made in the Dashboard."""
    features: Any = FEATURES
    configurations = dashboard.v1.billing_portal.configurations
    configurations.create({"features": features})
    made: Any = WHOLE
    return configurations.create(made).id


def test_all_that_is_declared_is_read(
    plugin: Served, stripe_sandbox: Sandbox, clicked: str
) -> None:
    """One retrieve says all that a program has to, and nothing that it need not."""
    plans = Resource(plugin)
    stripe_sandbox.clear_requests()

    plans.read(clicked)

    assert plans.declared() == WHOLE
    assert [each.method for each in stripe_sandbox.requests] == ["GET"]


def test_the_same_code_is_unchanged(
    plugin: Served, stripe_sandbox: Sandbox, clicked: str
) -> None:
    """It stays so, without a request, and a refresh finds nothing either."""
    plans = Resource(plugin)
    plans.read(clicked)
    stripe_sandbox.clear_requests()

    assert plans.up(WHOLE) == "same"
    assert plans.up(WHOLE) == "same"
    assert stripe_sandbox.requests == []
    before = plans.outputs
    plans.refresh()
    assert plans.outputs == before
    assert plans.up(WHOLE) == "same"


def test_less_code_leaves_the_rest_alone(
    plugin: Served, dashboard: StripeClient, clicked: str
) -> None:
    """What the code doesn't declare at import stays at Stripe, by later updates too."""
    plans = Resource(plugin)
    plans.read(clicked)
    less = {"features": FEATURES, "name": "Clicked"}

    assert plans.up(less) == "same"
    assert plans.up({**less, "name": "Other"}) == "update"
    found = dashboard.v1.billing_portal.configurations.retrieve(clicked)
    assert found.business_profile.headline == "Hi"
    assert found.name == "Other"
    assert found.to_dict()["metadata"]["team"] == "billing"
    assert plans.told()["account_id"].startswith("acct_")
    assert "imported" not in plans.told()


def test_what_is_removed_later_is_reset(
    plugin: Served, dashboard: StripeClient, clicked: str
) -> None:
    """What the code has declared is its own from then on."""
    plans = Resource(plugin)
    plans.read(clicked)
    plans.up(WHOLE)

    assert plans.up({"features": FEATURES}) == "update"
    found = dashboard.v1.billing_portal.configurations.retrieve(clicked)
    assert found.name is None
    assert not found.business_profile.headline


def test_prices_by_lookup_key(
    plugin: Served, stripe_sandbox: Sandbox, dashboard: StripeClient
) -> None:
    """Code may name the prices that are read by id, and asks nothing of it later."""
    products = [{"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}]
    update = {"enabled": True, "default_allowed_updates": ["price"]}
    features = {**FEATURES, "payment_method_update": {"enabled": True}}
    by_id = {**features, "subscription_update": {**update, "products": products}}
    whole: Any = {"features": by_id}
    made = dashboard.v1.billing_portal.configurations.create(whole)
    plans = Resource(plugin)
    plans.read(made.id)
    assert plans.declared() == whole

    named = [{"prices": [{"lookup_key": "basic_monthly"}]}]
    by_key = {**features, "subscription_update": {**update, "products": named}}
    assert plans.up({"features": by_key}) == "same"
    stripe_sandbox.clear_requests()
    assert plans.up({"features": by_key}) == "same"
    assert stripe_sandbox.requests == []


def test_differences_are_listed(plugin: Served, clicked: str) -> None:
    """Other code is a warning with each difference, as the engine goes on to write."""
    plans = Resource(plugin)
    plans.read(clicked)
    plugin.warnings()

    found = plans.diff({"features": {"customer_update": UPDATES}, "name": "Mine"})

    (told,) = plugin.warnings()
    assert told.startswith(f"{clicked} is imported, and then changed where the code")
    assert "- features.invoice_history.enabled is True at Stripe, but not set" in told
    assert "- name is 'Clicked' at Stripe, but 'Mine' in the code" in told
    assert set(found.detailedDiff) == {"features.invoice_history.enabled", "name"}


def test_anothers_object_is_refused(
    plugin: Served, dashboard: StripeClient, clicked: str
) -> None:
    """One that carries another resource's marker is not imported."""
    metadata = {"pulumi": "other/test/PortalConfiguration/plans"}
    dashboard.v1.billing_portal.configurations.update(clicked, {"metadata": metadata})
    plans = Resource(plugin)
    plans.read(clicked)
    assert "pulumi" not in plans.declared()["metadata"]

    words = plugin.refused("Diff", plans.diff_request(WHOLE))

    assert "carries the ownership marker of another resource" in words
    assert f"stripe-portal release {clicked}" in words


def test_its_own_object_again(plugin: Served, dashboard: StripeClient) -> None:
    """One that the state has lost comes back, with its marker."""
    plans = Resource(plugin)
    plans.up(WHOLE)
    again = Resource(plugin)

    again.read(plans.id)

    assert again.up(WHOLE) == "same"
    assert again.told()["marker"] == "shop/test/PortalConfiguration/plans"


@pytest.mark.parametrize(
    ("kind", "id_", "words"),
    [
        ("PortalConfiguration", "we_1", "'we_1' is no id of a portal configuration"),
        ("PortalConfiguration", "bpc_1", "there is no portal configuration 'bpc_1'"),
        ("WebhookEndpoint", "we_1", "there is no webhook endpoint 'we_1'"),
    ],
)
def test_what_is_not_there(plugin: Served, kind: str, id_: str, words: str) -> None:
    """It is said, and by which name."""
    resource = Resource(plugin, kind)

    told = plugin.refused("Read", pb.ReadRequest(id=id_, urn=resource.urn))

    assert words in told
    assert told.startswith(f"{kind} 'plans': ")


def test_an_endpoint(plugin: Served, dashboard: StripeClient) -> None:
    """Its secret is not told: it may be given, and how to get a new one is said."""
    made = dashboard.v1.webhook_endpoints.create(
        {
            "url": "https://example.com/w",
            "enabled_events": ["customer.created"],
            "api_version": "2025-03-31.basil",
        }
    )
    events = Resource(plugin, "WebhookEndpoint")
    events.read(made.id)
    declared = {
        "url": "https://example.com/w",
        "enabled_events": ["customer.created"],
        "api_version": "2025-03-31.basil",
    }
    assert events.declared() == declared

    assert events.up(declared) == "same"
    assert any("`secret_version`" in told for told in plugin.warnings())
    assert events.up({**declared, "secret": "whsec_mine"}) == "update"
    assert events.told()["secret"] == "whsec_mine"


def test_the_default(plugin: Served, dashboard: StripeClient, clicked: str) -> None:
    """It remembers how it was, and only the default itself is one."""
    configurations = dashboard.v1.billing_portal.configurations
    (default_id,) = [each.id for each in configurations.list() if each.is_default]
    default = Resource(plugin, "DefaultPortalConfiguration")
    other = plugin.refused("Read", pb.ReadRequest(id=clicked, urn=default.urn))
    assert "is not the account's default" in other
    news = {"features": FEATURES, "on_delete": "restore"}

    default.read(default_id)
    default.up(news)
    assert default.up({**news, "name": "Ours"}) == "update"
    default.delete()

    assert configurations.retrieve(default_id).name is None
