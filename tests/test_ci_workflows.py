"""The workflows of `examples/ci` give away no more than they must."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

FOLDER = Path(__file__).parent.parent / "examples" / "ci"
FILES = sorted(FOLDER.glob("*.yml"))


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES])
def path(request: pytest.FixtureRequest) -> Path:
    """Each workflow."""
    found: Path = request.param
    return found


@pytest.fixture
def workflow(path: Path) -> dict[str, Any]:
    """What is in it."""
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


def test_actions_are_pinned(path: Path) -> None:
    """By a commit, which nobody can move, with the release that it is."""
    for line in path.read_text().splitlines():
        if "uses:" in line:
            assert re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)


def test_one_commit_for_each_action() -> None:
    """The workflows use the same release of an action."""
    text = "".join(path.read_text() for path in FILES)
    used = set(re.findall(r"uses: (\S+)", text))

    assert len(used) == len({each.partition("@")[0] for each in used})


def test_permissions(workflow: dict[str, Any]) -> None:
    """None by default; a job reads the code, and only the review may write comments."""
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        expected = {"contents": "read"}
        if name == "review":
            expected["pull-requests"] = "write"
        assert job["permissions"] == expected


def test_secrets_come_from_environments(workflow: dict[str, Any]) -> None:
    """Who gets a secret has an environment; the job that writes comments gets none."""
    for job in workflow["jobs"].values():
        assert ("secrets." in str(job)) is ("environment" in job)
        writes = "pull-requests" in job["permissions"]
        assert not (writes and "secrets." in str(job))


def test_secrets_reach_only_the_steps_that_need_them(workflow: dict[str, Any]) -> None:
    """Neither an action nor what is installed finds one in its environment."""
    for job in workflow["jobs"].values():
        assert "secrets." not in str(job.get("env"))
        for step in job["steps"]:
            needs = re.search(r"^pulumi |stripe-portal doctor", step.get("run", ""))
            assert ("secrets." in str(step)) is bool(needs)


def test_nothing_runs_for_ever_or_twice(workflow: dict[str, Any]) -> None:
    """Each job has a limit, each workflow a group in which one runs at a time."""
    assert workflow["concurrency"]["group"]
    assert all(job["timeout-minutes"] <= 20 for job in workflow["jobs"].values())


def test_no_expression_in_a_script(workflow: dict[str, Any]) -> None:
    """What others can write reaches scripts as variables, never as code."""
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.slow
def test_actionlint(path: Path) -> None:
    """It finds nothing; `make test` builds it."""
    done = subprocess.run(["actionlint", str(path)], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout
