"""The thread that sends deliveries, one after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from pulumi_stripe_portal.sandbox.data.clock import Clock
from pulumi_stripe_portal.sandbox.data.datafile import DataFileError
from pulumi_stripe_portal.sandbox.data.store import Json, Partition, Store

from .forwards import Forwards
from .records import KIND, Attempt, all_deliveries, count_undelivered
from .request import post, to_bytes
from .signature import signature

__all__ = ["Sender"]

_RETRIES = (1, 2, 4, 8, 16, 32, 60, 60, 60, 60)
"""
Seconds of real time before each retry.

Failed deliveries are tried again after 1 to 60 seconds, or when the clock moves by an
hour [OURS: at Stripe it takes hours in test mode and days in live mode].
"""

_HELD_UP = 5.0
"""Seconds until something is tried again that the data file could not keep."""
_HOUR = 60 * 60
_NO_FORWARD = "not delivered: no forward"


@dataclass
class DueDelivery:
    """A delivery that is due, with what it takes to send it."""

    partition: Partition
    delivery: Json
    endpoint: Json
    event: Json


class Sender:
    """Sends what `plan` has stored, and again while it fails.

    *tick* lets the sandbox's time pass: it does what is due by now, and returns when
    it wants to be called again.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        forwards: Forwards,
        tick: Callable[[], int | None],
    ) -> None:
        """Take the data, the time, where deliveries go, and what lets time pass."""
        self.is_held = False
        """Whether everything waits, except what `send` is called with."""
        self.copies = 1
        """How often each delivery is sent when it succeeds."""
        self._store = store
        self._clock = clock
        self._forwards = forwards
        self._tick = tick
        self._awake = threading.Event()
        self._passed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Send from here on."""
        self._stopping = False
        self._store.on_commit = self._awake.set
        self._awake.set()
        self._thread = threading.Thread(
            target=self._run, name="stripe-sandbox-sender", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; an attempt on its way is not waited for."""
        self._stopping = True
        self._awake.set()
        if self._thread:
            self._thread.join(timeout=1)

    def settle(self, timeout: float) -> bool:
        """Wait until everything that is due was tried; tell whether that came."""
        deadline = time.monotonic() + timeout
        while True:
            with self._store.lock:
                if self.is_held or next(self._due(), None) is None:
                    return True
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            self._awake.set()
            with self._passed:
                self._passed.wait(min(remaining, 0.05))

    def send(self, due: DueDelivery) -> None:
        """Make one attempt now, and write down how it went."""
        target = self._forwards.target(due.delivery["url"])
        if target is None:
            self._note(due.partition, due.delivery, _NO_FORWARD, None)
            return
        payload = to_bytes(due.event)
        signed = signature(payload, due.endpoint["secret"], int(time.time()))
        for _ in range(self.copies):
            status, error = post(target, payload, signed)
        attempt = Attempt(at=self._clock.now(), status=status, error=error)
        done = status is not None and 200 <= status < 300
        outcome = "delivered" if done else "pending"
        self._note(due.partition, due.delivery, outcome, attempt)

    def due_delivery(self, partition: Partition, delivery: Json) -> DueDelivery | None:
        """Return what is to be sent, None where the endpoint is gone or disabled."""
        live = partition.livemode
        home = self._store.partition(delivery["account"], livemode=live)
        endpoint = home.get("webhook_endpoint", delivery["endpoint"])
        event = partition.get("event", delivery["event"])
        if endpoint is None or event is None or endpoint["status"] != "enabled":
            return None
        waiting = count_undelivered(partition, event["id"])
        event = {**event, "pending_webhooks": waiting}
        if home.account != partition.account:
            event = {**event, "account": partition.account}
        return DueDelivery(partition, delivery, endpoint, event)

    def _run(self) -> None:
        while not self._stopping:
            self._awake.clear()
            try:
                pause = self._round()
            except DataFileError:
                # Whoever asks next is told; it is tried again.
                pause = _HELD_UP
            with self._passed:
                self._passed.notify_all()
            self._awake.wait(pause)

    def _round(self) -> float:
        """Send what is due, and return how long nothing will be, in seconds."""
        next_tick = self._tick()
        with self._store.lock:
            found = [] if self.is_held else list(self._due())
        for partition, delivery in found:
            if self._stopping or self.is_held:
                break
            with self._store.lock:
                due = self.due_delivery(partition, delivery)
            if due is None:
                self._note(partition, delivery, "cancelled", None)
            else:
                self.send(due)
        return self._pause(next_tick)

    def _due(self) -> Iterator[tuple[Partition, Json]]:
        """Return the pending deliveries whose time has come, oldest first."""
        clock, real = self._clock.now(), time.time()
        for partition, delivery in self._pending():
            due = delivery["due"]
            if due["clock"] <= clock or 0 < due["real"] <= real:
                yield partition, delivery

    def _pending(self) -> Iterator[tuple[Partition, Json]]:
        for partition, delivery in all_deliveries(self._store):
            if delivery["status"] == "pending":
                yield partition, delivery

    def _pause(self, next_tick: int | None) -> float:
        """Return the seconds of real time until something may be due."""
        with self._store.lock:
            clock, real = self._clock.now(), time.time()
            waits: list[float] = [
                each["due"]["real"] - real for _, each in self._pending()
            ]
        if next_tick is not None:
            waits.append(next_tick - clock)
        if self.is_held or not waits:
            waits = [_HOUR]
        return min(max(min(waits), 0.01), _HOUR)

    def _note(
        self, partition: Partition, delivery: Json, status: str, attempt: Attempt | None
    ) -> None:
        with self._store.transaction(partition):
            before = partition.get(KIND, delivery["id"])
            if before is None or self._stopping:
                # The data file may be another sandbox's by now; the next run of this
                # one makes the attempt again.
                return
            changed = {**before, "status": status}
            if attempt:
                changed["attempts"] = [*before["attempts"], asdict(attempt)]
            tried = len(changed["attempts"])
            if status == "pending" and tried > len(_RETRIES):
                changed["status"] = "failed"
            elif status == "pending":
                clock, real = self._clock.now() + _HOUR, time.time()
                changed["due"] = {"clock": clock, "real": real + _RETRIES[tried - 1]}
            partition.put(changed)
            self._store.save()
