"""What lies between a provider and its Stripe: it can be watched, and break."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

__all__ = ["Wire", "laid"]

When = Literal["before", "after"]
Answer = tuple[int, list[tuple[str, str]], bytes]


class Wire:
    """Passes requests on to `far`, until something is to happen at one of them."""

    def __init__(self, far: str) -> None:
        self._far = urlsplit(far).netloc
        self._lock = threading.Lock()
        self._due: Callable[[bytes, str], bool] = lambda _request, _method: False
        self._when: When = "before"
        self._happen: Callable[[], bool] = lambda: True
        self._broken = self._cut = False
        self.struck: list[str] = []
        """At which requests it happened."""
        self.busiest = 0
        """How many requests were under way together, at most."""
        self._under_way = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def strike(
        self, nth: int, when: When, happen: Callable[[], bool], *, writes: bool = False
    ) -> None:
        """Let it happen once, at the nth request from now (or the nth write).

        That is before or after Stripe's commit. Where `happen` returns False, the
        connection breaks, and stays so.
        """
        seen = 0

        def due(_request: bytes, method: str) -> bool:
            nonlocal seen
            seen += not writes or method != "GET"
            return seen == nth and not self.struck

        self._lay(due, when, happen)

    def cut_each(self, when: When) -> None:
        """Cut the connection at the first try of every request, from now on."""
        tried: set[bytes] = set()

        def due(request: bytes, _method: str) -> bool:
            tried.symmetric_difference_update({request})
            return request in tried

        self._lay(due, when, lambda: True)
        self._cut = True

    def rest(self) -> None:
        """Let everything pass from now on."""
        self._lay(lambda _request, _method: False, "before", lambda: True)

    def _lay(
        self,
        due: Callable[[bytes, str], bool],
        when: When,
        happen: Callable[[], bool],
    ) -> None:
        with self._lock:
            self._due, self._when, self._happen = due, when, happen
            self._broken = self._cut = False
            self.struck = []

    def stop(self) -> None:
        """Close it."""
        self._server.shutdown()
        self._server.server_close()

    def passed(
        self, method: str, path: str, headers: Any, body: bytes
    ) -> Answer | None:
        """Return the far side's answer, None where the connection is to be cut."""
        with self._lock:
            self._under_way += 1
            self.busiest = max(self.busiest, self._under_way)
        try:
            return self._pass(method, path, headers, body)
        finally:
            with self._lock:
                self._under_way -= 1

    def _pass(self, method: str, path: str, headers: Any, body: bytes) -> Answer | None:
        with self._lock:
            due = self._due(f"{method} {path} ".encode() + body, method)
            if due:
                self.struck.append(f"{method} {path}")
        if self._broken or (due and self._when == "before" and not self._passes()):
            return None
        connection = http.client.HTTPConnection(self._far)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if self._broken or (due and self._when == "after" and not self._passes()):
            return None
        return answer.status, answer.getheaders(), content

    def _passes(self) -> bool:
        """Let it happen; tell whether the request, or its answer, gets through."""
        self._broken = not self._happen()
        return not self._broken and not self._cut


def _handler(wire: Wire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            """Pass the request on, and the answer back."""
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            passed = wire.passed(self.command, self.path, dict(self.headers), body)
            self.close_connection = True
            if passed is None:
                return
            status, headers, content = passed
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.end_headers()
            with suppress(BrokenPipeError):  # the asking process was killed
                self.wfile.write(content)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def laid(far: str) -> Iterator[Wire]:
    """Lay a wire to `far` for a while."""
    wire = Wire(far)
    try:
        yield wire
    finally:
        wire.stop()
