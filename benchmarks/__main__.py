"""`make bench`: what this package takes, beside what people would use instead.

Seconds differ between machines, so each is shown beside the others of the same run, as
a ratio to Pulumi's own share. `make bench ARGS=--full` measures larger stacks, slower
networks and Stripe's rate limit as well.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.contenders import NAMES, OPERATIONS, Contender, contender
from benchmarks.measure import Taken, measure
from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.processes import be_interruptible

BARE = "bare"
STRIPES_LIMIT = 25
"""Requests a second: https://docs.stripe.com/rate-limits."""


def main(argv: list[str] | None = None) -> int:
    """Measure and print tables; 0 always, for nothing is asserted here."""
    be_interruptible()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="takes 20 minutes")
    parser.add_argument("--count", type=int, nargs="*", help="configurations")
    parser.add_argument("--latency", type=float, default=0.1, help="seconds a request")
    parser.add_argument("--limit", type=int, help="requests a second")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    parser.add_argument(
        "--operations", nargs="*", choices=OPERATIONS, default=OPERATIONS
    )
    given = parser.parse_args(argv)
    version = subprocess.run(["pulumi", "version"], capture_output=True, text=True)
    print(f"Pulumi CLI {version.stdout.strip()}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if given.count:
            for count in given.count:
                growth(
                    place,
                    count,
                    given.latency,
                    given.limit,
                    tuple(given.only),
                    tuple(given.operations),
                )
            return 0
        start(place / "start", rounds=8 if given.full else 4)
        growth(place, 20, given.latency)
        if given.full:
            growth(place, 100, 0.0)
            growth(place, 100, 0.3)
            growth(place, 100, 0.1, STRIPES_LIMIT)
            growth(place, 500, 0.1, STRIPES_LIMIT, ("dynamic", BARE))
    return 0


def start(folder: Path, rounds: int) -> None:
    """Measure an `up` with nothing to do, of one configuration, in turns."""
    pulumi = ("dynamic", "plugin", BARE)
    with ExitStack() as open_:
        all_ = []
        for name in pulumi:
            sandbox = open_.enter_context(Sandbox())
            all_.append(contender(name, folder / name, sandbox, 1))
        for each in all_:
            each.run("create")
        times: dict[str, list[float]] = {each.name: [] for each in all_}
        for _ in range(rounds):
            for each in all_:
                taken = _one(each, "no-op", 0.0)
                times[each.name].append(taken.seconds)
    base = statistics.median(times[BARE])
    print("\n| start-up: `up`, nothing to do, N = 1 | seconds | ratio |\n|---|---|---|")
    for name, all_of in times.items():
        took = statistics.median(all_of)
        print(f"| {name} | {took:.2f} | {took / base:.2f} |", flush=True)


def growth(
    folder: Path,
    count: int,
    latency: float,
    limit: int | None = None,
    names: tuple[str, ...] = NAMES,
    operations: tuple[str, ...] = OPERATIONS,
) -> None:
    """Measure operations on this many configurations, in turns."""
    told = f"N = {count}, {latency * 1000:.0f} ms a request"
    told += f", {limit} requests a second" if limit else ""
    rows: dict[str, dict[str, Taken]] = {operation: {} for operation in operations}
    with ExitStack() as open_:
        all_ = []
        for name in names:
            sandbox = open_.enter_context(Sandbox())
            place = folder / f"{count}-{latency}-{limit}" / name.replace(" ", "-")
            all_.append(contender(name, place, sandbox, count))
            sandbox.limit_requests(limit)
        for operation, taken in rows.items():
            for each in all_:
                taken[each.name] = _one(each, operation, latency)
                print(f"  {operation}, {each.name}", file=sys.stderr, flush=True)
    _print(told, names, rows)


def _one(each: Contender, operation: str, latency: float) -> Taken:
    if operation == "drift" and each.name != BARE:
        each.edit()
    if latency:
        each.sandbox.fail(latency=latency, times=None)
    try:
        return measure(lambda: each.run(operation), each.sandbox, each.home)
    finally:
        each.sandbox.clear_faults()


def _print(
    told: str, names: tuple[str, ...], rows: dict[str, dict[str, Taken]]
) -> None:
    head = "".join(f" {name} |" for name in names)
    print(f"\n| {told} |{head}\n|---|{'---|' * len(names)}")
    for operation, taken in rows.items():
        base = taken[BARE].seconds if BARE in taken else 1.0
        cells = "".join(
            f" {each.seconds:.1f} s ({each.seconds / base:.2f}), {each.requests}"
            f"{', failed' if each.failed else ''} |"
            for each in taken.values()
        )
        print(f"| {operation} |{cells}")
    peaks = ""
    for name in names:
        by_role: dict[str, int] = {}
        for taken in rows.values():
            for role, megabytes in taken[name].megabytes.items():
                by_role[role] = max(by_role.get(role, 0), megabytes)
        told_peaks = ", ".join(f"{role} {mb}" for role, mb in sorted(by_role.items()))
        peaks += f" {told_peaks} |"
    print(f"| most memory, MB |{peaks}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
