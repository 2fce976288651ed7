"""`python -m benchmarks.doors [N…]`: both doors to the engine, side by side.

The same program, once with dynamic resources and once with the plugin's, in turns in
one run, against a sandbox that takes a tenth of a second for each answer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.__main__ import seconds
from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.processes import providers
from tests.engine.stack import Stack
from tests.engine.wire import Wire, laid

LATENCY = 0.1  # seconds
PARALLEL = ("--parallel", "32")
PROGRAM = """
for n in range({count}):
    PortalConfiguration(
        f"c{{n}}", name="{name}", features={{"invoice_history": {{"enabled": True}}}}
    )
"""


@dataclass
class Door:
    """One of the doors, and what was measured of it."""

    name: str
    stack: Stack
    wire: Wire
    seconds: dict[str, float] = field(default_factory=dict)
    busiest: dict[str, int] = field(default_factory=dict)
    megabytes: dict[str, int] = field(default_factory=dict)

    def measure(self, what: str, run: Callable[[Stack], object]) -> None:
        """Run it, and note its time, requests under way and the provider's memory."""
        self.wire.busiest = 0
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(what, done))
        watch.start()
        self.seconds[what] = seconds(lambda: run(self.stack))
        done.set()
        watch.join()
        self.busiest[what] = self.wire.busiest

    def _watch(self, what: str, done: threading.Event) -> None:
        """Note the most memory that the provider process takes."""
        most = 0
        while not done.wait(0.05):
            for pid in providers(self.stack.folder.parent):
                status = Path(f"/proc/{pid}/status")
                try:
                    lines = status.read_text().splitlines()
                except OSError:  # it has ended meanwhile
                    continue
                peaks = [line.split()[1] for line in lines if line.startswith("VmHWM")]
                most = max(most, *map(int, peaks), 0)
        self.megabytes[what] = most // 1024


def compare(count: int, folder: Path) -> None:
    """Measure both doors with this many configurations, and print a table."""
    with (
        Sandbox() as one,
        Sandbox() as other,
        laid(one.url) as near,
        laid(other.url) as far,
    ):
        doors = []
        for name, sandbox, wire in (
            ("dynamic", one, near),
            ("plugin", other, far),
        ):
            sandbox.fail(latency=LATENCY, times=None)
            place = folder / f"{name}-{count}"
            stack = Stack(place / "shop", sandbox)
            stack.environ["STRIPE_API_BASE"] = wire.url
            if name == "plugin":
                stack.use_plugin()
            doors.append(Door(name, stack, wire))
        create = PROGRAM.format(count=count, name="One")
        update = PROGRAM.format(count=count, name="Two")
        phases: dict[str, Callable[[Stack], object]] = {
            "create": lambda stack: stack.up(create, *PARALLEL),
            "no-op": lambda stack: stack.up(None, *PARALLEL),
            "update all": lambda stack: stack.up(update, *PARALLEL),
            "refresh": lambda stack: stack.refresh(),
        }
        for what, run in phases.items():
            for door in doors:
                door.measure(what, run)
        _print(count, doors)


def _print(count: int, doors: list[Door]) -> None:
    dynamic, plugin = doors
    print(f"\n| N = {count} | dynamic | plugin | ratio | in flight | provider, MB |")
    print("|---|---|---|---|---|---|")
    for what, took in dynamic.seconds.items():
        other = plugin.seconds[what]
        print(
            f"| {what} | {took:.1f} s | {other:.1f} s | {other / took:.2f} "
            f"| {dynamic.busiest[what]} / {plugin.busiest[what]} "
            f"| {dynamic.megabytes[what]} / {plugin.megabytes[what]} |"
        )


def main(counts: list[int]) -> int:
    """Measure and print; 0 always, for nothing is asserted here."""
    cli = subprocess.run(["pulumi", "version"], capture_output=True, text=True)
    print(f"Pulumi CLI {cli.stdout.strip()}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            compare(count, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main([int(text) for text in sys.argv[1:]] or [1, 100]))
