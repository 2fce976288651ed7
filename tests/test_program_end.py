"""A program ends when the engine interrupts it, whatever the SDK still waits for."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WAITING = """
import signal, sys, threading
from concurrent.futures import ThreadPoolExecutor
from pulumi_stripe_portal.resources.program import _end_when_interrupted

{own}
_end_when_interrupted()
print(signal.getsignal(signal.SIGINT) is signal.SIG_DFL, flush=True)
with ThreadPoolExecutor() as pool:  # as the SDK waits for an answer of the engine's
    pool.submit(sys.stdin.readline)
    threading.Event().wait()
"""


@contextmanager
def waiting(script: Path, own: str = "") -> Iterator[subprocess.Popen[str]]:
    """Run a program that waits for ever, where the signal means what it usually does.

    A shell has its background jobs ignore it, and a process inherits that.
    """
    script.write_text(WAITING.format(own=own))
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    "own",
    ["", "signal.signal(signal.SIGINT, signal.SIG_IGN)"],
    ids=["in front", "in the background"],
)
def test_a_program_of_the_language_host_ends_at_once(tmp_path: Path, own: str) -> None:
    """It does not wait for a thread that nobody will answer any more."""
    with waiting(tmp_path / "pulumi-language-python-exec", own) as process:
        assert process.stdout
        assert process.stdout.readline() == "True\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == -signal.SIGINT


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("automation.py", ""),
        (
            "pulumi-language-python-exec",
            "signal.signal(signal.SIGINT, lambda number, frame: sys.exit(3))",
        ),
    ],
    ids=["inside another program", "with a handler of its own"],
)
def test_another_ones_handler_is_left_alone(
    tmp_path: Path, name: str, own: str
) -> None:
    """The Automation API's host, or a program that handles the signal itself."""
    with waiting(tmp_path / name, own) as process:
        assert process.stdout
        assert process.stdout.readline() == "False\n"
