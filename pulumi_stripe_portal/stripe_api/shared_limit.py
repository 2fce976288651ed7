"""The rate limit of many processes: asked for on this machine, kept elsewhere.

Two lines are the whole protocol, over a connection of its own for each request:

    request   answered with an empty line when it may begin; closing the connection
              says that it is answered, and so does the end of the process
    slow      Stripe has refused one for their number

`fleet.limit` answers it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from pulumi_stripe_portal.schema.visible import is_loopback
from pulumi_stripe_portal.stripe_api.rate_limit import RateLimit
from pulumi_stripe_portal.stripe_api.settings import Settings

__all__ = ["REQUEST", "SHARED", "SLOW", "SharedLimit", "limit_of"]

SHARED = "STRIPE_PORTAL_RATE_LIMIT"
"""The environment's variable that says where the limit of a fleet is asked for, as
`127.0.0.1:54321`."""
REQUEST = b"request\n"
SLOW = b"slow\n"


def limit_of(settings: Settings) -> RateLimit:
    """Return the limit for a stack's key: this process's own, or its fleet's."""
    address, rate = os.environ.get(SHARED), settings.requests_per_second
    return RateLimit.of(
        settings, lambda: SharedLimit(address, rate) if address else RateLimit(rate)
    )


class SharedLimit(RateLimit):
    """Asks whoever keeps the limit; where nobody does any more, keeps its own.

    A run of Pulumi's outlives the worker that began it: it is to end in good order.
    """

    def __init__(self, address: str, per_second: int) -> None:
        """Take where to ask, as `127.0.0.1:54321`; elsewhere is never asked."""
        super().__init__(per_second)
        host, _, port = address.rpartition(":")
        known = is_loopback(host) and port.isdigit()
        self._address = (host, int(port)) if known else None

    @contextmanager
    def request(self) -> Iterator[None]:
        """Wait until one more request may begin, and count it."""
        asked = self._say(REQUEST)
        if asked is not None:
            with asked:
                if _is_allowed(asked):
                    yield
                    return
        with super().request():
            yield

    def slow_down(self) -> None:
        """Let fewer requests begin: Stripe has refused one for their number."""
        super().slow_down()
        said = self._say(SLOW)
        if said is not None:
            said.close()

    def _say(self, line: bytes) -> socket.socket | None:
        if self._address is None:
            return None
        try:
            connection = socket.create_connection(self._address)
        except OSError:
            return None
        try:
            connection.sendall(line)
        except OSError:
            connection.close()
            return None
        return connection


def _is_allowed(asked: socket.socket) -> bool:
    """Wait for the word; False where whoever keeps the limit is gone."""
    try:
        return asked.recv(1) == b"\n"
    except OSError:
        return False
