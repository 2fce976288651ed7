"""
One command around which the sandbox runs: terminal, signals, exit code, no leftovers.

In the foreground of a terminal the command stays in the sandbox's process group, so
that prompts, pagers, Ctrl-C and Ctrl-Z work as without the sandbox. Anywhere else, as
in CI, it gets a session of its own, and whatever is left of that is ended with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

__all__ = ["run"]

_SIGNALS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
    if hasattr(signal, name)
]
_FROM_TERMINAL = ("SIGINT", "SIGQUIT")
_GRACE = 2.0
"""Seconds that leftovers of the command have between SIGTERM and SIGKILL."""


def run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """
    Run *command* to its end and return its exit code, 128 + n if signal n ended it.

    Signals that ask this process to end are passed on, and waited for.

    Raises:
        OSError: it cannot be started.
    """
    terminal = _in_foreground()
    started: list[subprocess.Popen[bytes]] = []
    with _passing_on(started, terminal=terminal):
        child = subprocess.Popen(  # noqa: S603 - what the user asked to run
            list(command), env=dict(environ), start_new_session=not terminal
        )
        started.append(child)
        try:
            code = child.wait()
        finally:
            if not terminal:
                _end_group(child.pid)
    return code if code >= 0 else 128 - code


def _in_foreground() -> bool:
    """Whether a terminal's keys reach this process; always so without job control."""
    if not hasattr(os, "tcgetpgrp"):
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


@contextmanager
def _passing_on(
    started: Sequence[subprocess.Popen[bytes]], *, terminal: bool
) -> Iterator[None]:
    def pass_on(number: int, _frame: FrameType | None) -> None:
        if terminal and signal.Signals(number).name in _FROM_TERMINAL:
            return  # the terminal has sent it to the command as well
        for child in started:
            if terminal:
                child.send_signal(number)
            else:
                _signal_group(child.pid, number)

    before = {number: signal.signal(number, pass_on) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_group(group: int) -> None:
    if not _signal_group(group, signal.SIGTERM):
        return
    deadline = time.monotonic() + _GRACE
    while time.monotonic() < deadline:
        time.sleep(0.02)
        if not _signal_group(group, 0):
            return
    _signal_group(group, signal.SIGKILL)


def _signal_group(group: int, number: int) -> bool:
    """Send a signal to the group; False where nothing of it is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
