"""The sandbox's own routes: any JSON is answered, and never by a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.conftest import Wire

ROUTES = [
    ("POST", "/faults"),
    ("POST", "/accounts"),
    ("POST", "/restricted_keys"),
    ("POST", "/clock"),
    ("POST", "/forwards"),
    ("POST", "/deliveries"),
    ("POST", "/deliveries/release"),
    ("POST", "/deliveries/resend"),
    ("POST", "/reset"),
    ("DELETE", "/requests"),
    ("GET", ""),
]
FIELDS = [
    *("method", "path", "latency", "status", "cut", "when", "nth", "times"),
    *("retry_after", "should_retry", "id", "connected", "permissions", "livemode"),
    *("advance", "address", "target", "copies", "hold", "reverse", "age", "forged"),
    *("self", "return", "x"),
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, 429, 10**12, 10**30, -1]),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        [
            *("*", "POST", "/v1/prices", "before", "after", "acct_a", "rak_plan_read"),
            *("https://a.example", "http://127.0.0.1:99999", "http://[::1", "http://"),
            *("http://localhost:1/é", "http://127.0.0.1:x", "http://127.0.0.1:1"),
        ]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside),
    max_leaves=4,
)
BODIES = st.one_of(
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4).map(json.dumps),
    VALUES.map(json.dumps),
    st.sampled_from(["", "{", "[" * 5000, '{"advance": 1' + "0" * 5000 + "}", "\x00"]),
)


@given(route=st.sampled_from(ROUTES), body=BODIES)
def test_any_json(
    sandbox: Sandbox,
    wire: Wire,
    capfd: pytest.CaptureFixture[str],
    route: tuple[str, str],
    body: str,
) -> None:
    """What is wrong about a body is said in a 400; the sandbox goes on."""
    method, path = route
    reply = wire(method, f"/_sandbox{path}", body.encode("utf-8", "replace").decode())

    assert reply.status in (200, 400), (path, body, reply.body)
    if reply.status == 400:
        assert reply.body["error"]["message"]
    sandbox.reset()
    assert wire("GET", "/v1/prices").status == 200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "fault",
    [
        {"latency": "1"},
        {"latency": float("nan")},
        {"latency": -1},
        {"latency": 1e300},
        {"status": "500"},
        {"status": 500.0},
        {"status": True},
        {"cut": 1},
        {"cut": True, "method": None},
        {"cut": True, "path": 5},
        {"cut": True, "when": None},
        {"cut": True, "nth": 0},
        {"cut": True, "nth": "1"},
        {"cut": True, "times": 0},
        {"status": 429, "retry_after": "soon"},
        {"status": 429, "should_retry": "no"},
    ],
    ids=str,
)
def test_faults_of_wrong_types(
    wire: Wire, sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    """A value that is none of a fault's is an error when it is laid, from any side."""
    reply = wire("POST", "/_sandbox/faults", json.dumps(fault))

    with pytest.raises((TypeError, ValueError)):
        sandbox.fail(**fault)
    assert reply.status == 400
    assert wire("GET", "/v1/prices").status == 200


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://a.example", "http://127.0.0.1:99999"),
        ("https://a.example", "http://127.0.0.1:x"),
        ("https://a.example", "http://[::1"),
        ("https://a.example:99999", "http://127.0.0.1:1"),
        ("https://[a", "http://127.0.0.1:1"),
        ("a.example", "http://127.0.0.1:1"),
        ("https://a.example", "https://b.example"),
    ],
)
def test_forwards(wire: Wire, address: str, target: str) -> None:
    """What is no address, for its port above all, is refused when it is given."""
    body = json.dumps({"address": address, "target": target})
    reply = wire("POST", "/_sandbox/forwards", body)

    assert reply.status == 400
    assert wire("GET", "/_sandbox/forwards").body == {"forwards": {}}
