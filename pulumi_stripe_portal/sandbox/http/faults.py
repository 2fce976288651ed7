"""Faults on demand: latency, error answers, and connections cut."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

from .rate_limit import too_many
from .typed import check_types

__all__ = ["ConnectionCut", "Fault", "Faults"]

_LONGEST = 24 * 60 * 60
"""Seconds of a fault's latency."""


class ConnectionCut(ConnectionAbortedError):
    """Ends a request without an answer; the server closes the connection."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that goes wrong with matching requests.

    Attributes:
        method: The method it strikes, `*` for any.
        path: The path it strikes, with `*` for any characters.
        latency: Seconds to wait before anything else happens, up to a day.
        status: The HTTP status to answer with, 400 to 599, such as 429 or 500.
            https://docs.stripe.com/api/errors
        cut: Whether the connection is closed instead of answered.
        when: `before` the request takes effect, or `after` it was committed.
        nth: The first matching request that is struck, counted from 1.
        times: How many are struck from there on, None for all.
        retry_after: The header `Retry-After`, in seconds.
        should_retry: The header `Stripe-Should-Retry`, None to leave it out.

    Raises:
        ValueError: Nothing would go wrong, or a value is not one of a fault.
        TypeError: A value has another type.
    """

    method: str = "*"
    path: str = "*"
    latency: float = 0.0
    status: int | None = None
    cut: bool = False
    when: Literal["before", "after"] = "before"
    nth: int = 1
    times: int | None = 1
    retry_after: int | None = None
    should_retry: bool | None = None

    def __post_init__(self) -> None:
        check_types(vars(self), Fault)
        # Not "less than": that would let NaN pass.
        if not 0 <= self.latency <= _LONGEST:
            raise ValueError(f"A fault's latency is 0 to {_LONGEST} seconds.")
        if self.nth < 1 or (self.times is not None and self.times < 1):
            raise ValueError("A fault strikes the first request or a later one.")
        if self.retry_after is not None and not 0 <= self.retry_after <= _LONGEST:
            raise ValueError(f"A fault's retry_after is 0 to {_LONGEST} seconds.")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError("A fault's status is that of an error: 400 to 599.")
        if not (self.latency or self.status or self.cut):
            raise ValueError("A fault needs latency, a status or cut.")

    def strike(self, when: Literal["before", "after"]) -> None:
        """Raise what this fault does at a time; return where it does nothing.

        Args:
            when: `before` the request takes effect, or `after` it was committed.

        Raises:
            ConnectionCut: The connection is to be closed without an answer.
            StripeError: The answer is to be this error.
        """
        if self.when != when:
            return
        if self.cut:
            raise ConnectionCut
        if self.status is not None:
            raise self._error(self.status)

    def _error(self, status: int) -> StripeError:
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.should_retry is not None:
            headers["Stripe-Should-Retry"] = str(self.should_retry).lower()
        if status == 429:
            return too_many(headers)
        return StripeError(
            "An unknown error occurred",
            Evidence.OURS("what Stripe says when it fails is not documented"),
            status=status,
            # https://docs.stripe.com/api/errors: what is no fault of the request's
            type="api_error" if status >= 500 else "invalid_request_error",
            headers=headers,
        )

    def __str__(self) -> str:
        what = [f"latency {self.latency:g}s"] if self.latency else []
        what += [f"status {self.status}"] if self.status else []
        what += ["cut"] if self.cut else []
        return f"{', '.join(what)} {self.when} the commit"


@dataclass
class Faults:
    """The faults in wait; the first that matches a request strikes."""

    _waiting: list[tuple[Fault, list[int]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def without_delay(self) -> Iterator[None]:
        """Delay nothing meanwhile: what waits goes on."""
        self._over.set()
        try:
            yield
        finally:
            self._over.clear()

    def delay(self, fault: Fault) -> None:
        """Wait as long as *fault* wants a request to."""
        if fault.latency:
            self._over.wait(fault.latency)

    def add(self, fault: Fault) -> None:
        """Lay *fault* in wait."""
        with self._lock:
            self._waiting.append((fault, [0]))

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request, and count the request for all."""
        struck = None
        with self._lock:
            for fault, seen in self._waiting:
                if fault.method not in ("*", method):
                    continue
                if not fnmatchcase(path, fault.path):
                    continue
                seen[0] += 1
                if fault.nth <= seen[0] and struck is None:
                    struck = fault
            self._waiting = [each for each in self._waiting if not _is_over(*each)]
        return struck

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._waiting.clear()


def _is_over(fault: Fault, seen: list[int]) -> bool:
    return fault.times is not None and seen[0] >= fault.nth + fault.times - 1
