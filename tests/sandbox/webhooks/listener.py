"""A webhook listener."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe

__all__ = ["Listener", "Received"]


@dataclass(frozen=True)
class Received:
    """One request as the listener got it."""

    path: str
    signature: str
    body: bytes

    def event(self, secret: str) -> stripe.Event:
        """Verify the request as Stripe's SDK does."""
        return stripe.Webhook.construct_event(self.body, self.signature, secret)  # type: ignore[no-any-return]


class Listener:
    """A web server that keeps what it gets, and answers with the next of *answers*."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[int] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signature = self.headers["Stripe-Signature"]
                listener.received.append(Received(self.path, signature, body))
                status = listener.answers.pop(0) if listener.answers else 200
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
