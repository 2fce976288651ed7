"""A fleet of connected accounts at Stripe's rate limit, with a worker that is killed.

`python -m benchmarks.fleet` makes 300 accounts in the sandbox and runs the example
`examples/connect` for them on three workers. The first run loses a worker midway; what
Stripe and the states have afterwards is compared, account by account.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.processes import be_interruptible

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "connect"
STRIPES_LIMIT = 25
"""Requests a second: https://docs.stripe.com/rate-limits."""
PAUSE = '        "subscription_pause": {"enabled": True},\n'


class Fleet:
    """A project in a folder of its own, its accounts, and what its runs took."""

    def __init__(self, folder: Path, sandbox: Sandbox, given: argparse.Namespace):
        """Make the accounts and their list."""
        self.sandbox = sandbox
        self.given = given
        self.folder = folder / "connect"
        shutil.copytree(EXAMPLE, self.folder)
        self.state = folder / "state"
        self.state.mkdir()
        self.accounts = [f"acct_{number:06}" for number in range(given.accounts)]
        with (self.folder / "accounts.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["account", "name", "headline", "plans"])
            for account in self.accounts:
                sandbox.connect(account)
                rows.writerow([account, f"Shop {account}", "Welcome", ""])
        self.environ = {
            **os.environ,
            **sandbox.environ,
            "PULUMI_BACKEND_URL": given.backend or self.state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    def run(
        self, title: str, operation: str, midway: Callable[[Any], None] | None = None
    ) -> dict[str, Any]:
        """Run the command, print a row of the table, and return what it printed."""
        self.sandbox.clear_requests()
        command = [sys.executable, "-m", "pulumi_stripe_portal", "fleet", operation]
        line = ["--stack", "test", "--workers", str(self.given.workers), "--json"]
        if operation in ("up", "preview"):
            line += ["--accounts", "accounts.csv", "--size", str(self.given.size)]
        if operation == "destroy":
            line += ["--yes"]
        began, cpu = time.perf_counter(), _cpu()
        fleet = subprocess.Popen(
            [*command, *line],
            cwd=self.folder,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        peaks: dict[str, int] = {}
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(fleet.pid, peaks, ended))
        watch.start()
        if midway:
            threading.Thread(target=midway, args=(fleet,), daemon=True).start()
        out, err = fleet.communicate()
        ended.set()
        watch.join()
        took, cpu = time.perf_counter() - began, _cpu() - cpu
        asked = Counter(each.method for each in self.sandbox.requests)
        refused = sum(each.status == 429 for each in self.sandbox.requests)
        if not out:
            raise SystemExit(err)
        told: dict[str, Any] = json.loads(out)
        found = ", ".join(f"{many} {it}" for it, many in told["counts"].items())
        memory = ", ".join(f"{role} {mb}" for role, mb in sorted(peaks.items()))
        print(
            f"| {title} | {found} | {asked['GET']}/{asked['POST']} | {refused} | "
            f"{took:.0f} s | {cpu:.0f} s | {memory} |",
            flush=True,
        )
        failed = [each for each in told["accounts"] if each["status"] == "failed"]
        for each in failed[:5]:
            print(f"    {each}", flush=True)
        return told

    def check(self) -> None:
        """Compare what Stripe has with the states; print what is wrong."""
        recorded: dict[str, list[str]] = {}
        for resource_ in self._resources():
            if "PortalConfiguration" in resource_["type"]:
                account = resource_["outputs"]["account"]
                recorded.setdefault(account, []).append(resource_["id"])
        wrong = 0
        for account in self.accounts:
            client = self.sandbox.client(stripe_account=account)
            found = client.v1.billing_portal.configurations.list({"active": True}).data
            wrong += [each.id for each in found] != recorded.get(account)
        print(
            f"\n{len(self.accounts)} accounts; {wrong} with none, with two, or with "
            "one that the states don't know.",
            flush=True,
        )

    def _resources(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for number in range(1, -(-self.given.accounts // self.given.size) + 1):
            shown = subprocess.run(
                ["pulumi", "stack", "export", "--stack", f"test-{number:04}"],
                cwd=self.folder,
                env=self.environ,
                check=True,
                capture_output=True,
            )
            deployment = json.loads(shown.stdout)["deployment"]
            found += deployment["resources"]
            if number == 1:
                bytes_ = len(json.dumps(deployment)) // self.given.size
                print(f"\nState of an account: {bytes_:,} bytes.")
        return found

    def kill_one(self, fleet: subprocess.Popen[str]) -> None:
        """Kill a worker when a third of the configurations are made.

        What it has started goes on, as where the kernel ends the largest process.
        """
        while self.sandbox.count("POST") < self.given.accounts // 3:
            time.sleep(0.1)
        for process in psutil.Process(fleet.pid).children(recursive=True):
            worker = process.parent()
            if process.name() == "pulumi" and worker is not None:
                print(f"    (killed worker {worker.pid})", file=sys.stderr)
                worker.kill()
                return


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(pid: int, peaks: dict[str, int], ended: threading.Event) -> None:
    """Note the most memory of a process of each role, in MB."""
    while not ended.wait(0.5):
        try:
            processes = psutil.Process(pid).children(recursive=True)
        except psutil.Error:
            return
        for process in processes:
            try:
                line = " ".join(process.cmdline())
                megabytes = process.memory_info().rss >> 20
            except psutil.Error:
                continue
            role = next((r for text, r in _ROLES if text in line), "")
            if role:
                peaks[role] = max(peaks.get(role, 0), megabytes)


_ROLES = (
    ("spawn_main", "worker"),
    ("pulumi.dynamic", "provider"),
    ("pulumi-language-python-exec", "program"),
    ("pulumi-language-python", "host"),
    ("--stack test-", "engine"),
)


def main() -> int:
    """Run the fleet and print what it took; 0 always."""
    be_interruptible()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=300)
    parser.add_argument("--size", type=int, default=25, help="accounts a stack")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--backend", help="another one than a folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Sandbox(catalogue=False) as sandbox:
        fleet = Fleet(Path(folder), sandbox, given)
        sandbox.limit_requests(STRIPES_LIMIT)
        print("| run | accounts | GET/POST | 429 | took | CPU | most memory, MB |")
        print("|---|---|---|---|---|---|---|")
        fleet.run("up, a worker killed", "up", fleet.kill_one)
        sandbox.limit_requests(None)
        fleet.check()
        sandbox.limit_requests(STRIPES_LIMIT)
        fleet.run("up, nothing to do", "up")
        program = fleet.folder / "__main__.py"
        text = program.read_text()
        features = "    features: Features = {\n"
        program.write_text(text.replace(features, features + PAUSE))
        for each in fleet.run("preview of a change", "preview")["review"]:
            print(f"    {each['accounts']} accounts: {each['text']}")
        fleet.run("up of it", "up")
        fleet.run("refresh", "refresh")
    return 0


if __name__ == "__main__":
    sys.exit(main())
