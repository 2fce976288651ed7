"""Run `pulumi up` of the example on stack `test`, against the embedded sandbox."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[0] = str(ROOT)

from tools.console import lock, say  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

STACK = "test"
STATE = ROOT / ".pulumi-state"
BACKEND = STATE / "backend"
DATA = ".sandbox/data.json"
SETTINGS = ROOT / "examples" / "portal" / f"Pulumi.{STACK}.yaml"
SALTED = STATE / f"Pulumi.{STACK}.yaml"


def main() -> int:
    """Create the stack where there is none, then bring it up; 0 when all is well."""
    BACKEND.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        # The demo keeps to this folder: no login, no plugins of others, no passphrase.
        "PULUMI_HOME": str(STATE / "home"),
        "PULUMI_BACKEND_URL": BACKEND.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    in_sandbox = ["stripe-portal", "sandbox", "run", "--data", DATA, "--", "pulumi"]
    stack = ["--stack", STACK, "--yes"]
    with lock(STATE / "lock", held_for="bringing the example up"):
        status = 0 if SALTED.exists() else create_stack(env)
        if status:
            return status
        copy_settings()
        configured = [*stack, "--config-file", str(SALTED.relative_to(ROOT))]
        if dead_locks(BACKEND):
            say("an earlier run was killed: the stack is unlocked and refreshed")
            _run(["pulumi", "cancel", *stack], env)
            # Nothing is lost with them: the next create finds what that run made.
            forget = ["--clear-pending-creates", "--skip-preview"]
            _run([*in_sandbox, "refresh", *configured, *forget], env)
        return _run([*in_sandbox, "up", *configured, *sys.argv[1:]], env)


def create_stack(env: dict[str, str]) -> int:
    """Create the stack, and keep what Pulumi adds to its settings out of the checkout.

    It is the salt of the demo's empty passphrase, which would be in the way of the
    reader's own.
    """
    original = SETTINGS.read_bytes()
    try:
        status = _run(["pulumi", "stack", "select", "--create", STACK], env)
        if status == 0:
            SALTED.write_bytes(SETTINGS.read_bytes())
    finally:
        SETTINGS.write_bytes(original)
    return status


def copy_settings() -> None:
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


def _run(command: Sequence[str], env: dict[str, str]) -> int:
    print("+", shlex.join(command), flush=True)
    process = subprocess.Popen(command, env=env, cwd=ROOT)
    # Ctrl-C reaches the child by itself; a stop sent to this process is handed on.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())
