"""What time it is at Stripe, as its answers tell."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from pulumi_stripe_portal.schema.visible import is_loopback

__all__ = ["Clock"]

_HOUR = 60 * 60  # seconds


class Clock:
    """Stripe's clock, as seen from the local one."""

    def __init__(self, api_base: str) -> None:
        """Begin with both clocks alike."""
        self.ahead = 0.0
        """How far it is ahead of the local one (seconds)."""
        self._is_local = is_loopback(urlsplit(api_base).hostname)

    def take(self, answer: Any) -> None:
        """Take the time from an answer, unless it was kept by a proxy for hours.

        The sandbox's clock, on this machine, may have been moved on purpose.
        """
        headers = getattr(answer.last_response, "headers", None) or {}
        try:
            then = parsedate_to_datetime(headers["Date"]).timestamp()
        except (KeyError, OverflowError, TypeError, ValueError):
            return
        ahead = then - time.time()
        if self._is_local or abs(ahead) <= _HOUR:
            self.ahead = ahead
