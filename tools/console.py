"""What every step needs: talk, a heartbeat around long commands, and locks."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

HEARTBEAT_SECONDS = 15


class SetupError(Exception):
    """The set-up can't go on; the message says why and what to do."""


def say(text: str) -> None:
    """Print one line of progress, at once even into a pipe."""
    print(f"setup: {text}", flush=True)


def run(
    command: Sequence[str | Path],
    *,
    doing: str,
    log: Path,
    usually: str = "seconds",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 3600,
) -> str:
    """Run a command to its end and return what it printed.

    Its output goes to `log`; a line now and then tells that it is still at work.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    say(f"{doing} (usually {usually})")
    started = time.monotonic()
    with log.open("w") as output:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
            )
        except OSError as error:
            msg = f"{doing}: {error}"
            raise SetupError(msg) from None
        try:
            _wait(process, doing=doing, started=started, timeout=timeout)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    text = log.read_text(errors="replace")
    if process.returncode != 0:
        tail = "\n".join("    " + line for line in text.strip().splitlines()[-8:])
        status = f"failed with status {process.returncode}"
        msg = f"{doing}: {status}; the end of {log}:\n{tail}"
        raise SetupError(msg)
    return text


def _wait(
    process: subprocess.Popen[bytes], *, doing: str, started: float, timeout: float
) -> None:
    while True:
        try:
            process.wait(HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            elapsed = time.monotonic() - started
            if elapsed > timeout:
                msg = f"{doing}: given up after {elapsed:.0f} s"
                raise SetupError(msg) from None
            say(f"  still {doing}, {elapsed:.0f} s so far")
        else:
            return


@contextlib.contextmanager
def lock(path: Path, *, held_for: str, instead: str | None = None) -> Iterator[None]:
    """Hold an exclusive lock; the system drops it with the process, come what may.

    Where another process holds it, wait; or refuse, and tell what to do *instead*.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            other = f"another run is {held_for} (process {handle.read()})"
            if instead:
                raise SetupError(f"{other}: {instead}") from None
            say(f"waiting: {other}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def replace_link(link: Path, target: Path) -> None:
    """Point `link` at `target`, with no moment in which it is missing."""
    new = link.with_name(f".{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
