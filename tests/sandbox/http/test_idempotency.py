"""Idempotency keys."""

from __future__ import annotations

import threading

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.data.store import Partition
from pulumi_stripe_portal.sandbox.http.idempotency import Idempotency
from tests.sandbox.conftest import Reply, Wire
from tests.sandbox.payloads import MINIMAL

PATH = "/v1/billing_portal/configurations"
FORM = "features[invoice_history][enabled]=true"
KEY = {"Idempotency-Key": "once"}
DAY = 24 * 60 * 60


def test_replay(wire: Wire) -> None:
    """The same key and parameters give the first answer again, and say so."""
    first = wire("POST", PATH, FORM, KEY)
    second = wire("POST", PATH, FORM, KEY)

    assert second.body == first.body
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]
    assert second.headers["Request-Id"] != first.headers["Request-Id"]
    assert len(wire("GET", PATH).body["data"]) == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        pytest.param(PATH, f"{FORM}&name=x", id="params"),
        pytest.param("/v1/products", FORM, id="path"),
    ],
)
def test_other_request(wire: Wire, path: str, form: str) -> None:
    """A key belongs to one request."""
    wire("POST", PATH, FORM, KEY)

    reply = wire("POST", path, form, KEY)

    assert reply.status == 400
    assert reply.body["error"]["type"] == "idempotency_error"
    assert reply.body["error"]["message"] == (
        "Keys for idempotent requests can only be used with the same parameters they "
        "were first used with. Try using a key other than 'once' if you meant to "
        "execute a different request."
    )


def test_order_of_params_does_not_matter(wire: Wire) -> None:
    """What counts is what is asked for, not how the form is ordered."""
    wire("POST", PATH, f"{FORM}&name=x", KEY)

    assert wire("POST", PATH, f"name=x&{FORM}", KEY).status == 200


def test_expiry(wire: Wire, sandbox: Sandbox) -> None:
    """An answer is kept for 24 hours."""
    first = wire("POST", PATH, FORM, KEY)
    sandbox.advance(DAY - 60)
    within = wire("POST", PATH, FORM, KEY)
    sandbox.advance(60)
    after = wire("POST", PATH, FORM, KEY)

    assert within.body["id"] == first.body["id"]
    assert after.body["id"] != first.body["id"]


def test_refusals_are_not_kept(wire: Wire) -> None:
    """A request that was refused as invalid may be corrected under its key."""
    refused = wire("POST", PATH, "features[x][enabled]=true", KEY)
    corrected = wire("POST", PATH, FORM, KEY)

    assert (refused.status, corrected.status) == (400, 200)


def test_failures_are_kept(wire: Wire, sandbox: Sandbox) -> None:
    """A 500 is replayed, although what caused it is over."""
    sandbox.fail("POST", status=500)

    replies = [wire("POST", PATH, FORM, KEY) for _ in range(2)]

    assert [reply.status for reply in replies] == [500, 500]
    assert replies[1].headers["Idempotent-Replayed"] == "true"
    assert wire("POST", PATH, FORM).status == 200


def test_rate_limits_are_not_kept(wire: Wire, sandbox: Sandbox) -> None:
    """After a 429 the same key works."""
    sandbox.fail("POST", status=429)

    replies = [wire("POST", PATH, FORM, KEY) for _ in range(2)]

    assert [reply.status for reply in replies] == [429, 200]


def test_keys_are_apart(wire: Wire, sandbox: Sandbox) -> None:
    """Each mode and each account has keys of its own."""
    sandbox.connect("acct_shop")
    live = {"Authorization": f"Bearer {sandbox.live_api_key}"}

    ids = {
        wire("POST", PATH, FORM, {**KEY, **headers}).body["id"]
        for headers in ({}, live, {"Stripe-Account": "acct_shop"})
    }

    assert len(ids) == 3


def test_key_on_get(wire: Wire) -> None:
    """A key has no effect on a GET."""
    empty = wire("GET", PATH, headers=KEY)
    wire("POST", PATH, FORM, KEY)

    assert empty.body["data"] == []
    assert len(wire("GET", PATH, headers=KEY).body["data"]) == 1


def test_at_the_same_time(sandbox: Sandbox) -> None:
    """While a request with the key is not answered, another one is a 409."""
    sandbox.fail("POST", latency=0.2)
    replies: list[Reply] = []

    def post() -> None:
        wire = Wire(sandbox)
        replies.append(wire("POST", PATH, FORM, KEY))
        wire.connection.close()

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(reply.status for reply in replies) == [200, 409]
    refusal = next(reply for reply in replies if reply.status == 409)
    assert refusal.body["error"]["code"] == "idempotency_key_in_use"


def test_retry_of_the_sdk(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    """A connection cut after the commit is retried by the SDK and adds nothing."""
    sandbox.fail("POST", cut=True, when="after")

    created = client.v1.billing_portal.configurations.create(
        MINIMAL, {"max_network_retries": 1}
    )

    configurations = client.v1.billing_portal.configurations.list()
    assert [each.id for each in configurations] == [created.id]
    assert [each.status for each in sandbox.requests] == [0, 200, 200]
    assert [each.replayed for each in sandbox.requests] == [False, True, False]


def test_a_key_has_up_to_255_characters(wire: Wire) -> None:
    """As Stripe says; a longer one is refused, and nothing is done."""
    fits = wire("POST", PATH, FORM, {"Idempotency-Key": "k" * 255})
    refused = wire("POST", PATH, FORM, {"Idempotency-Key": "k" * 256})

    assert (fits.status, refused.status) == (200, 400)
    assert refused.body["error"]["type"] == "idempotency_error"
    assert len(wire("GET", PATH).body["data"]) == 1


def test_the_newest_answers_are_kept() -> None:
    """As many as retries need, and none that is a day old."""
    partition = Partition("acct_x", livemode=False)
    for number in range(6_000):
        Idempotency.store(partition, f"old {number}", "", {"status": 200}, 1_000)

    assert len(partition.idempotency) == 5_000
    assert [*partition.idempotency][-1] == "old 5999"
    Idempotency.store(partition, "new", "", {"status": 200}, 1_000 + DAY)
    assert [*partition.idempotency] == ["new"]
