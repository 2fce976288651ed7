"""The server: connections, headers, who may ask, the sandbox's own routes."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.conftest import Wire
from tests.sandbox.payloads import MINIMAL

PATH = "/v1/billing_portal/configurations"
FORM = "features[invoice_history][enabled]=true"


def test_connection_is_kept(wire: Wire) -> None:
    """One connection serves any number of requests, refused ones included."""
    wire("GET", PATH)
    before = wire.connection.sock
    statuses = [
        wire("POST", PATH, FORM).status,
        wire("POST", PATH, "x=1").status,
        wire("GET", "/nothing").status,
        wire("GET", PATH).status,
    ]

    assert statuses == [200, 400, 404, 200]
    assert wire.connection.sock is before


def test_head(wire: Wire) -> None:
    """A request for headers alone has no body, and keeps the connection."""
    wire.connection.request("HEAD", PATH)
    response = wire.connection.getresponse()

    assert (response.status, response.read()) == (401, b"")
    assert wire("GET", PATH).status == 200


def test_unsupported_headers(wire: Wire) -> None:
    """A header that would change whose data is meant is not passed over."""
    reply = wire("GET", PATH, headers={"Stripe-Context": "acct_x"})

    assert reply.status == 501
    assert "Stripe-Context" in reply.body["error"]["message"]


def test_answers_at_once(wire: Wire) -> None:
    """No answer waits for the network stack (40 ms with Nagle's algorithm)."""
    wire("POST", PATH, FORM)
    began = time.monotonic()
    for _ in range(50):
        wire("GET", PATH)

    assert time.monotonic() - began < 1.0


def test_common_headers(wire: Wire) -> None:
    """Each answer names its request, and the API version that it has.

    That is the sandbox's one, whichever is asked for.
    """
    plain = wire("GET", PATH)
    versioned = wire("GET", PATH, headers={"Stripe-Version": "2025-09-30.clover"})

    assert plain.headers["Request-Id"].startswith("req_")
    assert plain.headers["Content-Type"] == "application/json"
    assert plain.headers["Stripe-Version"] == stripe.api_version
    assert versioned.headers["Stripe-Version"] == stripe.api_version


def test_error_envelope(wire: Wire) -> None:
    """An error carries type, code, param, documentation, log and evidence."""
    reply = wire("POST", PATH, "x=1")

    assert reply.body == {
        "error": {
            "message": "Received unknown parameter: x",
            "type": "invalid_request_error",
            "code": "parameter_unknown",
            "doc_url": "https://stripe.com/docs/error-codes/parameter-unknown",
            "param": "x",
            "request_log_url": "https://dashboard.stripe.com/test/logs/"
            + reply.headers["Request-Id"],
        }
    }
    assert reply.headers["Sandbox-Evidence"].startswith("observed; ")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.nip.io"]
)
def test_foreign_hosts(wire: Wire, sandbox: Sandbox, host: str) -> None:
    """A request for another host is refused: a web page may have sent it."""
    replies = [
        wire("GET", path, headers={"Host": host}) for path in (PATH, "/_sandbox")
    ]

    assert [reply.status for reply in replies] == [403, 403]
    assert sandbox.requests == []


def test_foreign_pages(wire: Wire) -> None:
    """Another site's page cannot use the sandbox's own routes."""
    reply = wire("POST", "/_sandbox/reset", headers={"Origin": "https://evil.example"})

    assert reply.status == 403


def test_loopback_only(sandbox: Sandbox) -> None:
    """The sandbox listens on 127.0.0.1, and on no address others can reach."""
    port = int(sandbox.url.removeprefix("http://127.0.0.1:"))

    with pytest.raises(OSError, match=r".*"):
        socket.create_connection(("127.0.0.2", port), timeout=1)


def test_many_at_once(sandbox: Sandbox) -> None:
    """Concurrent requests lose nothing and share no id."""

    def create(_: int) -> str:
        wire = Wire(sandbox)
        id_: str = wire("POST", PATH, FORM).body["id"]
        wire.connection.close()
        return id_

    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(create, range(64)))

    listed = sandbox.client().v1.billing_portal.configurations.list({"limit": 100})
    assert len(set(ids)) == 64
    assert {each.id for each in listed} == set(ids)
    assert sum(each.is_default for each in listed) == 1


