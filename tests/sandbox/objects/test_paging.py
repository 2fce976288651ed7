"""Lists: order, pages, cursors, filters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.objects.paging import page
from tests.sandbox.conftest import Wire

PATH = "/v1/billing_portal/configurations"


@pytest.fixture
def made(wire: Wire) -> list[str]:
    """Make 250 configurations, every tenth deactivated; the ids, newest first."""
    ids = []
    for number in range(250):
        form = "features[invoice_history][enabled]=true"
        ids.append(wire("POST", PATH, form).body["id"])
        if number % 10 == 5:
            wire("POST", f"{PATH}/{ids[-1]}", "active=false")
    return ids[::-1]


def test_250(client: stripe.StripeClient, made: list[str], sandbox: Sandbox) -> None:
    """Pages of every size give each object once, newest first, in both directions."""
    configurations = client.v1.billing_portal.configurations
    sandbox.clear_requests()

    pages = configurations.list({"limit": 100})
    forward = [each.id for each in pages.auto_paging_iter()]
    backward = [
        each.id
        for each in configurations.list(
            {"limit": 70, "ending_before": made[-1]}
        ).auto_paging_iter()
    ]
    inactive = [
        each.id
        for each in configurations.list(
            {"limit": 7, "active": False}
        ).auto_paging_iter()
    ]

    assert forward == made
    assert backward == made[:-1][::-1]
    assert inactive == [made[number] for number in range(4, 250, 10)]
    assert sandbox.count("GET") == 3 + 4 + 4


def test_one_page(wire: Wire, made: list[str]) -> None:
    """A page has 10 objects, says if more follow, and names its URL."""
    first = wire("GET", PATH).body
    last = wire("GET", f"{PATH}?starting_after={made[-3]}").body
    before = wire("GET", f"{PATH}?ending_before={made[3]}&limit=2").body

    assert [each["id"] for each in first["data"]] == made[:10]
    assert (first["object"], first["has_more"], first["url"]) == ("list", True, PATH)
    assert [each["id"] for each in last["data"]] == made[-2:]
    assert not last["has_more"]
    assert [each["id"] for each in before["data"]] == made[1:3]
    assert before["has_more"]


def test_empty(wire: Wire) -> None:
    """An account without configurations has an empty list."""
    assert wire("GET", PATH).body == {
        "object": "list",
        "data": [],
        "has_more": False,
        "url": PATH,
    }


@pytest.mark.parametrize(
    ("query", "message", "param"),
    [
        pytest.param(
            "limit=0", "This value must be greater than or equal to 1.", "limit", id="0"
        ),
        pytest.param(
            "limit=101",
            "This value must be less than or equal to 100.",
            "limit",
            id="101",
        ),
        pytest.param("limit=x", "Invalid integer: x", "limit", id="no-number"),
        pytest.param(
            "starting_after=bpc_gone",
            "No such configuration: 'bpc_gone'",
            "starting_after",
            id="cursor",
        ),
        pytest.param(
            "starting_after=bpc_a&ending_before=bpc_b",
            "Received both ending_before and starting_after parameters. Please pass in "
            "only one.",
            None,
            id="both-cursors",
        ),
        pytest.param(
            "is_defualt=true",
            "Received unknown parameter: is_defualt",
            "is_defualt",
            id="unknown-filter",
        ),
    ],
)
def test_refusals(wire: Wire, query: str, message: str, param: str | None) -> None:
    """A page that cannot be given is refused, never guessed."""
    reply = wire("GET", f"{PATH}?{query}")

    assert reply.status == 400
    assert reply.body["error"]["message"] == message
    assert reply.body["error"].get("param") == param


def test_filter_that_the_sandbox_has_not(wire: Wire) -> None:
    """A filter that Stripe has and the sandbox has not is an error with a name."""
    reply = wire("GET", "/v1/events?delivery_success=true")

    assert reply.status == 501
    assert "delivery_success" in reply.body["error"]["message"]


def counted(seen: list[str]) -> Iterator[dict[str, Any]]:
    """Give a thousand objects, and note which were looked at."""
    for number in range(1000):
        seen.append(f"bpc_{number}")
        yield {"id": seen[-1]}


@pytest.mark.parametrize("limit", [1, 10, 100])
@pytest.mark.parametrize("after", [None, "bpc_0", "bpc_400"])
def test_a_page_looks_at_no_more_than_it_needs(limit: int, after: str | None) -> None:
    """A list of thousands costs what its page costs."""
    seen: list[str] = []
    cursor = {"starting_after": after} if after else {}

    found, has_more = page(
        counted(seen), lambda _: True, {"limit": limit, **cursor}, "configuration"
    )

    first = int(after.removeprefix("bpc_")) + 1 if after else 0
    assert [each["id"] for each in found] == [
        f"bpc_{number}" for number in range(first, first + limit)
    ]
    assert has_more
    assert len(seen) == first + limit + 1
