"""`python -m benchmarks.own`: Pulumi's own second, and what shortens it.

An `up` with nothing to do, of one bare dynamic resource, in variants: in turns in one
run, as ratios to what `pulumi up` does by itself.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import venv
from functools import partial
from pathlib import Path

from benchmarks.contenders import Pulumi, contender
from benchmarks.measure import seconds
from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.processes import be_interruptible

ROUNDS = 5

BY_ITSELF = "`pulumi up --yes`"
VARIANTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    BY_ITSELF: ((), {}),
    "`PULUMI_SKIP_UPDATE_CHECK=false`": ((), {"PULUMI_SKIP_UPDATE_CHECK": "false"}),
    "`--skip-preview`": (("--skip-preview",), {}),
    "`--skip-preview`, `GOGC=400`": (("--skip-preview",), {"GOGC": "400"}),
}
"""Arguments and environment of each."""

MANY = 200
CHECKPOINTS: dict[str, dict[str, str]] = {
    "a checkpoint after each step": {},
    "`PULUMI_SKIP_CHECKPOINTS=true`": {
        "PULUMI_EXPERIMENTAL": "true",
        "PULUMI_SKIP_CHECKPOINTS": "true",
    },
}
"""How the engine keeps the state while it creates many."""


def main() -> int:
    """Measure and print; 0 always, for nothing is asserted here."""
    be_interruptible()
    times: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        each = contender("bare", Path(folder) / "bare", sandbox, 1)
        if not isinstance(each, Pulumi):
            return 2
        each.run("create")
        for _ in range(ROUNDS):
            for name, (arguments, environ) in VARIANTS.items():
                each.stack.environ = {"GOGC": "", **environ}
                up = partial(each.stack.pulumi, "up", "--yes", *arguments)
                times[name].append(seconds(up))
        slim, full = _lists(Path(folder) / "slim")
        created = [_create(Path(folder), *each) for each in CHECKPOINTS.items()]
    base = statistics.median(times[BY_ITSELF])
    print("| `up`, nothing to do | seconds | ratio |\n|---|---|---|")
    for name, measured in times.items():
        took = statistics.median(measured)
        print(f"| {name} | {took:.2f} | {took / base:.2f} |")
    print(f"| `pip list` alone: an empty environment | {slim:.2f} | |")
    print(f"| `pip list` alone: this one | {full:.2f} | |")
    print(f"\n| create {MANY} | seconds | ratio |\n|---|---|---|")
    for name, took in zip(CHECKPOINTS, created, strict=True):
        print(f"| {name} | {took:.1f} | {took / created[0]:.2f} |")
    return 0


def _create(folder: Path, name: str, environ: dict[str, str]) -> float:
    """Return how long it takes to create many."""
    with Sandbox() as sandbox:
        each = contender("bare", folder / hex(hash(name)), sandbox, MANY)
        if isinstance(each, Pulumi):
            each.stack.environ = {"GOGC": "", **environ}
        return seconds(lambda: each.run("create"))


def _lists(folder: Path) -> tuple[float, float]:
    """Return how long pip takes to list an empty environment, and this one."""
    venv.create(folder, with_pip=True)
    command = ["-m", "pip", "list", "-v", "--format", "json"]

    def listed(python: str) -> float:
        return statistics.median(
            seconds(
                lambda: subprocess.run(
                    [python, *command], check=True, capture_output=True
                )
            )
            for _ in range(ROUNDS)
        )

    return listed(str(folder / "bin" / "python")), listed(sys.executable)


if __name__ == "__main__":
    sys.exit(main())
