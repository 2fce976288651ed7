"""What one run of a contender took: time, requests, and memory of each process."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.processes import roles

__all__ = ["Taken", "measure", "seconds"]


@dataclass(frozen=True)
class Taken:
    """What a run took."""

    seconds: float
    gets: int
    posts: int
    megabytes: dict[str, int] = field(default_factory=dict)
    """The most memory of the command line, the program and the provider."""
    failed: bool = False
    """Whether a script gave up: it was refused something, a 429 for instance."""

    @property
    def requests(self) -> str:
        """Requests to Stripe, as reading and writing."""
        return f"{self.gets}/{self.posts}"


def seconds(run: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measure(run: Callable[[], object], sandbox: Sandbox, home: Path) -> Taken:
    """Run it, and say what it took; its processes have `home` in their environment."""
    sandbox.clear_requests()
    most: dict[str, int] = {}
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(home, most, done))
    watch.start()
    failed = False
    began = time.perf_counter()
    try:
        run()
    except subprocess.CalledProcessError:
        failed = True
    finally:
        took = time.perf_counter() - began
        done.set()
        watch.join()
    sent = [each.method for each in sandbox.requests]
    return Taken(took, sent.count("GET"), sent.count("POST"), most, failed)


def _watch(home: Path, most: dict[str, int], done: threading.Event) -> None:
    while not done.wait(0.1):
        for pid, role in roles(home):
            try:
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            except OSError:  # it has ended meanwhile
                continue
            peaks = [line.split()[1] for line in lines if line.startswith("VmHWM")]
            most[role] = max(most.get(role, 0), *(int(kb) // 1024 for kb in peaks), 0)
