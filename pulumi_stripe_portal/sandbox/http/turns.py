"""One request after the other, in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Turns"]


class Turns:
    """A lock that goes to whoever has waited longest.

    Answering is work for Python alone, one request at a time. With Python's own lock
    200 threads that want it are woken to find it taken, which costs three times as much
    as the answers, and some wait for half a minute.
    """

    def __init__(self) -> None:
        """Begin with nobody's turn."""
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()
        self.away = 0
        """How many have left their turn and will want another one."""
        self.on_leave: Callable[[], None] = lambda: None
        """Called when somebody leaves, who is then counted in `away`."""

    def __enter__(self) -> None:
        """Wait for one's turn."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()

    def __exit__(self, *_: object) -> None:
        """Hand the turn over."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    @contextmanager
    def left(self) -> Iterator[None]:
        """Let others have the turn within the block, and wait for another one."""
        self.__exit__()
        with self._lock:
            self.away += 1
        self.on_leave()
        try:
            yield
        finally:
            with self._lock:
                self.away -= 1
            self.__enter__()
