"""How fast requests follow each other: as fast as Stripe allows, never faster.

«Individual API endpoints: 25 requests per second» in test mode, where that is the whole
account's limit as well, and in live mode (https://docs.stripe.com/rate-limits).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from pulumi_stripe_portal.stripe_api.settings import Settings

__all__ = ["RateLimit"]

ALLOWED = 24
"""Requests that may begin within a window, one less than Stripe takes."""
WINDOW = 1.05
"""Seconds; longer than Stripe's, since requests don't travel equally fast."""
USUAL = 0.25
"""Seconds until an answer; where it takes longer, the request may have come late."""


class RateLimit:
    """The requests of a key that began within the last second, and how many may.

    Connected accounts share it with their platform, whose key they are asked with.
    Where Stripe refuses one nevertheless (others use the account too), half as many
    may begin, and one more with each second that passes without another refusal.
    """

    _all: ClassVar[dict[tuple[str, str], RateLimit]] = {}
    _all_lock = threading.Lock()

    @classmethod
    def of(cls, settings: Settings, make: Callable[[], RateLimit]) -> RateLimit:
        """Return the one of this process for a stack's key; made where none is."""
        key = (settings.api_base, settings.api_key or "")
        with cls._all_lock:
            if key not in cls._all:
                cls._all[key] = make()
            return cls._all[key]

    @classmethod
    def forget_all(cls) -> None:
        """Begin as a new process does."""
        with cls._all_lock:
            cls._all.clear()

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = threading.Lock()
        self._under_way = 0
        self._arrived: list[float] = []
        self._allowed = float(ALLOWED)
        self._grown = self._slowed = 0.0

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
        self._allowed = min(self._allowed + (now - self._grown), float(ALLOWED))
        self._grown = now
