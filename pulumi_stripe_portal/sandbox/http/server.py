"""The HTTP server: loopback only, threaded, quiet, connections kept alive.

It is waitress: a request is read whole, within limits and in time, before a thread is
taken for it. `connections` has what a connection does.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import ClientDisconnected
from waitress.server import TcpWSGIServer

from .connections import QUIET, Connection, Refuse, Threads
from .faults import ConnectionCut
from .turns import Turns

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from .app import App

__all__ = ["MAX_BODY", "MAX_HEAD", "Server"]

MAX_BODY = 10 * 2**20
"""
Bytes of a request's body.

What Stripe takes at most is not documented; its files have up to 16 MB
[OURS: enough for any form, and for logos and icons].
"""
MAX_HEAD = 64 * 2**10
"""Bytes of a request's first line and headers [OURS: Stripe's bound is not known]."""

_HOST = "127.0.0.1"
_MOST_CONNECTIONS = 800
"""Below the 1,024 open files that a process often may have."""
_MOST_IDLE = 400
"""How many connections there may be until the longest idle ones are closed."""
_TICK = 1.0
"""Seconds between looking for connections that have taken too long."""
_GRACE = 5.0
"""Seconds at the end for the requests that are being answered."""


class _Server(TcpWSGIServer):
    channel_class = Connection
    logger = QUIET

    def __init__(
        self, app: Any, listening: socket.socket, refuse: Refuse, turns: Turns
    ) -> None:
        adjustments = Adjustments(
            sockets=[listening],
            connection_limit=_MOST_CONNECTIONS,
            cleanup_interval=1,
            log_socket_errors=False,
            max_request_header_size=MAX_HEAD,
            max_request_body_size=MAX_BODY + 1,
            # Nothing goes through files: a full disk is no reason not to answer.
            inbuf_overflow=2 * MAX_BODY,
            outbuf_overflow=2**31,
            ident=None,
            server_name=_HOST,
            clear_untrusted_proxy_headers=False,
        )
        self.refuse = refuse
        self.connections: dict[Any, Any] = {}
        self._looked_at = 0.0
        super().__init__(
            app,
            self.connections,
            _sock=listening,
            dispatcher=Threads(turns),
            adj=adjustments,
            sockinfo=(listening.family, listening.type, 0, listening.getsockname()),
            bind_socket=False,
        )

    def maintenance(self, now: float) -> None:
        """Do nothing: what waitress does here waits for clients that read."""

    def turn(self, seconds: float) -> None:
        """Wait for something to happen, and do it; now and then look at all."""
        wasyncore.loop(seconds, use_poll=True, map=self.connections, count=1)
        now = time.monotonic()
        if now < self._looked_at + _TICK:
            return
        self._looked_at = now
        self.task_dispatcher.look()
        found = list(self.active_channels.values())
        for connection in found:
            connection.expire(now)
        idle = [each for each in found if each.connected and each.idle]
        idle.sort(key=lambda each: each.last_activity)
        for connection in idle[: max(len(found) - _MOST_IDLE, 0)]:
            connection.handle_close()


class Server:
    """A WSGI application on 127.0.0.1, whose clock is *now*.

    The application answers in its `turns`, and `refuse` makes the answer to what can't
    be read as a request.

    Raises:
        OSError: The port is taken.
        ValueError: There is no such port.
    """

    def __init__(
        self,
        app: App,
        port: int = 0,
        now: Callable[[], float] = time.time,
        *,
        usual: int = 0,
    ) -> None:
        """Serve an application on a port, 0 for any that is free, by a clock.

        Where any will do, it is the `usual` one if that is free.
        """
        self._app = app
        self._now = now
        self._stopping = False
        if not 0 <= port <= 65_535:
            raise ValueError(f"There is no port {port}.")
        try:
            listening = socket.create_server((_HOST, port or usual), backlog=128)
        except OSError:
            if port or not usual:
                raise
            listening = socket.create_server((_HOST, 0), backlog=128)
        self.port: int = listening.getsockname()[1]
        self._server = _Server(self._serve, listening, self._say_refusal, app.turns)
        self._thread = threading.Thread(
            target=self._run, name="stripe-sandbox", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://{_HOST}:{self.port}"

    def stop(self) -> None:
        """Take no request more, finish those that are being answered, and close."""
        self._stopping = True
        self._server.pull_trigger()
        self._thread.join()
        self._server.task_dispatcher.shutdown(timeout=_GRACE)

    def _run(self) -> None:
        while not self._stopping:
            # Without a connection there is nothing that may take too long.
            self._server.turn(_TICK if self._server.active_channels else 3600)
        deadline = time.monotonic() + _GRACE
        self._server.accepting = False
        self._server.del_channel()
        self._server.socket.close()
        while time.monotonic() < deadline:
            connections = list(self._server.active_channels.values())
            for connection in connections:
                if not connection.busy:
                    connection.handle_close()
            if not any(connection.busy for connection in connections):
                break
            self._server.turn(0.02)
        for connection in list(self._server.active_channels.values()):
            connection.handle_close()
        self._server.trigger.close()

    def _serve(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Any:
            return start_response(status, [*headers, self._date()], exc_info)

        try:
            answer: Iterable[bytes] = self._app(environ, start)
        except ConnectionCut:
            raise ClientDisconnected from None
        return answer

    def _say_refusal(
        self, status: int, what: str
    ) -> tuple[list[tuple[str, str]], bytes]:
        headers, body = self._app.refuse(status, what)
        return [*headers, self._date()], body

    def _date(self) -> tuple[str, str]:
        """Return the header `Date`, which says the sandbox's time."""
        return "Date", formatdate(self._now(), usegmt=True)
