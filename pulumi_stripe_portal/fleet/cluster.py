"""Runs the stacks of a fleet on Dask's workers: of this machine, or of a scheduler."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from distributed import Client, LocalCluster, as_completed

from .accounts import FleetError
from .ending import end_runs
from .limit import share_limit, shared_limit_environ
from .outcomes import Outcome, message
from .project import Shard
from .shard import Operation, run_shard

__all__ = ["connect", "dashboard_of", "run_shards"]

_DASHBOARD = "127.0.0.1:8787"


@contextmanager
def connect(scheduler: str | None, workers: int) -> Iterator[Client]:
    """Connect to a scheduler; without one, start it and workers on this machine.

    Args:
        scheduler: Its address, as `tls://10.0.0.1:8786`.
        workers: How many processes to start where there is no scheduler.

    Raises:
        FleetError: It can't be reached, or started.
    """
    logging.getLogger("distributed").setLevel(logging.ERROR)
    # Where the dashboard is, is told anyway.
    warnings.filterwarnings("ignore", "\\s*Port .* is already in use", UserWarning)
    if scheduler is not None:
        try:
            client = Client(scheduler, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise FleetError(
                f"the scheduler {scheduler} can't be reached ({message(str(error))}); "
                "start it with `dask scheduler`, or leave --scheduler out"
            ) from None
        with client:
            if not client.scheduler_info(n_workers=-1)["workers"]:
                raise FleetError(
                    f"the scheduler {scheduler} has no worker; start one with "
                    f"`dask worker {scheduler}`"
                )
            yield client
        return
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=_DASHBOARD,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,  # type: ignore[no-untyped-call]
    ):
        yield client


def dashboard_of(client: Client) -> str:
    """Return where the dashboard is."""
    return str(client.dashboard_link)


def run_shards(
    client: Client, shards: Sequence[Shard], operation: Operation, per_second: int
) -> Iterator[tuple[Shard, list[Outcome]]]:
    """Run stacks and yield what became of their accounts, as they end.

    The stack of a worker that ends is run again on another one: what it had done is
    found done there. All together begin `per_second` requests.
    """
    share_limit(client, per_second)
    running = {
        client.submit(
            _work, shard, operation, key=f"{operation} {shard.stack}", pure=False
        ): shard
        for shard in shards
    }
    ended: Any = as_completed  # without types in Dask
    try:
        for future in ended(list(running), loop=client.loop, raise_errors=False):
            shard = running.pop(future)
            yield shard, _result(future, shard)
            future.release()
    finally:
        if running:  # the user has ended it
            client.cancel(list(running), force=True)  # type: ignore[no-untyped-call]
            client.run(end_runs)


def _work(shard: Shard, operation: Operation) -> list[Outcome]:
    return run_shard(shard, operation, shared_limit_environ())


def _result(future: Any, shard: Shard) -> list[Outcome]:
    if future.status == "finished":
        found: list[Outcome] = future.result()
        return found
    error = future.exception() if future.status == "error" else future.status
    why = message(f"the run of its stack ended: {error}")
    return [Outcome(each, shard.stack, "failed", why) for each in shard.accounts]