def test_stop_closes_connections() -> None:
    """After the end nothing answers, connections that were kept included."""
    with Sandbox() as sandbox:
        wire = Wire(sandbox)
        wire("GET", PATH)
        port = wire.connection.port

    with pytest.raises(OSError, match=r".*"):
        wire("GET", PATH)
    wire.connection.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_not_running() -> None:
    """A sandbox that is not running has no address, and says what to do."""
    with pytest.raises(RuntimeError, match=r"with Sandbox\(\) as"):
        _ = Sandbox().url


def test_started_twice(sandbox: Sandbox) -> None:
    """A sandbox runs once."""
    with pytest.raises(RuntimeError, match="runs already, at http"):
        sandbox.start()


def test_port(sandbox: Sandbox) -> None:
    """A port that is taken is an OSError, and the sandbox can be started again."""
    port = int(sandbox.url.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"):
        Sandbox(port=port).start()


def test_environ(sandbox: Sandbox) -> None:
    """`environ` is what points a program at the sandbox."""
    assert sandbox.environ == {
        "STRIPE_API_BASE": sandbox.url,
        "STRIPE_API_KEY": sandbox.api_key,
    }


def test_clock(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    """The clock moves forward, and what is made carries its time."""
    before = sandbox.now

    sandbox.advance(86_400)
    created = client.v1.billing_portal.configurations.create(MINIMAL)

    assert created.created >= before + 86_400
    with pytest.raises(ValueError, match="only moves forward"):
        sandbox.advance(-1)


def admin(wire: Wire, verb: str, route: str, /, **fields: Any) -> Any:
    """Use one of the sandbox's own routes."""
    return wire(verb, f"/_sandbox{route}", json.dumps(fields)).body


def test_admin(wire: Wire, sandbox: Sandbox) -> None:
    """Another process can do what the Python API can."""
    wire("POST", PATH, FORM)
    described = admin(wire, "GET", "")
    logged = admin(wire, "GET", "/requests")["requests"]
    admin(wire, "DELETE", "/requests")
    other = admin(wire, "POST", "/accounts", id="acct_other")
    admin(wire, "POST", "/accounts", id="acct_shop", connected=True)
    key = admin(wire, "POST", "/restricted_keys", permissions=["rak_plan_read"])["key"]
    moved = admin(wire, "POST", "/clock", advance=60)["now"]
    admin(wire, "POST", "/faults", method="GET", path="/v1/prices", status=500)

    bearer = {"Authorization": f"Bearer {other['test_key']}"}
    assert described["account"] == sandbox.account
    assert [each["method"] for each in logged] == ["POST"]
    assert sandbox.requests == []
    assert moved == pytest.approx(described["now"] + 60, abs=5)
    assert wire("GET", "/v1/account", headers=bearer).body["id"] == "acct_other"
    assert wire("GET", PATH, headers={"Stripe-Account": "acct_shop"}).status == 200
    bearer = {"Authorization": f"Bearer {key}"}
    assert wire("GET", "/v1/prices", headers=bearer).status == 500
    assert wire("GET", "/v1/prices", headers=bearer).status == 200
    admin(wire, "POST", "/reset")
    assert wire("GET", PATH).body["data"] == []


@pytest.mark.parametrize(
    ("method", "route", "body", "status"),
    [
        ("GET", "/nothing", "", 404),
        ("POST", "/faults", '{"statsu": 500}', 400),
        ("POST", "/accounts", '{"id": "x"}', 400),
        ("POST", "/clock", '{"advance": -1}', 400),
        ("POST", "/reset", "{", 400),
    ],
)
def test_admin_refusals(
    wire: Wire, method: str, route: str, body: str, status: int
) -> None:
    """What the sandbox's own routes cannot do, they say."""
    reply = wire(method, f"/_sandbox{route}", body)

    assert reply.status == status
    assert reply.body["error"]["type"] == "sandbox_error"
    assert reply.body["error"]["message"]
