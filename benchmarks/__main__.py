"""`make bench`: what this package adds to Pulumi's own time, as ratios.

Seconds differ between machines, so each is shown beside the same Pulumi command on an
empty stack, measured in turns in the same run.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.stack import Stack

ROUNDS = 3
MANY = 50

ONE = 'PortalConfiguration("c0", features={"invoice_history": {"enabled": True}})'
PROGRAM = f"""
DefaultPortalConfiguration("default", features={{}})
for n in range({MANY}):
    PortalConfiguration(
        f"c{{n}}", features={{"invoice_history": {{"enabled": True}}}}
    )
"""


def main() -> int:
    """Measure and print a table; 0 always, for nothing is asserted here."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox() as small,
        Sandbox() as large,
    ):
        empty = Stack(Path(folder) / "empty", small)
        few = Stack(Path(folder) / "few", small)
        many = Stack(Path(folder) / "many", large)
        empty.up("")
        few.up(ONE)
        created = seconds(lambda: many.up(PROGRAM))
        rows: dict[str, Callable[[], object]] = {
            "empty stack: up": empty.up,
            "1 configuration: up, unchanged": few.up,
            f"{MANY} configurations: up, unchanged": many.up,
            f"{MANY} configurations: refresh": many.refresh,
        }
        times: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(ROUNDS):
            for name, run in rows.items():
                times[name].append(seconds(run))
    base = statistics.median(times["empty stack: up"])
    print(f"{'what':<40} {'seconds':>8} {'ratio':>7}")
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:<40} {median:8.2f} {median / base:7.2f}")
    print(
        f"{f'{MANY} configurations: create':<40} {created:8.2f} {created / base:7.2f}"
    )
    return 0


def seconds(run: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
