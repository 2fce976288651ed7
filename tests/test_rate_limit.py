"""Requests keep to Stripe's limit by themselves, and find a lower one."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.resources import CONFIGURATIONS
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.rate_limit import RateLimit
from pulumi_stripe_portal.stripe_api.settings import Settings

CALLS = 16
"""As many things as a provider process does at once."""


def create_many(sandbox: Sandbox, many: int) -> list[int]:
    """Create configurations as an `up` does; return the statuses of the answers."""
    config = {
        "stripe-portal:apiKey": sandbox.api_key,
        "stripe-portal:apiBase": sandbox.url,
    }
    connection = Connection.to(Settings.of_config(config.get), None)
    params = {"features": {"invoice_history": {"enabled": True}}}
    with ThreadPoolExecutor(CALLS) as pool:
        made = list(
            pool.map(lambda _: connection.create(CONFIGURATIONS, params), range(many))
        )
    assert len(made) == many
    return [each.status for each in sandbox.requests]


def test_what_stripe_allows_is_kept_to() -> None:
    """Within no second begin more than the twenty-five that Stripe takes."""
    limit = RateLimit()
    begun: list[float] = []

    def call(_: int) -> None:
        with limit.request():
            begun.append(time.monotonic())

    with ThreadPoolExecutor(CALLS) as pool:
        list(pool.map(call, range(60)))

    begun.sort()
    assert len(begun) == 60
    assert all(
        last - first >= 1 for first, last in zip(begun, begun[25:], strict=False)
    )


def test_twenty_five_a_second_are_no_storm(stripe_sandbox: Sandbox) -> None:
    """Unlimited, the same calls are refused 40 times; an idle machine sees none."""
    stripe_sandbox.limit_requests(25)

    assert create_many(stripe_sandbox, 60).count(429) <= 2 * CALLS


@pytest.mark.parametrize(("per_second", "many"), [(4, 12), (12, 20)])
def test_a_lower_limit_is_found(
    stripe_sandbox: Sandbox, per_second: int, many: int
) -> None:
    """Where others use the account too: no storm, and each object is made once."""
    stripe_sandbox.limit_requests(per_second)

    statuses = create_many(stripe_sandbox, many)

    assert statuses.count(200) == many
    assert statuses.count(429) <= 2 * CALLS


def test_the_limit_is_of_a_key(stripe_sandbox: Sandbox) -> None:
    """Another key's requests are not counted; None lifts the limit."""
    stripe_sandbox.limit_requests(1)
    ours, others = stripe_sandbox.client(), stripe_sandbox.client(livemode=True)
    ours.v1.customers.list()
    others.v1.customers.list()
    stripe_sandbox.limit_requests(None)
    for _ in range(3):
        ours.v1.customers.list()

    assert {each.status for each in stripe_sandbox.requests} == {200}
    with pytest.raises(ValueError, match="one request a second"):
        stripe_sandbox.limit_requests(0)
