"""An object declares what it is, in few words, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.importing.declaring import PriceNames, inputs_of
from pulumi_stripe_portal.inputs import PortalConfigurationInputs
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.resources import type_of
from pulumi_stripe_portal.schema.tree import schema_of
from pulumi_stripe_portal.schema.values import value_at

from .accounts import configurations, fill

Values = dict[str, Any]
EXPAND = ["data.features.subscription_update.products"]


@pytest.fixture
def client(stripe_sandbox: Sandbox) -> StripeClient:
    """Stripe, as another client sees it."""
    return stripe_sandbox.client()


def made(client: StripeClient, **params: Any) -> Values:
    """Make a configuration, and return what Stripe says that it is."""
    params.setdefault("features", {"invoice_history": {"enabled": True}})
    params["expand"] = ["features.subscription_update.products"]
    configurations = client.v1.billing_portal.configurations
    found: Values = configurations.create(params).to_dict()  # type: ignore[arg-type]
    return found


def declared(found: Values, **keys: str) -> Values:
    """Return the inputs of an object; `keys` are the lookup keys of prices."""
    return inputs_of(found, PriceNames(keys))


def test_the_account_has_every_field() -> None:
    """What the importer is tried on leaves no field of the inputs out."""
    requests = list(configurations("fbo_1", "pmc_1", 30))

    missing = [
        ".".join(path)
        for path, leaf in schema_of(PortalConfigurationInputs).leaves()
        if not (leaf.mark.ours or leaf.kind == "open")
        and all(value_at(each, path) is None for each in requests)
    ]

    assert missing == []


def everything(client: StripeClient) -> Iterator[Values]:
    """Yield all objects of an account of all shapes."""
    fill(client)
    for each in client.v1.billing_portal.configurations.list(
        {"limit": 100, "expand": EXPAND}
    ).data:
        yield each.to_dict()
    for endpoint in client.v1.webhook_endpoints.list().data:
        yield endpoint.to_dict()


def test_nothing_is_declared_that_stripe_would_have_by_itself(
    client: StripeClient,
) -> None:
    """No declared feature, survey or sign-in page is off, no field is its default."""
    for found in everything(client):
        inputs = inputs_of(found, PriceNames())
        features = inputs.get("features", {})

        assert all(feature["enabled"] is True for feature in features.values())
        survey = value_at(features, ("subscription_cancel", "cancellation_reason"))
        assert survey is None or survey["enabled"]
        assert inputs.get("login_page") in (None, {"enabled": True})
        for path, leaf in type_of(found).root.leaves():
            value = value_at(inputs, path)
            assert value is None or value != leaf.mark.default


def test_a_configuration_that_does_nothing(client: StripeClient) -> None:
    """`features` is declared even so: the resource needs it."""
    found = made(client, features={"invoice_history": {"enabled": False}})

    assert declared(found) == {"features": {}}


def test_a_pause_without_end_has_no_durations(client: StripeClient) -> None:
    """What Stripe keeps as durations has no meaning then, and would be refused."""
    pause = {"enabled": True, "duration": {"type": "indefinite"}}
    found = made(client, features={"subscription_pause": pause})
    kept = [{"interval": "month", "interval_count": 1}]
    found["features"]["subscription_pause"]["duration"]["interval_options"] = kept

    assert declared(found)["features"]["subscription_pause"] == pause


@pytest.mark.parametrize(
    ("keys", "product", "prices"),
    [
        pytest.param(
            {"price_ProMonthlyTest": "m", "price_ProAnnualTest": "a"},
            None,
            [{"lookup_key": "m"}, {"lookup_key": "a"}],
            id="all-by-lookup-key",
        ),
        pytest.param(
            {"price_ProAnnualTest": "a"},
            "prod_ProTest",
            ["price_ProMonthlyTest", {"lookup_key": "a"}],
            id="some",
        ),
        pytest.param(
            {},
            "prod_ProTest",
            ["price_ProMonthlyTest", "price_ProAnnualTest"],
            id="none",
        ),
    ],
)
def test_prices(
    client: StripeClient, keys: dict[str, str], product: str | None, prices: list[Any]
) -> None:
    """Lookup keys tell the product; an id needs it."""
    offer = {
        "product": "prod_ProTest",
        "prices": ["price_ProMonthlyTest", "price_ProAnnualTest"],
    }
    found = made(
        client,
        features={
            "payment_method_update": {"enabled": True},
            "subscription_update": {
                "enabled": True,
                "default_allowed_updates": ["price"],
                "products": [offer],
            },
        },
    )

    (entry,) = declared(found, **keys)["features"]["subscription_update"]["products"]
    assert entry.get("product") == product
    assert entry["prices"] == prices
    assert "adjustable_quantity" not in entry


def test_markers_of_others_are_not_declared(client: StripeClient) -> None:
    """The metadata key `pulumi` is how a stack knows its own objects."""
    only = made(client, metadata={"pulumi": "shop/old/PortalConfiguration/x"})
    more = made(client, metadata={"pulumi": "shop/old", "team": "billing"})

    assert "metadata" not in declared(only)
    assert declared(more)["metadata"] == {"team": "billing"}


def test_types(client: StripeClient) -> None:
    """The account's first configuration is its default."""
    first, second = made(client), made(client)
    endpoint = client.v1.webhook_endpoints.create(
        {"url": "https://example.com", "enabled_events": ["*"]}
    ).to_dict()

    assert type_of(first).name == "DefaultPortalConfiguration"
    assert type_of(second).name == "PortalConfiguration"
    assert type_of(endpoint).name == "WebhookEndpoint"


def test_a_disabled_endpoint(client: StripeClient) -> None:
    """Stripe calls it a status, the inputs call it `disabled`."""
    endpoint = client.v1.webhook_endpoints.create(
        {"url": "https://example.com", "enabled_events": ["*"]}
    )
    endpoint = client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})

    inputs = inputs_of(endpoint.to_dict(), PriceNames())

    assert inputs == {
        "url": "https://example.com",
        "enabled_events": ["*"],
        "disabled": True,
    }
