"""Faults on demand."""

from __future__ import annotations

import time
from http.client import RemoteDisconnected
from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.conftest import Wire

PATH = "/v1/billing_portal/configurations"
FORM = "features[invoice_history][enabled]=true"


def statuses(wire: Wire, *requests: tuple[str, str]) -> list[int]:
    """Send *requests* and return their statuses."""
    return [wire(method, path).status for method, path in requests]


def test_rate_limit(wire: Wire, sandbox: Sandbox) -> None:
    """A 429 is Stripe's own, with the headers that were chosen, and then over."""
    sandbox.fail(status=429, retry_after=2, should_retry=False)

    limited, after = wire("GET", PATH), wire("GET", PATH)

    assert (limited.status, after.status) == (429, 200)
    assert limited.body["error"]["code"] == "rate_limit"
    assert limited.headers["Retry-After"] == "2"
    assert limited.headers["Stripe-Should-Retry"] == "false"


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_error_around_the_commit(
    wire: Wire, sandbox: Sandbox, when: str, count: int
) -> None:
    """A 500 comes before the request takes effect, or after it."""
    sandbox.fail("POST", status=500, when=when)

    assert wire("POST", PATH, FORM).status == 500
    assert len(wire("GET", PATH).body["data"]) == count


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_cut_around_the_commit(
    wire: Wire, sandbox: Sandbox, when: str, count: int
) -> None:
    """A cut connection ends without an answer, before the effect or after it."""
    sandbox.fail("POST", cut=True, when=when)

    with pytest.raises(RemoteDisconnected):
        wire("POST", PATH, FORM)
    wire.connection.close()

    assert len(wire("GET", PATH).body["data"]) == count
    assert sandbox.requests[0].status == 0
    assert sandbox.requests[0].fault == f"cut {when} the commit"


def test_latency(wire: Wire, sandbox: Sandbox) -> None:
    """Latency delays the answer and nothing else."""
    sandbox.fail(latency=0.1)
    began = time.monotonic()

    reply = wire("GET", PATH)

    assert reply.status == 200
    assert time.monotonic() - began >= 0.1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param({"method": "POST"}, [200, 200, 200], id="method"),
        pytest.param({"path": "/v1/prices"}, [200, 500, 200], id="path"),
        pytest.param({"path": "/v1/pr*"}, [500, 200, 200], id="pattern"),
        pytest.param({"nth": 2}, [200, 500, 200], id="nth"),
        pytest.param({"nth": 2, "times": 2}, [200, 500, 500], id="nth-times"),
        pytest.param({"times": 2}, [500, 500, 200], id="times"),
        pytest.param({"times": None}, [500, 500, 500], id="always"),
        pytest.param({"path": "/v1/p*s", "nth": 3}, [200, 200, 500], id="both"),
    ],
)
def test_matching(
    wire: Wire, sandbox: Sandbox, fault: dict[str, Any], expected: list[int]
) -> None:
    """A fault strikes by method, path pattern, occurrence and number of times."""
    sandbox.fail(status=500, **fault)

    requests = [("GET", f"/v1/{name}") for name in ("products", "prices", "products")]
    assert statuses(wire, *requests) == expected


def test_reset_clears_faults(wire: Wire, sandbox: Sandbox) -> None:
    """A reset takes faults away that did not strike."""
    sandbox.fail(status=500, times=None)
    sandbox.reset()

    assert statuses(wire, ("GET", PATH)) == [200]


@pytest.mark.parametrize(
    "fault",
    [{}, {"status": 200}, {"cut": True, "when": "during"}, {"statsu": 500}],
)
def test_no_fault(sandbox: Sandbox, fault: dict[str, Any]) -> None:
    """What is not a fault is an error when it is laid, not when it should strike."""
    with pytest.raises((ValueError, TypeError)):
        sandbox.fail(**fault)
