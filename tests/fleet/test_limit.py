"""All processes of a fleet together keep to Stripe's limit."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from distributed import Client, LocalCluster

from pulumi_stripe_portal.fleet.limit import (
    FleetLimit,
    LimitAtWorker,
    shared_limit_environ,
)
from pulumi_stripe_portal.stripe_api.rate_limit import WINDOW
from pulumi_stripe_portal.stripe_api.shared_limit import SHARED, SharedLimit

pytestmark = [
    pytest.mark.slow,
    # Dask's own, of its connections to itself.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def begin_many(many: int) -> list[float]:
    """Begin requests as a provider process does, on a worker; return when."""
    limit = SharedLimit(shared_limit_environ()[SHARED])
    begun: list[float] = []

    def call(_: int) -> None:
        with limit.request():
            begun.append(time.monotonic())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(many)))
    return begun


def test_workers_share_a_limit() -> None:
    """Two workers take three windows for what each could do in two of its own."""
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        client.register_plugin(FleetLimit())
        client.register_plugin(LimitAtWorker(in_session=False))
        futures = client.map(begin_many, [25, 26])
        begun = sorted(chain.from_iterable(client.gather(futures)))

    assert len(begun) == 51
    # Two windows passed between; less what the word took to the worker.
    assert begun[-1] - begun[0] > 1.5 * WINDOW


def test_a_limit_that_nobody_keeps_is_its_own() -> None:
    """A run that outlives its worker ends in good order; elsewhere nobody is asked."""
    for address in ("127.0.0.1:9", "stripe.example.com:80", "x"):
        with SharedLimit(address).request():
            pass
        SharedLimit(address).slow_down()
