"""How fast requests follow each other: as fast as Stripe allows, never faster."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from pulumi_stripe_portal.stripe_api.settings import Settings

__all__ = ["RateLimit"]

WINDOW = 1.05
"""Seconds; longer than Stripe's, since requests don't travel equally fast."""
USUAL = 0.25
"""Seconds until an answer; where it takes longer, the request may have come late."""
_RECOVERY = 24.0
"""Seconds in which as many may begin again as at first, where none could any more."""


class RateLimit:
    """The requests of a key that began within the last second, and how many may.

    Connected accounts share it with their platform, whose key they are asked with.
    Where Stripe refuses one nevertheless (others use the account too), half as many
    may begin, and gradually more while it refuses no other.
    """

    _all: ClassVar[dict[tuple[str, str | None, int], RateLimit]] = {}
    _all_lock = threading.Lock()

    @classmethod
    def of(cls, settings: Settings, make: Callable[[], RateLimit]) -> RateLimit:
        """Return the one of this process for a stack's key; made where none is."""
        key = (settings.api_base, settings.api_key, settings.requests_per_second)
        with cls._all_lock:
            if key not in cls._all:
                cls._all[key] = make()
            return cls._all[key]

    @classmethod
    def forget_all(cls) -> None:
        """Begin as a new process does."""
        with cls._all_lock:
            cls._all.clear()

    def __init__(self, per_second: int) -> None:
        """Begin without any; say how many may begin within a second."""
        self._lock = threading.Lock()
        self._under_way = 0
        self._arrived: list[float] = []
        self._most = self._allowed = float(per_second)
        self._grown = self._slowed = 0.0

    def allow(self, per_second: int) -> None:
        """Let another number begin within a second from here on."""
        with self._lock:
            if per_second != self._most:
                self._most = self._allowed = float(per_second)

    @contextmanager
    def request(self) -> Iterator[None]:
        """Wait until one more request may begin, and count it."""
        while (pause := self.begin()) > 0:
            time.sleep(pause)
        begun = time.monotonic()
        try:
            yield
        finally:
            self.end(begun)

    def slow_down(self) -> None:
        """Let fewer requests begin: Stripe has refused one for their number.

        Those that were refused with it count as one.
        """
        now = time.monotonic()
        with self._lock:
            if now >= self._slowed + WINDOW:
                self._slowed = now
                self._grow(now)
                self._allowed = max(self._allowed / 2, 1.0)

    def end(self, begun: float) -> None:
        """Count a request as answered, which began at a time of `time.monotonic()`."""
        with self._lock:
            self._under_way -= 1
            self._arrived.append(max(begun, time.monotonic() - USUAL))

    def begin(self) -> float:
        """Return the seconds until it is worth asking again; 0 counts a request."""
        now = time.monotonic()
        with self._lock:
            self._grow(now)
            self._arrived = [each for each in self._arrived if each > now - WINDOW]
            if self._under_way + len(self._arrived) < int(self._allowed):
                self._under_way += 1
                return 0.0
            return max(min(self._arrived, default=now) + WINDOW - now, 0.01)

    def _grow(self, now: float) -> None:
        more = (now - self._grown) * self._most / _RECOVERY
        self._allowed = min(self._allowed + more, self._most)
        self._grown = now
