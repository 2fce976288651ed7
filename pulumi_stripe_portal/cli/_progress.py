"""Tells on stderr how far something is that takes longer than a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

__all__ = ["Progress"]


class Progress:
    """Says a line at most every second, and nothing in the first."""

    def __init__(self) -> None:
        """Begin to count now."""
        self._last = time.monotonic()

    def __call__(self, text: str) -> None:
        """Say how far the work is, if it is time to."""
        if time.monotonic() - self._last >= 1:
            self._say(text)

    @contextmanager
    def during(self, text: str) -> Iterator[None]:
        """Say what is being done, once that has taken a second."""
        timer = threading.Timer(1, self._say, [text])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _say(self, text: str) -> None:
        self._last = time.monotonic()
        click.echo(f"{text} …", err=True)
