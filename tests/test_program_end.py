"""A program ends when the engine interrupts it, whatever the SDK still waits for."""

from __future__ import annotations

import signal
import subprocess
import sys
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


def test_a_program_of_the_language_host_ends_at_once(tmp_path: Path) -> None:
    """It does not wait for a thread that nobody will answer any more."""
    script = tmp_path / "pulumi-language-python-exec"
    script.write_text(WAITING.format(own=""))

    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
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
    script = tmp_path / name
    script.write_text(WAITING.format(own=own))

    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "False\n"
        process.kill()
