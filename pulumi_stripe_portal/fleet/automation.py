"""Pulumi's Automation API as a fleet uses it: its command, in a stack's own folder.

`auto.Stack` would ask for all outputs and the history after each run, in four more
starts of the command line; what became of each account is in the engine's events.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pulumi import automation as auto

from .accounts import FleetError
from .leftovers import has_killed_run, is_alive

__all__ = ["Ran", "command", "run", "select", "stack_outputs"]

_EVENTS = {"PULUMI_DEBUG_COMMANDS": "true"}
"""What the Automation API sets itself, for `--event-log`."""
_HOLDER = re.compile(r"created by \S+@(\S+) \(pid (\d+)\)")
_PATIENCE = 900.0
"""Seconds for which a run of a worker that is gone is waited for."""


@dataclass(frozen=True)
class Ran:
    """What one run of the command line said."""

    stdout: str
    trouble: str
    """Why it failed, "" where it did not."""
    events: tuple[Mapping[str, Any], ...] = ()


@cache
def command() -> auto.PulumiCommand:
    """Return the Pulumi command of this process.

    Raises:
        FleetError: There is none, or it is too old.
    """
    try:
        return auto.PulumiCommand()
    except (OSError, auto.InvalidVersionError) as error:
        why = f"the command `pulumi` can't be run ({error}); install the Pulumi CLI"
        raise FleetError(why) from None


def run(
    arguments: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None
) -> Ran:
    """Run Pulumi once; where the stack is locked, when it no longer is."""
    log = folder / "events"
    logged = ["--event-log", str(log)] if arguments[0] in _LOGGED else []
    until = time.monotonic() + _PATIENCE
    while True:
        lines: list[str] = []
        trouble = ""
        log.unlink(missing_ok=True)
        try:
            command().run(
                [*arguments, *logged],
                str(folder),
                {**_EVENTS, **(environ or {})},
                on_output=lines.append,
            )
        except auto.CommandError as error:
            trouble = str(error)
            locked = isinstance(error, auto.ConcurrentUpdateError)
            if locked and time.monotonic() < until and _is_freed(trouble, folder):
                continue
        return Ran("\n".join(lines), trouble, tuple(_read(log)))


_LOGGED = ("up", "refresh", "destroy")


def select(stack: str, folder: Path) -> None:
    """Make a stack, where there is none yet, and select it in its folder.

    Raises:
        FleetError: The backend does not let it.
    """
    done = run(["stack", "select", stack, "--create"], folder)
    if done.trouble:
        raise FleetError(last_words(done.trouble))


def stack_outputs(stack: str, folder: Path) -> Mapping[str, Any]:
    """Return a stack's outputs, {} where it has none."""
    done = run(["stack", "output", "--json", "--stack", stack], folder)
    if done.trouble:
        raise FleetError(last_words(done.trouble))
    found = json.loads(done.stdout or "{}")
    return found if isinstance(found, dict) else {}


def last_words(text: str) -> str:
    """Return why a command failed, of all that it printed."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line]
    last = (errors or lines or ["it said nothing"])[-1]
    return last.partition("error: ")[-1] or last


def _is_freed(trouble: str, folder: Path) -> bool:
    """Wait a moment for a stack that is locked; False where nobody will free it.

    The lock of a run that was killed stays. It is taken away only where its process is
    known to be gone, with the worker: one that has ended may have left it to go on.
    """
    found = _HOLDER.search(trouble)
    if found is None or found[1] != socket.gethostname():
        return False
    if is_alive(int(found[2])):
        time.sleep(1)
        return True
    if not has_killed_run(folder):
        return False
    try:
        command().run(["cancel", "--yes"], str(folder), {})
    except auto.CommandError:
        return False
    return True


def _read(log: Path) -> list[Mapping[str, Any]]:
    """Return the engine's events; the last may be half of one."""
    if not log.exists():
        return []
    found: list[Mapping[str, Any]] = []
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            found.append(event)
    return found
