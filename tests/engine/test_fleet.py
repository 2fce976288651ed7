"""`stripe-portal fleet` on the real engine, on workers of which one is killed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from pulumi_stripe_portal.sandbox import Sandbox

from .stack import Stack

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "connect"
ACCOUNTS = [f"acct_{number}" for number in range(6)]


def kill_worker_of(fleet: subprocess.Popen[str], stack: str) -> None:
    """End the worker that runs a stack, and all that it has started, as a crash does.

    Only processes that the fleet has started are looked at.
    """
    for process in psutil.Process(fleet.pid).children(recursive=True):
        if process.name() == "pulumi" and stack in process.cmdline():
            worker = process.parent()
            assert worker is not None
            for each in (worker, *worker.children(recursive=True)):
                each.kill()
            return
    raise AssertionError(f"nobody runs {stack}")


def test_a_killed_worker_costs_nothing(stack: Stack, stripe_sandbox: Sandbox) -> None:
    """It is killed when an object is made and not in its state: another one goes on.

    Every account has its configuration, none has two, and the states know each; the
    mistake of one account is no other's, not of its own stack either.
    """
    shutil.copytree(EXAMPLE, stack.folder, dirs_exist_ok=True)
    for account in ACCOUNTS:
        stripe_sandbox.connect(account)
    stripe_sandbox.limit_requests(25)
    # What follows on the creation of an object.
    stripe_sandbox.fail("GET", "/v1/account", latency=3, times=4)
    rows = [f"{account},{account},\n" for account in ACCOUNTS[:-1]]
    rows.append(f"{ACCOUNTS[-1]},with a mistake,no_such_price\n")
    (stack.folder / "accounts.csv").write_text("account,name,plans\n" + "".join(rows))
    line = ["--stack", "test", "--accounts", "accounts.csv", "--size", "2"]
    line += ["--workers", "2", "--json"]
    fleet = subprocess.Popen(
        [sys.executable, "-m", "pulumi_stripe_portal", "fleet", "up", *line],
        cwd=stack.folder,
        env=stack.env(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    while not (made := [r for r in stripe_sandbox.requests if r.method == "POST"]):
        assert fleet.poll() is None, fleet.communicate()
        time.sleep(0.05)
    kill_worker_of(fleet, f"test-{ACCOUNTS.index(str(made[0].account)) // 2 + 1:04}")
    out, err = fleet.communicate(timeout=300)

    assert fleet.returncode == 1, out + err
    told = json.loads(out)
    assert [each["account"] for each in told["accounts"]] == ACCOUNTS
    *good, bad = told["accounts"]
    assert {each["status"] for each in good} <= {"created", "unchanged"}, good
    assert bad["status"] == "failed"
    assert "no price has the lookup key 'no_such_price'" in bad["message"]
    ids = {}
    for account in ACCOUNTS[:-1]:
        client = stripe_sandbox.client(stripe_account=account)
        (only,) = client.v1.billing_portal.configurations.list().data
        ids[account] = only.id
    states = stack.state_files()
    stacks = sorted((stack.folder / "state").rglob("test-000?.json"))
    found = {
        resource["outputs"]["account"]: resource["id"]
        for file in stacks
        for resource in json.loads(file.read_text())["checkpoint"]["latest"][
            "resources"
        ]
        if "PortalConfiguration" in resource["type"]
    }
    assert found == ids
    assert len(stacks) == 3
    for text in (out, err, states):
        assert stripe_sandbox.api_key not in text
