"""What a run of the program has declared: everything is checked before any is sent.

Pulumi's engine reports only the first resource whose check fails. Here every resource
of the program is checked first, and all that is wrong is said at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import weakref
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from pulumi_stripe_portal.resources.invalid import InvalidProgram

__all__ = ["Program", "running_program"]

_TURNS = 25
_LANGUAGE_HOST = "pulumi-language-python-exec"


class Program:
    """What this run of the program has declared so far."""

    def __init__(self, *, of_one: bool = False) -> None:
        """Begin with nothing declared.

        Args:
            of_one: Whether it is a single resource's, which can be judged at once.
        """
        self.of_one = of_one
        self.problems: dict[str, list[str]] = {}
        self.markers: set[str] = set()
        self.adoptions: dict[str, str] = {}
        self.defaults: dict[tuple[Any, Any], tuple[str, pulumi.Resource]] = {}
        self.lookup_keys: dict[str, None] = {}
        self._verdict: asyncio.Task[None] | None = None

    def add(self, title: str, lines: list[str]) -> None:
        """Record what is wrong with a resource, each line once."""
        known = self.problems.get(title, [])
        fresh = [line for line in lines if line not in known]
        if fresh:
            self.problems.setdefault(title, []).extend(fresh)

    async def passes(self) -> None:
        """Wait until every resource is declared.

        Raises:
            InvalidProgram: With all problems of all resources, if there is any.
        """
        if self._verdict is None:
            self._verdict = asyncio.ensure_future(self._judge())
        await asyncio.shield(self._verdict)

    async def _judge(self) -> None:
        # A program's code runs to its end before the loop runs a task. What is known
        # without asking the engine (secrets of the configuration) follows in a few
        # turns of the loop, and is waited for.
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self.judge()

    def judge(self) -> None:
        """Say all that is wrong so far.

        Raises:
            InvalidProgram: With all problems of all resources, if there is any.
        """
        if not self.problems:
            return
        count = sum(map(len, self.problems.values()))
        noun = "problem" if count == 1 else "problems"
        text = "".join(
            f"\n\n{title}:" + "".join(f"\n  - {line}" for line in lines)
            for title, lines in self.problems.items()
        )
        raise InvalidProgram(f"{count} {noun}; nothing was sent to Stripe.{text}\n")


_programs: weakref.WeakKeyDictionary[Any, Program] = weakref.WeakKeyDictionary()


def running_program() -> Program:
    """Return the record of the running program (tests run several in a process).

    Without an engine (`pulumi.runtime.set_mocks`) every resource stands alone: unit
    tests make the same one over and over. `testing` runs programs as a whole, and says
    so by `runs_programs`.
    """
    stack, monitor = pulumi.runtime.get_root_resource(), get_monitor()
    mocked = isinstance(monitor, MockMonitor)
    if stack is None or (mocked and not getattr(monitor, "runs_programs", False)):
        return Program(of_one=True)
    _end_when_interrupted()
    return _programs.setdefault(stack, Program())


def _end_when_interrupted() -> None:
    """Let a program of the language host end at once when the engine ends it.

    After a provider has refused something, the engine interrupts the program, which
    then waits in the SDK for answers that never come, and kills it five seconds later:
    measured with CLI 3.250 and any dynamic resource. A program that handles the
    signal itself, or runs inside another one (Automation API), is left alone; one that
    only inherits that it is ignored (a shell's background job) is not: the engine
    alone sends it, to the process group of its own that the program is in.
    """
    usual = (signal.default_int_handler, signal.SIG_IGN)
    if (
        _LANGUAGE_HOST in map(os.path.basename, sys.orig_argv[:2])
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) in usual
    ):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
