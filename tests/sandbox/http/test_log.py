"""The log of requests."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.http.log import Log
from tests.sandbox.conftest import Wire
from tests.sandbox.payloads import MINIMAL


def test_entry(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    """Each request is logged with what was asked and how it was answered."""
    created = client.v1.products.create(
        {"name": "Seats", "images": ["https://a.example/1.png"]},
        {"idempotency_key": "once"},
    )
    (request,) = sandbox.requests

    assert (request.method, request.path, request.status) == (
        "POST",
        "/v1/products",
        200,
    )
    assert request.params == {"name": "Seats", "images": ["https://a.example/1.png"]}
    assert (request.account, request.livemode) == (sandbox.account, False)
    assert request.idempotency_key == "once"
    assert created.last_response is not None
    assert request.request_id == created.last_response.request_id
    assert request.stripe_version == "2026-10-28.endive"
    assert request.user_agent is not None
    assert "PythonBindings" in request.user_agent
    with pytest.raises(FrozenInstanceError):
        request.status = 500  # type: ignore[misc]


def test_counts(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    """Requests are counted by method, until the log is cleared."""
    configurations = client.v1.billing_portal.configurations
    configurations.retrieve(configurations.create(MINIMAL).id)
    configurations.list()

    counts = [sandbox.count(method) for method in ("GET", "POST", "DELETE")]
    sandbox.clear_requests()

    assert counts == [2, 1, 0]
    assert sandbox.requests == []
    assert len(configurations.list().data) == 1


def test_no_secrets(client: stripe.StripeClient, sandbox: Sandbox, wire: Wire) -> None:
    """Keys and webhook secrets are in no entry, nor is a key that was refused."""
    endpoint = client.v1.webhook_endpoints.create(
        {"url": "https://acme.example/hook", "enabled_events": ["*"]}
    )
    wire("GET", "/v1/prices", headers={"Authorization": "Bearer sk_test_bad"})
    wire("POST", "/v1/products", {"name": "x", "metadata[secret]": "hush"})

    log = json.dumps([vars(request) for request in sandbox.requests])

    assert endpoint.secret is not None
    for secret in (sandbox.api_key, endpoint.secret, "sk_test_bad", "hush"):
        assert secret not in log
    assert len(sandbox.requests) == 3


def test_refused_key(sandbox: Sandbox, wire: Wire) -> None:
    """Whose request it was is not known where the key was refused."""
    wire("GET", "/v1/prices", headers={"Authorization": "Bearer sk_test_bad"})

    (request,) = sandbox.requests
    assert (request.status, request.account, request.livemode) == (401, None, None)


def test_unsupported_is_named(sandbox: Sandbox, wire: Wire) -> None:
    """What the sandbox has not is told from what Stripe has not."""
    lacking = wire("GET", "/v1/customers/cus_1/cash_balance")
    searching = wire("GET", "/v1/charges/search?query=x")
    nonsense = wire("GET", "/v1/billing_portal/configuration")

    assert [reply.status for reply in (lacking, searching, nonsense)] == [501, 501, 404]
    assert [request.unsupported for request in sandbox.requests] == [
        "Stripe has GET /v1/customers/cus_1/cash_balance, but the sandbox does "
        "not support it.",
        "Stripe has GET /v1/charges/search, but the sandbox does not support it.",
        None,
    ]
    assert lacking.headers["Stripe-Should-Retry"] == "false"
    assert nonsense.body["error"]["message"].startswith(
        "Unrecognized request URL (GET: /v1/billing_portal/configuration). "
    )


def test_the_newest_are_kept_and_all_are_counted(wire: Wire, sandbox: Sandbox) -> None:
    """A sandbox that runs for weeks doesn't fill the memory with its log."""
    log = Log()
    wire("GET", "/v1/prices")
    (one,) = sandbox.requests
    for number in range(10_005):
        log.add(replace(one, request_id=f"req_{number}"))

    assert len(log.all()) == 10_000
    assert log.all()[-1].request_id == "req_10004"
    assert log.counts() == {"GET": 10_005}


def test_long_texts_are_cut(wire: Wire, sandbox: Sandbox) -> None:
    """Of a parameter that fills a body, the log keeps the beginning."""
    wire("POST", "/v1/customers", {"name": "x" * 1_000_000, "y" * 100_000: "z"})

    params = sandbox.requests[-1].params
    assert params["name"] == "x" * 5_000 + "..."
    assert all(len(name) < 6_000 for name in params)
