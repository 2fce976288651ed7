"""One rate limit for all workers of a fleet, kept by Dask's scheduler.

    a provider of Pulumi's --(this machine)-> its worker --(Dask)-> the scheduler

A request is under way from the moment that it is allowed to the end of the connection
over which it was asked for: a process that is killed is none that is waited for.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from distributed import (
    Client,
    Scheduler,
    SchedulerPlugin,
    Worker,
    WorkerPlugin,
    get_worker,
)

from pulumi_stripe_portal.stripe_api.rate_limit import RateLimit
from pulumi_stripe_portal.stripe_api.shared_limit import REQUEST, SHARED, SLOW

from .ending import leave_terminal

__all__ = ["share_limit", "shared_limit_environ"]

_NAME = "stripe-portal-limit"


class FleetLimit(SchedulerPlugin):
    """Keeps the limit, and answers the workers."""

    name = _NAME
    idempotent = True  # two fleets on one scheduler have one limit

    def __init__(self, per_second: int) -> None:
        """Say how many may begin within a second."""
        self._per_second = per_second

    async def start(self, scheduler: Scheduler) -> None:
        """Begin without any requests."""
        self._limit = RateLimit(self._per_second)
        self._turn = asyncio.Lock()
        self._under_way: dict[str, dict[int, float]] = {}
        self._count = 0
        handlers: dict[str, Any] = {
            "stripe_portal_begin": self.begin,
            "stripe_portal_end": self.end,
            "stripe_portal_slow_down": self.slow_down,
        }
        scheduler.handlers.update(handlers)

    async def begin(self, worker: str) -> int:
        """Let a request of a worker begin, in the order in which they were asked for.

        Returns:
            What `end` takes.
        """
        async with self._turn:
            while (pause := self._limit.begin()) > 0:
                await asyncio.sleep(pause)
        self._count += 1
        self._under_way.setdefault(worker, {})[self._count] = time.monotonic()
        return self._count

    async def end(self, worker: str, number: int) -> None:
        """Count a request as answered."""
        begun = self._under_way.get(worker, {}).pop(number, None)
        if begun is not None:
            self._limit.end(begun)

    async def slow_down(self) -> None:
        """Let fewer begin."""
        self._limit.slow_down()

    def allow(self, per_second: int) -> None:
        """Let another number begin: that of the fleet which came last."""
        self._limit.allow(per_second)

    def remove_worker(self, scheduler: Scheduler, worker: str, **_: Any) -> None:
        """Count the requests of a worker that is gone as answered."""
        for begun in self._under_way.pop(worker, {}).values():
            self._limit.end(begun)


class LimitAtWorker(WorkerPlugin):
    """Answers the processes on a worker's machine, and asks the scheduler."""

    name = _NAME
    idempotent = True
    address = ""

    def __init__(self, *, in_session: bool) -> None:
        """Say whether the worker is one of the terminal's session."""
        self._in_session = in_session

    async def setup(self, worker: Worker) -> None:
        """Listen on this machine only."""
        if self._in_session:
            leave_terminal()
        self._worker = worker
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.address = f"127.0.0.1:{port}"

    async def teardown(self, worker: Worker) -> None:
        """Listen no longer."""
        self._server.close()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        scheduler = self._worker.scheduler
        with suppress(OSError, RuntimeError):  # Dask's, where the fleet has ended
            said = await reader.readline()
            if said == SLOW:
                await scheduler.stripe_portal_slow_down()
            elif said == REQUEST:
                me = self._worker.address
                number = await scheduler.stripe_portal_begin(worker=me)
                try:
                    writer.write(b"\n")
                    await reader.read()
                finally:
                    await scheduler.stripe_portal_end(worker=me, number=number)
        writer.close()


def share_limit(client: Client, per_second: int) -> None:
    """Have the scheduler keep the limit, and each worker ask it.

    Args:
        client: Who is connected to the scheduler.
        per_second: How many requests may begin within a second.
    """
    client.register_plugin(FleetLimit(per_second))
    # Where an earlier fleet has begun to keep it, that goes on.
    client.run_on_scheduler(_allow, per_second)  # type: ignore[no-untyped-call]
    client.register_plugin(LimitAtWorker(in_session=client.cluster is not None))


def _allow(per_second: int, dask_scheduler: Scheduler) -> None:
    kept = dask_scheduler.plugins[_NAME]
    assert isinstance(kept, FleetLimit)  # noqa: S101 - registered before
    kept.allow(per_second)


def shared_limit_environ() -> dict[str, str]:
    """Return what tells the processes of a task where to ask, on its worker."""
    plugin = get_worker().plugins[_NAME]
    assert isinstance(plugin, LimitAtWorker)  # noqa: S101 - registered before all tasks
    return {SHARED: plugin.address}
