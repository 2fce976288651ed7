"""What a connection does, on waitress: parse, time out, refuse, close.

Waitress reads a request whole before a thread answers it, so that slow clients keep
nobody waiting. What is added here: each request that can't be read gets an answer, in
the words of whom the server belongs to; none may take for ever; and the end of a
connection doesn't take away the answer before it.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import BadRequest, Error

from .turns import Turns

__all__ = ["QUIET", "Connection", "Refuse", "Threads"]

Refuse = Callable[[int, str], "tuple[list[tuple[str, str]], bytes]"]
"""From a status and what is wrong with a request to headers and body of the answer."""

_REQUEST = 30.0
"""Seconds from the first byte of a request to its last."""
_IDLE = 120.0
"""Seconds that a connection may be kept without a request, or without being read."""
_DRAIN = 2.0
"""Seconds for a refused client to finish sending and read the answer."""
_AT_WORK = 4
"""Threads that answer. More of them would only wait for Python's own lock."""
_MOST_THREADS = 256
"""With those that wait for something else: how many requests there are at once."""
_CONTROL_LINE = 1_024
"""The bytes of the line before each chunk of a body."""

QUIET = logging.getLogger("stripe-portal.sandbox.http")
"""Where waitress may say what it likes: the sandbox has its own log."""
QUIET.disabled = True


class _TimedOut(Error):
    code = 408
    reason = "Request Timeout"


class Threads(ThreadedTaskDispatcher):
    """Threads that are started when they are needed, and then kept."""

    queue_logger = logger = QUIET

    def __init__(self, turns: Turns) -> None:
        """Begin without a thread; *turns* tells which ones wait for something else."""
        super().__init__()
        self._turns = turns
        turns.on_leave = self._start_another
        self._next_at_last_look: Any = None

    def add_task(self, task: Any) -> None:
        """Let a thread run *task*, a new one where all are busy and those are few."""
        super().add_task(task)
        self._start_another()

    def look(self) -> None:
        """Start another thread where none has taken the next task since the last look.

        Whatever keeps them.
        """
        with self.lock:
            next_ = self.queue[0] if self.queue else None
        if next_ is not None and next_ is self._next_at_last_look:
            self._start_another(_MOST_THREADS)
        self._next_at_last_look = next_

    def _start_another(self, most: int = _AT_WORK) -> None:
        with self.lock:
            count = len(self.threads)
            idle = count - self.active_count - self.stop_count
            few = count < _MOST_THREADS and count - self._turns.away < most
            short = few and len(self.queue) > idle
        if short:
            self.set_thread_count(count + 1)


class _Request(HTTPRequestParser):
    """A request on its way in; whatever it is, it becomes complete or an error."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.monotonic()

    def received(self, data: bytes) -> int:
        try:
            consumed: int = super().received(data)
        except Exception:
            # Such as a Content-Length of 5,000 digits, which int() doesn't read.
            self.fail(BadRequest("The request is malformed."))
            return len(data)
        chunks = self.body_rcv
        if isinstance(chunks, ChunkedReceiver):
            longest = max(len(chunks.control_line), len(chunks.trailer))
            if longest > _CONTROL_LINE and not self.completed:
                self.fail(BadRequest("A chunk's size or the trailer is too long."))
        if self.error:
            self.expect_continue = False
        return consumed

    def fail(self, error: Error) -> None:
        """End here, with *error* for an answer."""
        self.error = error
        self.completed = True


class _Refusal(ErrorTask):
    """Answers what can't be read."""

    def execute(self) -> None:
        self.channel.refused = True
        error = self.request.error
        headers, body = self.channel.server.refuse(error.code, error.body)
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(headers)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(b"" if getattr(self.request, "command", "") == "HEAD" else body)


class Connection(HTTPChannel):
    """A client's connection."""

    logger = QUIET
    parser_class = _Request
    error_task_class = _Refusal
    request: Any
    """What is being read, None between two requests."""
    requests: list[Any]
    """What is read and not yet answered."""
    close_when_flushed: bool
    total_outbufs_len: int
    will_close: bool
    refused = False
    """Whether a request was refused, after which no other is read."""
    _drained_at: float | None = None

    def readable(self) -> bool:
        """Tell whether anything is to be read, if only to be thrown away."""
        return self._drained_at is not None or bool(super().readable())

    def handle_read(self) -> None:
        """Take in what the client has sent, or that it has finished."""
        try:
            data = self.socket.recv(self.adj.recv_bytes)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if self._drained_at is not None:
            if not data:
                self.handle_close()
        elif data:
            self.last_activity = time.time()
            self.received(data)
        elif self.request is not None:
            # It has finished sending, and may still wait for what we say to it.
            self._fail(BadRequest("The request ends too early."))
        else:
            self.handle_close()

    def handle_write(self) -> None:
        """Send what is ready; after a refusal, let the client come to an end."""
        # A thread that still answers has the buffers: it is not waited for.
        flush = self._flush_some_if_lockable if self.requests else self._flush_some
        self._flush_exception(flush if self.total_outbufs_len else None)
        if self.will_close:
            self.handle_close()
        elif self.close_when_flushed and not self.total_outbufs_len:
            self.close_when_flushed = False
            if self.refused and self._drained_at is None:
                self._drain()
            else:
                self.handle_close()

    def expire(self, now: float) -> None:
        """Give up what has taken too long, *now* by `time.monotonic`."""
        silent = time.time() - self.last_activity > _IDLE
        if self._drained_at is not None:
            if now > self._drained_at:
                self.handle_close()
        elif silent and self.total_outbufs_len:
            self.handle_close()
        elif self.request is not None and not self.requests:
            if now - self.request.began > _REQUEST:
                self._fail(_TimedOut("The request did not come to an end in time."))
        elif silent and not self.requests:
            self.handle_close()

    @property
    def busy(self) -> bool:
        """Whether a request is being answered, or the answer is on its way."""
        return bool(self.connected and (self.requests or self.total_outbufs_len))

    @property
    def idle(self) -> bool:
        """Whether nothing is being asked or answered."""
        return self.request is None and not self.busy and self._drained_at is None

    def _fail(self, error: Error) -> None:
        with self.requests_lock:
            if self.request is None or self.requests:
                return
            request, self.request = self.request, None
            request.fail(error)
            self.requests.append(request)
            self.server.add_task(self)

    def _drain(self) -> None:
        """Throw away what still arrives: to close at once would destroy the answer."""
        self._drained_at = time.monotonic() + _DRAIN
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.handle_close()
