"""One resource's life through the plugin's door, call by call."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import provider_pb2 as pb
from stripe import StripeClient

from pulumi_stripe_portal.engine.values import pack, unpack
from pulumi_stripe_portal.engine.wire import UNKNOWN
from pulumi_stripe_portal.sandbox import Sandbox

from .served import Resource, Served

FEATURES: dict[str, Any] = {
    "invoice_history": {"enabled": True},
    "customer_update": {"enabled": True, "allowed_updates": ["email", "name"]},
}
PLANS: dict[str, Any] = {"features": FEATURES, "name": "Plans"}
ENDPOINT: dict[str, Any] = {
    "url": "https://example.com/webhooks",
    "enabled_events": ["customer.created"],
}


def test_life(plugin: Served, stripe_sandbox: Sandbox, dashboard: StripeClient) -> None:
    """It is made, left alone, changed by one request, reverted, and let go."""
    plans = Resource(plugin)

    assert plans.up(PLANS) == "create"
    made = dashboard.v1.billing_portal.configurations.retrieve(plans.id)
    assert made.to_dict()["metadata"]["pulumi"] == "shop/test/PortalConfiguration/plans"
    stripe_sandbox.clear_requests()
    assert plans.up(PLANS) == "same"
    assert stripe_sandbox.requests == []
    assert plans.up({**PLANS, "name": "Other"}) == "update"
    assert [each.method for each in stripe_sandbox.requests] == ["POST"]
    dashboard.v1.billing_portal.configurations.update(plans.id, {"name": "Clicked"})
    plans.refresh()
    assert plans.declared()["name"] == "Clicked"
    assert plans.up(PLANS) == "update"
    plans.refresh()
    assert plans.up(PLANS) == "same"


@pytest.mark.parametrize(
    ("news", "kinds"),
    [
        ({**PLANS, "name": "Other"}, {"name": "UPDATE"}),
        ({"features": FEATURES}, {"name": "DELETE"}),
        (
            {**PLANS, "metadata": {"a key": "x", "team": "y"}},
            {'metadata["a key"]': "ADD", "metadata.team": "ADD"},
        ),
        (
            {**PLANS, "features": {"invoice_history": {"enabled": True}}},
            {
                "features.customer_update.enabled": "DELETE",
                "features.customer_update.allowed_updates": "DELETE",
            },
        ),
        ({**PLANS, "account": "acct_2"}, {"account": "ADD_REPLACE"}),
    ],
    ids=["update", "delete", "keys", "nested", "replace"],
)
def test_a_diff_is_detailed(
    plugin: Served, news: dict[str, Any], kinds: dict[str, str]
) -> None:
    """Each leaf that differs is named, with what happens to it."""
    plans = Resource(plugin)
    plans.up(PLANS)

    found = plans.diff(news)

    told = {
        path: each.Kind.Name(each.kind) for path, each in found.detailedDiff.items()
    }
    assert told == kinds
    assert all(each.inputDiff for each in found.detailedDiff.values())


def test_another_order_is_no_change(plugin: Served, stripe_sandbox: Sandbox) -> None:
    """What means the same differs nowhere."""
    plans = Resource(plugin)
    plans.up(PLANS)
    updates = {"enabled": True, "allowed_updates": ["name", "email"]}

    found = plans.diff({**PLANS, "features": {**FEATURES, "customer_update": updates}})

    assert found.changes == pb.DiffResponse.DIFF_NONE
    assert dict(found.detailedDiff) == {}
    assert found.hasDetailedDiff


class TestPreviews:
    """What is planned is answered without a request."""

    def test_a_create(self, plugin: Served, stripe_sandbox: Sandbox) -> None:
        """Inputs are known, and what Stripe will tell is not."""
        events = Resource(plugin, "WebhookEndpoint")
        checked = events.checked(ENDPOINT)
        stripe_sandbox.clear_requests()

        request = pb.CreateRequest(urn=events.urn, properties=checked, preview=True)
        made = plugin.ask("Create", request)

        outs, secrets = unpack(made.properties)
        assert outs["url"] == ENDPOINT["url"]
        assert made.properties["status"] == made.properties["livemode"] == UNKNOWN
        assert made.properties["secret"]["value"] == UNKNOWN
        assert secrets == {("secret",)}
        assert stripe_sandbox.requests == []

    def test_an_update(self, plugin: Served, stripe_sandbox: Sandbox) -> None:
        """What an update doesn't touch stays known."""
        plans = Resource(plugin)
        plans.up(PLANS)
        checked = plans.checked({**PLANS, "name": "Other"})
        stripe_sandbox.clear_requests()

        answer = plugin.ask("Update", plans.update_request(checked, preview=True))

        assert answer.properties["name"] == "Other"
        assert answer.properties["updated"] == UNKNOWN
        assert answer.properties["created"] == plans.outputs["created"]
        assert "login_page_url" not in answer.properties
        assert stripe_sandbox.requests == []

    def test_what_is_not_known_yet(self, plugin: Served) -> None:
        """An unknown input passes the check, differs, and stays unknown."""
        plans = Resource(plugin)
        plans.up(PLANS)
        news = {**PLANS, "business_profile": {"headline": UNKNOWN}}

        checked = plans.checked(news)
        found = plans.diff(news)

        assert MessageToDict(checked)["business_profile"] == {"headline": UNKNOWN}
        assert list(found.detailedDiff) == ["business_profile.headline"]


