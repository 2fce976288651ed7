"""`sandbox run` between its command and the shell: signals, leftovers, terminals."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

RUN = [sys.executable, "-m", "pulumi_stripe_portal", "sandbox", "run", "--memory"]


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be reaped does not."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except FileNotFoundError:
        return False


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start a run around a shell program, without a terminal."""
    children = []

    def start(program: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [*RUN, "sh", "-c", program],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_are_passed_on(
    started: Callable[[str], subprocess.Popen[str]], number: signal.Signals
) -> None:
    """A signal to `run` reaches the command and all that it started; none stays."""
    child = started("sleep 60 & echo $! $$; wait")
    assert child.stdout
    pids = [int(pid) for pid in child.stdout.readline().split()]

    child.send_signal(number)
    code = child.wait(timeout=10)

    assert code == 128 + number
    assert not any(alive(pid) for pid in pids)


def test_the_command_ends_first(
    started: Callable[[str], subprocess.Popen[str]],
) -> None:
    """A command that takes its time to end after SIGTERM is given it."""
    child = started(
        "trap 'sleep 0.3; echo done; exit 5' TERM; echo ready; sleep 60 & wait"
    )
    assert child.stdout
    assert child.stdout.readline() == "ready\n"

    child.terminate()

    assert child.stdout.read() == "done\n"
    assert child.wait(timeout=10) == 5


def test_leftovers_end_with_the_command(
    started: Callable[[str], subprocess.Popen[str]],
) -> None:
    """What a command leaves in the background ends with it, also if it resists."""
    child = started("(trap '' TERM; exec sleep 60) >/dev/null & echo $!")

    output, _ = child.communicate(timeout=10)

    assert child.returncode == 0
    assert not alive(int(output))


def on_terminal(folder: Path, program: str) -> tuple[int, int]:
    """Start a run on a terminal of its own; its pid and the terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execv(sys.executable, [*RUN, sys.executable, "-c", program])
    return pid, terminal


def read_until(terminal: int, wanted: str) -> str:
    """Read what is written to a terminal until *wanted* is among it."""
    seen = ""
    while wanted not in seen:
        try:
            seen += os.read(terminal, 1000).decode()
        except OSError:
            break
    return seen


def test_prompt(tmp_path: Path) -> None:
    """A command may ask at the terminal, as `pulumi up` does."""
    pid, terminal = on_terminal(tmp_path, "print('answer', input('sure? '))")

    read_until(terminal, "sure? ")
    os.write(terminal, b"yes\n")
    seen = read_until(terminal, "GET 0, POST 0")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)

    assert "answer yes" in seen
    assert os.waitstatus_to_exitcode(status) == 0


def test_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C is the command's to handle, once; `run` waits for it."""
    program = (
        "import time\n"
        "try: print('ready', flush=True); time.sleep(60)\n"
        "except KeyboardInterrupt: time.sleep(0.2); print('cleaned'); exit(4)"
    )
    pid, terminal = on_terminal(tmp_path, program)

    read_until(terminal, "ready")
    os.write(terminal, b"\x03")
    seen = read_until(terminal, "GET 0, POST 0")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)

    assert "cleaned" in seen
    assert os.waitstatus_to_exitcode(status) == 4
