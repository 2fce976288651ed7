"""A team's state on real PostgreSQL: several people, runners and clones at once."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .postgres import postgres
from .stack import Stack

PROGRAM = """
PortalConfiguration("plans", features={"invoice_history": {"enabled": True}})
"""


class Clone(Stack):
    """A checkout of the project, with its settings, on another machine."""

    def _initialise(self) -> None:
        """Take what was committed, and select the stack."""
        original = self.folder.parent.parent / "one" / "shop"
        if self.folder.parent.name != "one":
            for name in (f"Pulumi.{self.name}.yaml", "__main__.py"):
                shutil.copy(original / name, self.folder)
        self.pulumi("stack", "select", self.name, "--create")

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Begin a run."""
        return subprocess.Popen(
            ["pulumi", *command, "--non-interactive"],
            cwd=self.folder,
            env=self.env(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


UP = ("up", "--yes", "--skip-preview")


@pytest.fixture(scope="module")
def backend() -> Iterator[str]:
    """The address of a database."""
    with postgres() as url:
        yield url


@pytest.fixture
def environ(backend: str) -> dict[str, str]:
    """What a run has in its environment."""
    return {"PULUMI_BACKEND_URL": backend}


def portals(sandbox: Sandbox) -> list[str]:
    """Return the ids of the account's active configurations."""
    found = sandbox.client().v1.billing_portal.configurations.list({"active": True})
    return [each.id for each in found.data]


def test_one_stack_is_run_once_at_a_time(
    tmp_path: Path, stripe_sandbox: Sandbox, environ: dict[str, str]
) -> None:
    """Of two runs one is refused in words; another stack is no matter."""
    one = Clone(tmp_path / "one" / "shop", stripe_sandbox, "same", environ)
    one.program(PROGRAM)
    other = Clone(tmp_path / "two" / "shop", stripe_sandbox, "same", environ)
    shutil.copy(one.folder / "Pulumi.same.yaml", one.folder / "Pulumi.apart.yaml")
    apart = Clone(tmp_path / "three" / "shop", stripe_sandbox, "apart", environ)
    stripe_sandbox.fail("GET", "/v1/account", latency=5, times=2)

    runs = [each.start(*UP) for each in (one, other, apart)]
    said = [run.communicate(timeout=300)[0] for run in runs]

    assert runs[2].returncode == 0, said[2]
    assert sorted(run.returncode == 0 for run in runs[:2]) == [False, True], said
    refused = next(text for run, text in zip(runs, said, strict=True) if run.returncode)
    assert "the stack is currently locked by 1 lock(s)" in refused
    assert "pulumi cancel" in refused
    assert len(portals(stripe_sandbox)) == 2
    stripe_sandbox.clear_requests()
    assert "2 unchanged" in other.up().stdout
    assert stripe_sandbox.requests == []


def test_another_runner_goes_on(
    tmp_path: Path, stripe_sandbox: Sandbox, environ: dict[str, str]
) -> None:
    """One is killed when an object is made, and not in the state: it is taken on."""
    one = Clone(tmp_path / "one" / "shop", stripe_sandbox, "killed", environ)
    one.program(PROGRAM)
    other = Clone(tmp_path / "two" / "shop", stripe_sandbox, "killed", environ)
    stripe_sandbox.fail("GET", "/v1/account", latency=5)
    run = one.start(*UP)
    while not stripe_sandbox.count("POST"):
        assert run.poll() is None, run.communicate()
        time.sleep(0.05)
    for process in (*psutil.Process(run.pid).children(recursive=True), run):
        process.kill()
    run.communicate()
    made = portals(stripe_sandbox)

    locked = other.up(check=False)
    other.pulumi("cancel", "--yes")
    other.up()

    assert "the stack is currently locked by 1 lock(s)" in locked.text
    assert portals(stripe_sandbox) == made
    assert len(made) == 1
    other.assert_converged()
    stripe_sandbox.clear_requests()
    assert "2 unchanged" in one.up().stdout
    # What the killed run has asked may be answered only now.
    assert [each for each in stripe_sandbox.requests if not each.fault] == []
