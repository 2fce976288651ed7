"""What lies between a provider and its Stripe: it can be watched, and break."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

__all__ = ["Trouble", "Wire", "laid"]

When = Literal["before", "after"]
Answer = tuple[int, list[tuple[str, str]], bytes]


@dataclass(frozen=True)
class Trouble:
    """What comes in the place of an answer of Stripe's."""

    when: When = "before"
    """Whether Stripe has done by then what it was asked."""
    answer: Callable[[Answer], Answer | None] = lambda _answer: None
    """Makes it of Stripe's; None cuts the connection. Before, Stripe's is empty."""
    pace: float = 0.0
    """Seconds between two bytes, from the first one on."""


class Wire:
    """Passes requests on to `far`, until something is to happen at one of them."""

    def __init__(self, far: str) -> None:
        self._far = urlsplit(far).netloc
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._due: Callable[[bytes, str], bool] = lambda _request, _method: False
        self._when: When = "before"
        self._happen: Callable[[], bool] = lambda: True
        self._broken = self._cut = False
        self._trouble: Trouble | None = None
        self._calm = threading.Event()
        self.struck: list[str] = []
        """At which requests it happened."""
        self.headers: list[dict[str, str]] = []
        """What requests came with, those that were answered in another way as well."""
        self.busiest = 0
        """How many requests were under way together, at most."""
        self._under_way = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        # It looks as often as that whether it is to stop.
        serve = partial(self._server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()

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

    def disturb(self, nth: int, trouble: Trouble, *, lasting: bool) -> None:
        """Put something in place of the nth answer, or of all from there on."""
        seen = 0

        def due(_request: bytes, _method: str) -> bool:
            nonlocal seen
            seen += 1
            return seen >= nth if lasting else seen == nth

        self._lay(due, trouble.when, lambda: True)
        self._trouble = trouble

    def rest(self) -> None:
        """Let everything pass from now on, and what was given up on its way first."""
        self._lay(lambda _request, _method: False, "before", lambda: True)
        with self._idle:
            self._idle.wait_for(lambda: not self._under_way, timeout=30)

    def _lay(
        self,
        due: Callable[[bytes, str], bool],
        when: When,
        happen: Callable[[], bool],
    ) -> None:
        with self._lock:
            self._due, self._when, self._happen = due, when, happen
            self._broken = self._cut = False
            self._trouble = None
            self.headers = []
            self._calm.set()  # who waits for a slow answer is let go
            self._calm = threading.Event()
            self.struck = []

    def stop(self) -> None:
        """Close it."""
        self._server.shutdown()
        self._server.server_close()

    def passed(
        self, method: str, path: str, headers: Any, body: bytes
    ) -> tuple[Answer, Callable[[], bool] | None] | None:
        """Return the far side's answer, None where the connection is to be cut.

        With it, what is to be called before each byte; False ends it.
        """
        with self._lock:
            self.headers.append(dict(headers))
            self._under_way += 1
            self.busiest = max(self.busiest, self._under_way)
        try:
            return self._pass(method, path, headers, body)
        finally:
            with self._idle:
                self._under_way -= 1
                self._idle.notify_all()

    def _pass(
        self, method: str, path: str, headers: Any, body: bytes
    ) -> tuple[Answer, Callable[[], bool] | None] | None:
        with self._lock:
            due = self._due(f"{method} {path} ".encode() + body, method)
            trouble, calm = (self._trouble if due else None), self._calm
            if due:
                self.struck.append(f"{method} {path}")
        if trouble is not None:
            passes = trouble.when == "after"
            came = self._ask(method, path, headers, body) if passes else (0, [], b"")
            answer = trouble.answer(came)
            pace = trouble.pace
            slow = (lambda: not calm.wait(pace)) if pace else None
            return None if answer is None else (answer, slow)
        if self._broken or (due and self._when == "before" and not self._passes()):
            return None
        answer = self._ask(method, path, headers, body)
        if self._broken or (due and self._when == "after" and not self._passes()):
            return None
        return answer, None

    def _ask(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(self._far)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
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
            (status, headers, content), slow = passed
            if slow and not slow():
                return
            # The asking process may have been killed, or have given up.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() not in ("connection", "transfer-encoding"):
                        self.send_header(name, value)
                self.end_headers()
                step = 1 if slow else len(content) or 1
                for start in range(0, len(content), step):
                    if slow and not slow():
                        return
                    self.wfile.write(content[start : start + step])

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
