"""Run `pulumi up` of the example on stack `test`, against the embedded sandbox."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[0] = str(ROOT)

from tools.console import SetupError, lock, say  # noqa: E402

STACK = "test"
STATE = ROOT / ".pulumi-state"
BACKEND = STATE / "backend"
DATA = ".sandbox/data.json"
SETTINGS = ROOT / "examples" / "portal" / f"Pulumi.{STACK}.yaml"
SALTED = STATE / f"Pulumi.{STACK}.yaml"


PULUMI = {
    "PULUMI_HOME": str(STATE / "home"),
    "PULUMI_BACKEND_URL": BACKEND.as_uri(),
    "PULUMI_CONFIG_PASSPHRASE": "",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
}
"""The demo keeps to this folder: no login, no plugins of others, no passphrase."""

Run = Callable[[Sequence[str], Mapping[str, str]], int]
"""Runs a command in an environment to its end, and returns its status."""


def main() -> int:
    """Bring the example up, with a sandbox around; 0 when all is well."""
    sandbox = ["stripe-portal", "sandbox", "run", "--data", DATA, "--"]
    environ = {**os.environ, **PULUMI}
    try:
        with app_lock("press Enter there for `pulumi up`, or end it with Ctrl-C"):
            pass  # it may begin from now on, but finds the sandbox's data in use
    except SetupError as error:
        print(f"up: {error}", file=sys.stderr)
        return 1
    return bring_up(_run, environ, inside=sandbox, options=sys.argv[1:])


def app_lock(instead: str) -> AbstractContextManager[None]:
    """Hold what `make app` holds while it runs; where one does, refuse."""
    held_for = "showing the app, by `make app`"
    return lock(STATE / "app-lock", held_for=held_for, instead=instead)


def bring_up(
    run: Run,
    environ: Mapping[str, str],
    *,
    inside: Sequence[str] = (),
    options: Sequence[str] = (),
) -> int:
    """Create the stack where there is none, then bring it up; 0 when all is well.

    What asks Stripe is run *inside* of another command, where there is one.
    """
    BACKEND.mkdir(parents=True, exist_ok=True)
    stack = ["--stack", STACK, "--yes"]
    with lock(STATE / "lock", held_for="bringing the example up"):
        status = 0 if SALTED.exists() else _create_stack(run, environ)
        if status:
            return status
        _copy_settings()
        configured = [*stack, "--config-file", str(SALTED.relative_to(ROOT))]
        if dead_locks(BACKEND):
            say("an earlier run was killed: the stack is unlocked and refreshed")
            run(["pulumi", "cancel", *stack], environ)
            # Nothing is lost with them: the next create finds what that run made.
            forget = ["--clear-pending-creates", "--skip-preview"]
            run([*inside, "pulumi", "refresh", *configured, *forget], environ)
        return run([*inside, "pulumi", "up", *configured, *options], environ)


def _create_stack(run: Run, environ: Mapping[str, str]) -> int:
    """Create the stack, and keep what Pulumi adds to its settings out of the checkout.

    It is the salt of the demo's empty passphrase, which would be in the way of the
    reader's own.
    """
    original = SETTINGS.read_bytes()
    try:
        status = run(["pulumi", "stack", "select", "--create", STACK], environ)
        if status == 0:
            SALTED.write_bytes(SETTINGS.read_bytes())
    finally:
        SETTINGS.write_bytes(original)
    return status


def _copy_settings() -> None:
    """Take the settings as they are in the checkout now, with the demo's salt."""
    salt = next(
        line
        for line in SALTED.read_text().splitlines()
        if line.startswith("encryptionsalt:")
    )
    SALTED.write_text(f"{salt}\n{SETTINGS.read_text()}")


def dead_locks(backend: Path) -> list[Path]:
    """Find the stack locks that processes of this machine held when they died."""
    return [
        file
        for file in backend.glob(".pulumi/locks/**/*.json")
        if not _holder_lives(file)
    ]


def _holder_lives(lock_file: Path) -> bool:
    try:
        holder = json.loads(lock_file.read_text())
        if holder["hostname"] != socket.gethostname():
            return True
        os.kill(int(holder["pid"]), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError, KeyError):
        return True  # unreadable, or of another user: not ours to judge
    return True


def _run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    print("+", shlex.join(command), flush=True)
    process = subprocess.Popen(command, env=environ, cwd=ROOT)
    # Ctrl-C reaches the child by itself; a stop sent to this process is handed on.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())
