"""Whatever Stripe's objects hold, import and doctor end in words, not in a traceback.

A server answers as Stripe does, with objects in which anything may be anything: they
are left out, or the whole answer is refused.
"""

from __future__ import annotations

import ast
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.doctor import check_account, check_resources
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stacks.recorded import Recorded
from pulumi_stripe_portal.stripe_api import retries
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.markers import forget_process
from pulumi_stripe_portal.stripe_api.settings import FASTEST_RATE, Settings

from .hostile import JSON, TEXTS, assert_shown, mutated
from .importing.accounts import fill

Values = dict[str, Any]

KEPT = ("id", "object", "livemode")


class Server:
    """Stripe, as far as it is read from; its lists are what they are set to."""

    def __init__(self) -> None:
        self.configurations: list[Values] = []
        self.endpoints: list[Values] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        # It looks as often as that whether it is to stop.
        serve = partial(self._server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()

    def answer(self, path: str) -> Values:
        """Return what a GET of a path answers."""
        if path == "/v1/account":
            return {"id": "acct_1", "object": "account"}
        lists = {
            "/v1/billing_portal/configurations": self.configurations,
            "/v1/webhook_endpoints": self.endpoints,
        }
        return {
            "object": "list",
            "url": path,
            "has_more": False,
            "data": lists.get(path, []),
        }

    def stop(self) -> None:
        """Close it."""
        self._server.shutdown()
        self._server.server_close()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(server.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Stripe, with nothing in it."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def account() -> tuple[list[Values], list[Values]]:
    """Objects of all shapes, as the sandbox answers them."""
    with Sandbox() as sandbox:
        client = sandbox.client()
        fill(client, count=8)
        expand = ["data.features.subscription_update.products"]
        portals = client.v1.billing_portal.configurations
        pages = (
            portals.list({"limit": 100, "expand": expand}),
            client.v1.webhook_endpoints.list({"limit": 100}),
        )
        configurations, endpoints = (page.to_dict()["data"] for page in pages)
    return configurations, endpoints


@pytest.fixture
def environ(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands ask this server."""
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_123")
    monkeypatch.setenv("STRIPE_API_BASE", server.url)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nearly no time pass between two tries of a request."""
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.0005)
    monkeypatch.setattr(retries, "LONGEST_WAIT", 0.01)


def run(*arguments: str) -> Result:
    """Run a command as a process of its own."""
    forget_process()
    return CliRunner().invoke(main, arguments)


@pytest.mark.usefixtures("environ")
@given(data=st.data())
def test_import(
    server: Server, account: tuple[list[Values], list[Values]], data: st.DataObject
) -> None:
    """A program of what can be read, and a word for the rest."""
    configurations, endpoints = account
    server.configurations = [
        data.draw(mutated(each, KEPT)) for each in configurations[:3]
    ]
    server.endpoints = [data.draw(mutated(each, KEPT)) for each in endpoints[:3]]

    result = run("import", "--all")

    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code in (0, 1)
    assert_shown(result.stderr)
    assert_shown(result.stdout)
    ast.parse(result.stdout)
    if result.exit_code == 0:
        for each in (*server.configurations, *server.endpoints):
            assert each["id"] in result.stdout + result.stderr


def recorded(each: Values, inputs: Any, marker: Any) -> Recorded:
    """Return an object as a state has it."""
    kind = "WebhookEndpoint" if "url" in each else "PortalConfiguration"
    outputs = {"marker": marker, "livemode": False}
    given_inputs = inputs if isinstance(inputs, dict) else {"features": inputs}
    return Recorded(kind, "x", each["id"], given_inputs, outputs, own_provider=False)


@given(data=st.data())
def test_doctor(
    server: Server, account: tuple[list[Values], list[Values]], data: st.DataObject
) -> None:
    """A finding in one line each, about the account and about what a stack recorded."""
    forget_process()
    configurations, endpoints = account
    server.configurations = [
        data.draw(mutated(each, KEPT)) for each in configurations[:2]
    ]
    server.endpoints = [data.draw(mutated(each, KEPT)) for each in endpoints[:2]]
    resources = [
        recorded(each, data.draw(JSON), data.draw(st.one_of(TEXTS, JSON)))
        for each in (*server.configurations, *server.endpoints)
    ]
    config = {
        "stripe-portal:apiKey": "sk_test_123",
        "stripe-portal:apiBase": server.url,
        "stripe-portal:requestsPerSecond": str(FASTEST_RATE),
    }
    settings = Settings.of_config(config.get)

    findings = [
        *check_account(settings),
        *check_resources(Connection.to(settings, None), resources),
    ]

    told = [each.line() for each in findings]
    for line in told:
        assert "\n" not in line
        assert_shown(line)
