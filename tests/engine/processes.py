"""The processes of a run, found by the environment that the test gave them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from . import warm_python

__all__ = ["be_interruptible", "kill_all", "providers", "roles"]

_PROVIDERS = (b"pulumi.dynamic", b"pulumi_stripe_portal.plugin")


def be_interruptible() -> None:
    """Let an interrupt end what this process starts.

    A shell has its background jobs ignore it, and what they start inherits that: Pulumi
    then waits five seconds for each process that it ends, in every run.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def providers(folder: Path) -> list[int]:
    """Return the ids of the provider processes of the stacks in the folder."""
    return [
        warm_python.fork_of(pid)
        for pid in _of(folder)
        if any(name in _told(pid, "cmdline") for name in _PROVIDERS)
    ]


def roles(folder: Path) -> list[tuple[int, str]]:
    """Return the processes of the stacks in the folder, and what each is."""
    return [(pid, _role(_told(pid, "cmdline"))) for pid in _of(folder)]


def _role(command: bytes) -> str:
    if any(name in command for name in _PROVIDERS):
        return "provider"
    if b"pulumi-language-python-exec" in command or b"benchmarks.script" in command:
        return "program"
    return "engine"


def kill_all(pids: list[int]) -> None:
    """End processes as a crash or the kernel's memory killer would."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def _of(folder: Path) -> list[int]:
    marked = f"PULUMI_HOME={folder}/".encode()
    pids = [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()
    ]
    return [pid for pid in pids if marked in _told(pid, "environ")]


def _told(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""
