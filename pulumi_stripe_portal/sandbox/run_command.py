"""A command around which the sandbox runs: terminal, signals, exit code, leftovers.

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
_PR_SET_CHILD_SUBREAPER = 36
_GRACE = 2.0
"""Seconds that leftovers of the command have between SIGTERM and SIGKILL."""


def run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run *command* to its end and return its exit code, 128 + n if signal n ended it.

    Signals that ask this process to end are passed on, and waited for.

    Raises:
        OSError: It cannot be started.
    """
    relay = _Relay(terminal=_in_foreground())
    if not relay.terminal:
        _adopt_orphans()
    with relay.install():
        child = subprocess.Popen(  # noqa: S603 - what the user asked to run
            list(command), env=dict(environ), start_new_session=not relay.terminal
        )
        relay.to(child)
        try:
            code = child.wait()
        finally:
            if not relay.terminal:
                _end_group(child.pid)
    return code if code >= 0 else 128 - code


class _Relay:
    """Passes signals on to the command; those that come before it started, then."""

    def __init__(self, *, terminal: bool) -> None:
        self.terminal = terminal
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    @contextmanager
    def install(self) -> Iterator[None]:
        """Handle this process's signals meanwhile."""
        before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def to(self, child: subprocess.Popen[bytes]) -> None:
        """Send what comes, and what came, to *child*."""
        self._child = child
        while self._early:
            self._handle(self._early.pop(0))

    def _handle(self, number: int, _frame: FrameType | None = None) -> None:
        if self.terminal and signal.Signals(number).name in _FROM_TERMINAL:
            return  # the terminal has sent it to the command as well
        if self._child is None:
            self._early.append(number)
        elif self.terminal:
            self._child.send_signal(number)
        else:
            _signal_group(self._child.pid, number)


def _in_foreground() -> bool:
    """Tell whether a terminal's keys come here; always so without job control."""
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


def _end_group(group: int) -> None:
    if not _signal_group(group, signal.SIGTERM):
        return
    deadline = time.monotonic() + _GRACE
    while time.monotonic() < deadline:
        _reap(group)
        if not _signal_group(group, 0):
            return
        time.sleep(0.01)
    _signal_group(group, signal.SIGKILL)


def _adopt_orphans() -> None:
    """Become the parent of what the command leaves behind, where Linux offers that.

    Otherwise it counts as running until the system's first process has noticed its
    end, which takes a second or, in containers without an init, for ever.
    """
    import ctypes

    try:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (AttributeError, OSError):
        return


def _reap(group: int) -> None:
    try:
        while os.waitpid(-group, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return


def _signal_group(group: int, number: int) -> bool:
    """Send a signal to the group; False where nothing of it is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
