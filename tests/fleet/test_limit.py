"""All processes of a fleet together keep to Stripe's limit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pulumi_stripe_portal.fleet.limit import share_limit, shared_limit_environ
from pulumi_stripe_portal.stripe_api.rate_limit import WINDOW
from pulumi_stripe_portal.stripe_api.shared_limit import SHARED, SharedLimit

if TYPE_CHECKING:
    from distributed import Client

# Dask's own, of its connections to itself.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def begin_many(many: int) -> list[float]:
    """Begin requests as a provider process does, on a worker; return when."""
    limit = SharedLimit(shared_limit_environ()[SHARED], 1)
    begun: list[float] = []

    def call(_: int) -> None:
        with limit.request():
            begun.append(time.monotonic())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(many)))
    return begun


@pytest.fixture
def client() -> Iterator[Client]:
    """Connect to a scheduler with two workers, as a fleet does to another machine's."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster.scheduler_address) as client,  # type: ignore[no-untyped-call]
    ):
        yield client


def test_workers_share_a_limit(client: Client) -> None:
    """Two workers take three windows for what each could do in two of its own."""
    share_limit(client, 24)
    futures = client.map(begin_many, [25, 26])
    begun = sorted(each for future in futures for each in future.result())

    assert len(begun) == 51
    # Two windows passed between; less what the word took to the worker.
    assert begun[-1] - begun[0] > 1.5 * WINDOW


def test_the_last_fleet_says_how_fast(client: Client) -> None:
    """A scheduler that keeps a limit already keeps to the one that it is told then."""
    share_limit(client, 1)
    share_limit(client, 10_000)

    begun = client.submit(begin_many, 40).result()

    # One a second would take forty.
    assert max(begun) - min(begun) < 20 * WINDOW


def test_a_limit_that_nobody_keeps_is_its_own() -> None:
    """A run that outlives its worker ends in good order; elsewhere nobody is asked."""
    for address in ("127.0.0.1:9", "stripe.example.com:80", "x"):
        with SharedLimit(address, 24).request():
            pass
        SharedLimit(address, 24).slow_down()