def test_gone(plugin: Served, dashboard: StripeClient) -> None:
    """What Stripe has no more is gone from the state."""
    events = Resource(plugin, "WebhookEndpoint")
    events.up(ENDPOINT)
    dashboard.v1.webhook_endpoints.delete(events.id)

    assert events.refresh().id == ""


def test_delete(plugin: Served, dashboard: StripeClient) -> None:
    """An endpoint is deleted; again is fine."""
    events = Resource(plugin, "WebhookEndpoint")
    events.up(ENDPOINT)
    events.delete()
    events.delete()

    assert dashboard.v1.webhook_endpoints.list().data == []


def test_created_but_not_complete(plugin: Served, stripe_sandbox: Sandbox) -> None:
    """The engine learns id and state with the error, and updates the next time."""
    Resource(plugin, name="first").up(PLANS)
    plans = Resource(plugin)
    checked = plans.checked({**PLANS, "active": False})
    stripe_sandbox.fail("POST", "/v1/billing_portal/configurations/*", status=400)

    request = pb.CreateRequest(urn=plans.urn, properties=checked)
    failed = plugin.incomplete("Create", request)

    assert failed.id.startswith("bpc_")
    assert failed.properties["active"] is True
    (reason,) = failed.reasons
    assert "An unknown error occurred" in reason
    plans.id, plans.inputs, plans.outputs = failed.id, checked, failed.properties
    assert plans.up({**PLANS, "active": False}) == "update"


def test_errors_are_plain(plugin: Served) -> None:
    """An error of ours is its message alone, which begins with the resource."""
    plans = Resource(plugin)
    plans.up(PLANS)
    plans.id = "bpc_none"

    checked = plans.checked({**PLANS, "name": "Other"})
    words = plugin.refused("Update", plans.update_request(checked))

    assert words.startswith("PortalConfiguration 'plans': bpc_none is gone at Stripe")
    assert "Traceback" not in words


def test_a_type_that_is_not_there(plugin: Served) -> None:
    """It is named."""
    other = Resource(plugin, "Coupon")

    words = plugin.refused("Check", pb.CheckRequest(urn=other.urn))

    assert words == "there is no resource type stripe-portal:index:Coupon"


def test_a_typo_is_refused(plugin: Served) -> None:
    """Each failure has its path and its remedy, and no property of the engine's."""
    answer = Resource(plugin).check({"features": {"invoice_histroy": {}}, "nme": "x"})

    (failure,) = answer.failures
    assert failure.property == ""
    assert "features.invoice_histroy: there is no such key" in failure.reason
    assert "did you mean 'invoice_history'?" in failure.reason
    assert "nme: there is no such key" in failure.reason


def test_a_price_that_the_program_may_make(plugin: Served) -> None:
    """What Stripe doesn't know is a warning: nothing says whether it comes yet."""
    update = {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": [{"product": "prod_1", "prices": ["price_1"]}],
    }
    features = {
        "subscription_update": update,
        "payment_method_update": {"enabled": True},
    }

    assert Resource(plugin).failures({"features": features}) == []
    assert any("Stripe knows no price 'price_1'" in told for told in plugin.warnings())


def test_the_default_comes_first(plugin: Served) -> None:
    """Where a DefaultPortalConfiguration was asked about before, it is made before."""
    default = Resource(plugin, "DefaultPortalConfiguration", "default")
    request = pb.CheckRequest(urn=default.urn, news=pack({"features": FEATURES}))
    plugin.ask("Check", request)
    plans = Resource(plugin)
    inactive = {**PLANS, "active": False}
    request = pb.CheckRequest(urn=plans.urn, news=pack(inactive))

    assert not plugin.ask("Check", request).failures
    assert plugin.warnings() == []


def test_warnings_stand_at_the_resource(plugin: Served) -> None:
    """The engine is told which resource they are about."""
    plans = Resource(plugin)
    plans.check(PLANS)

    (severity, message, urn) = plugin.log.shown[0]
    assert severity == "WARNING"
    assert message.startswith(
        "the account has no portal configuration in test mode yet"
    )
    assert urn == plans.urn


def test_numbers(plugin: Served, dashboard: StripeClient) -> None:
    """Whole numbers come as floats, and go to Stripe as what they are."""
    pause = {
        "enabled": True,
        "duration": {
            "type": "interval_options",
            "interval_options": [{"interval": "month", "interval_count": 2}],
        },
    }
    plans = Resource(plugin)
    plans.up({"features": {"subscription_pause": pause}})

    assert plans.up({"features": {"subscription_pause": pause}}) == "same"
    assert pack(plans.told()) == plans.outputs
