"""Ends the runs of Pulumi on a worker in good order, where the user ends the fleet."""

from __future__ import annotations

import asyncio
import os
import signal

import psutil  # type: ignore[import-untyped]

__all__ = ["end_runs", "leave_terminal"]

_PATIENCE = 60
"""Seconds for what is under way; Pulumi begins nothing more and writes its state."""


def leave_terminal() -> None:
    """Let a terminal's Ctrl-C reach the fleet alone, and not each run of Pulumi's.

    Pulumi takes a second one as the wish to end at once, whatever is under way.
    """
    if hasattr(os, "setsid") and os.getpid() != os.getpgrp():
        os.setsid()


async def end_runs() -> None:
    """Ask each run of Pulumi that this worker has started to end, and wait for it."""
    children = psutil.Process().children(recursive=True)
    runs = [each for each in children if each.is_running() and _is_pulumi(each)]
    for each in runs:
        each.send_signal(signal.SIGINT)
    for _ in range(_PATIENCE * 10):
        runs = [each for each in runs if each.is_running() and not _is_ended(each)]
        if not runs:
            return
        await asyncio.sleep(0.1)


def _is_pulumi(process: psutil.Process) -> bool:
    try:
        return bool(process.name().removesuffix(".exe") == "pulumi")
    except psutil.Error:
        return False


def _is_ended(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return True
