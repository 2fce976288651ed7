"""The HTTP server: loopback only, threaded, quiet, connections kept alive."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

__all__ = ["Server"]

_HOST = "127.0.0.1"


class _Handler(WSGIRequestHandler):
    """Werkzeug's handler with keep-alive.

    Werkzeug itself closes every connection, because an application may leave a body
    unread. Here bodies are read whole before the application runs.
    """

    disable_nagle_algorithm = True
    wbufsize = -1
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        length = int(self.headers.get("Content-Length") or 0)
        source = environ["wsgi.input"]
        terminated = environ.get("wsgi.input_terminated")
        body = source.read() if terminated else source.read(length)
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: Any = None
        ) -> Callable[[bytes], object]:
            code, _, reason = status.partition(" ")
            self.send_response(int(code), reason)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            return self.wfile.write

        chunks: Iterable[bytes] = self.server.app(environ, start_response)
        if self.command != "HEAD":
            self.wfile.writelines(chunks)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Say the sandbox's time in the header `Date`."""
        return super().date_time_string(timestamp or self.server.now())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the sandbox has its own log."""


class _Server(ThreadedWSGIServer):
    def __init__(
        self, app: Any, listening: socket.socket, now: Callable[[], float]
    ) -> None:
        self.now = now
        self.connections: set[socket.socket] = set()
        self.stopping = False
        port = listening.getsockname()[1]
        super().__init__(_HOST, port, app, _Handler, fd=listening.fileno())

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Wait for connections without polling until `stopping`."""
        while not self.stopping:
            self.handle_request()


class Server:
    """A WSGI application on 127.0.0.1, whose clock is *now*.

    Raises:
        OSError: The port is taken.
    """

    def __init__(
        self, app: Any, port: int = 0, now: Callable[[], float] = time.time
    ) -> None:
        """Serve an application on a port, 0 for any that is free, by a clock."""
        with socket.create_server((_HOST, port), backlog=128) as listening:
            self.port: int = listening.getsockname()[1]
            self._server = _Server(app, listening, now)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="stripe-sandbox", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://{_HOST}:{self.port}"

    def stop(self) -> None:
        """Stop at once: connections that are open are closed."""
        self._server.stopping = True
        # Wakes the thread from waiting for a connection.
        socket.create_connection((_HOST, self.port)).close()
        self._thread.join()
        self._server.server_close()
        for connection in list(self._server.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
