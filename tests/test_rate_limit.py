"""Requests keep to Stripe's limit by themselves, and find a lower one."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.resources import CONFIGURATIONS
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.rate_limit import RateLimit
from pulumi_stripe_portal.stripe_api.settings import USUAL_RATE, Settings
from pulumi_stripe_portal.stripe_api.shared_limit import limit_of

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
    limit = RateLimit(USUAL_RATE)
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


@pytest.mark.parametrize("per_second", [1, USUAL_RATE, 500])
def test_as_many_begin_as_are_allowed(per_second: int) -> None:
    """A platform of which Stripe takes more says so; the next one waits."""
    limit = RateLimit(per_second)

    assert [limit.begin() for _ in range(per_second)] == [0.0] * per_second
    assert limit.begin() > 0
    limit.slow_down()
    limit.allow(1_000)
    assert [limit.begin() for _ in range(1_000 - per_second)][-1] == 0.0


@pytest.mark.parametrize("given", [80, 80.0, "80"], ids=repr)
def test_the_stack_says_how_many(given: Any) -> None:
    """As a number or, as the engine hands it on, as its digits."""
    settings = Settings.of_config({"stripe-portal:requestsPerSecond": given}.get)

    limit = limit_of(settings)

    assert [limit.begin() for _ in range(80)] == [0.0] * 80
    assert limit.begin() > 0
    assert limit_of(settings) is limit
    assert limit_of(Settings.of_config(lambda _: None)) is not limit
    RateLimit.forget_all()


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
