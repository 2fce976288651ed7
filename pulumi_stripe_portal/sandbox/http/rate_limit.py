"""Stripe's limit of requests a second, where a test asks for one."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque

from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["RateLimit"]


class RateLimit:
    """Refuses what comes too fast: at most so many requests of a key in one second."""

    def __init__(self) -> None:
        """Refuse nothing."""
        self.per_second: int | None = None
        self._lock = threading.Lock()
        self._taken: dict[str, deque[float]] = defaultdict(deque)

    def take(self, key: str) -> None:
        """Count a request of an API key.

        Raises:
            StripeError: There were too many within the last second.
        """
        if self.per_second is None:
            return
        now = time.monotonic()
        with self._lock:
            taken = self._taken[key]
            while taken and taken[0] <= now - 1:
                taken.popleft()
            if len(taken) >= self.per_second:
                raise too_many({"Stripe-Rate-Limited-Reason": "global-rate"})
            taken.append(now)

    def clear(self) -> None:
        """Refuse nothing any more."""
        with self._lock:
            self.per_second = None
            self._taken.clear()


def too_many(headers: dict[str, str]) -> StripeError:
    """Return Stripe's refusal of a request that came too soon after others."""
    return StripeError(
        "Request rate limit exceeded. You can learn more about rate limits "
        "here https://stripe.com/docs/rate-limits.",
        Evidence.REPORTED("public code, and https://docs.stripe.com/rate-limits"),
        code="rate_limit",
        status=429,
        headers=headers,
    )
