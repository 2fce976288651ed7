"""Webhook endpoints: secret, limit, addresses, events."""

from __future__ import annotations

import pytest
import stripe
from stripe.params import WebhookEndpointCreateParams

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.conftest import Wire

HOOK: WebhookEndpointCreateParams = {
    "url": "https://acme.example/stripe",
    "enabled_events": ["invoice.paid"],
}


def test_secret_is_told_once(client: stripe.StripeClient) -> None:
    """The signing secret is in the answer to create, and nowhere else."""
    endpoints = client.v1.webhook_endpoints
    created = endpoints.create(HOOK)

    others = [
        endpoints.retrieve(created.id),
        endpoints.update(created.id, {"description": "Billing"}),
        *endpoints.list(),
    ]

    assert created.secret is not None
    assert created.secret.startswith("whsec_")
    assert all("secret" not in each.to_dict() for each in others)


def test_object(client: stripe.StripeClient) -> None:
    """An endpoint has every field of Stripe's, with null where nothing was sent."""
    created = client.v1.webhook_endpoints.create(HOOK).to_dict()

    del created["id"], created["secret"], created["created"]
    assert created == {
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "description": None,
        "enabled_events": ["invoice.paid"],
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": "https://acme.example/stripe",
    }


def test_changes_keep_the_secret(client: stripe.StripeClient) -> None:
    """Address, events, description, state and metadata change in place."""
    created = client.v1.webhook_endpoints.create(HOOK)

    updated = client.v1.webhook_endpoints.update(
        created.id,
        {
            "url": "http://acme.example/other",
            "enabled_events": ["*"],
            "description": "Billing",
            "disabled": True,
            "metadata": {"a": "1"},
        },
    )
    back = client.v1.webhook_endpoints.update(
        created.id, {"disabled": False, "description": ""}
    )

    assert updated.id == created.id
    assert (updated.url, updated.enabled_events) == ("http://acme.example/other", ["*"])
    assert (updated.description, updated.status) == ("Billing", "disabled")
    assert (back.description, back.status) == (None, "enabled")
    assert back.metadata["a"] == "1"


@pytest.mark.parametrize("name", ["api_version", "connect"])
def test_only_on_create(wire: Wire, client: stripe.StripeClient, name: str) -> None:
    """The API version and `connect` are fixed for an endpoint's life."""
    created = client.v1.webhook_endpoints.create(
        {**HOOK, "api_version": "2026-10-28.endive"}
    )

    reply = wire("POST", f"/v1/webhook_endpoints/{created.id}", {name: "true"})

    assert created.api_version == "2026-10-28.endive"
    assert reply.body["error"]["message"] == f"Received unknown parameter: {name}"


def test_connect_shows_as_application(client: stripe.StripeClient) -> None:
    """`connect` itself is not returned; the platform's application is."""
    created = client.v1.webhook_endpoints.create({**HOOK, "connect": True}).to_dict()

    assert "connect" not in created
    assert created["application"].startswith("ca_")


def test_deletion(client: stripe.StripeClient) -> None:
    """A deleted endpoint is gone."""
    created = client.v1.webhook_endpoints.create(HOOK)

    deleted = client.v1.webhook_endpoints.delete(created.id)

    assert deleted.to_dict() == {
        "id": created.id,
        "object": "webhook_endpoint",
        "deleted": True,
    }
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.webhook_endpoints.delete(created.id)
    assert caught.value.http_status == 404
    assert caught.value.user_message == f"No such webhook endpoint: '{created.id}'"


@pytest.mark.parametrize(
    ("livemode", "message"),
    [
        (False, "You have reached the maximum of 16 test webhook endpoints."),
        (True, "You have reached the maximum of 16 webhook endpoints."),
    ],
    ids=["test", "live"],
)
def test_limit(sandbox: Sandbox, livemode: bool, message: str) -> None:
    """A mode has 16 endpoints, the same address twice included."""
    endpoints = sandbox.client(livemode=livemode).v1.webhook_endpoints
    made = [endpoints.create(HOOK) for _ in range(16)]

    with pytest.raises(stripe.InvalidRequestError) as caught:
        endpoints.create(HOOK)
    endpoints.delete(made[0].id)
    again = endpoints.create(HOOK)

    assert caught.value.user_message == message
    assert caught.value.code is None
    assert len({each.secret for each in [*made, again]}) == 17


LOCAL = (
    "Invalid URL: URL must be publicly accessible. Consider using a tool like the "
    "Stripe CLI to test webhooks locally."
)


@pytest.mark.parametrize(
    ("url", "livemode", "message"),
    [
        pytest.param("http://localhost:8000/hook", False, LOCAL, id="localhost"),
        pytest.param("http://127.0.0.1/hook", False, LOCAL, id="loopback"),
        pytest.param("https://localhost/hook", True, LOCAL, id="live-localhost"),
        pytest.param(
            "http://acme.example/hook",
            True,
            "Invalid URL: http://acme.example/hook. URLs in livemode must begin with "
            '"https://"',
            id="live-http",
        ),
        pytest.param(
            "acme.example/hook",
            False,
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            id="scheme",
        ),
    ],
)
def test_addresses(sandbox: Sandbox, url: str, livemode: bool, message: str) -> None:
    """An endpoint's address is public, and encrypted in live mode."""
    endpoints = sandbox.client(livemode=livemode).v1.webhook_endpoints
    existing = endpoints.create(HOOK)

    with pytest.raises(stripe.InvalidRequestError) as created:
        endpoints.create({**HOOK, "url": url})
    with pytest.raises(stripe.InvalidRequestError) as updated:
        endpoints.update(existing.id, {"url": url})

    assert created.value.user_message == updated.value.user_message == message


def test_test_mode_allows_http(client: stripe.StripeClient) -> None:
    """Test mode takes an address without encryption, and 0.0.0.0 [R]."""
    for url in ("http://acme.example/hook", "http://0.0.0.0/hook"):
        assert client.v1.webhook_endpoints.create({**HOOK, "url": url}).url == url


def test_unknown_event(wire: Wire) -> None:
    """An event that Stripe does not have is refused with the list of those it has."""
    reply = wire(
        "POST",
        "/v1/webhook_endpoints",
        {"url": HOOK["url"], "enabled_events[0]": "invoice.payed"},
    )

    message = reply.body["error"]["message"]
    assert message.startswith(
        "Invalid enabled_events[0]: must be one of account.application.authorized, "
    )


def test_no_events(wire: Wire) -> None:
    """Without events there is no endpoint."""
    reply = wire("POST", "/v1/webhook_endpoints", {"url": HOOK["url"]})

    message = reply.body["error"]["message"]
    assert message == "Missing required param: enabled_events."
