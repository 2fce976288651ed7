"""The workflows, ours and those of `examples/ci`, give away no more than they must."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("examples/ci/*.yml"), *ROOT.glob(".github/workflows/*.yml")])
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
MINUTES = {"thorough": 120, "whole": 90, "newest": 45}
"""The jobs that may take longer than 20."""


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES], scope="module")
def path(request: pytest.FixtureRequest) -> Path:
    """Each workflow."""
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
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
    """None by default; a job reads the code, and only the review may write comments.

    The one that publishes tells PyPI who it is, and has no code at hand.
    """
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        expected = {"contents": "read"}
        if name == "review":
            expected["pull-requests"] = "write"
        if name == "publish":
            expected = {"id-token": "write"}
        assert job["permissions"] == expected


def test_secrets_come_from_environments(workflow: dict[str, Any]) -> None:
    """Who gets a secret has an environment; the job that writes comments gets none."""
    for job in workflow["jobs"].values():
        asks = "secrets." in str(job) or "id-token" in job["permissions"]
        assert asks is ("environment" in job)
        writes = "pull-requests" in job["permissions"]
        assert not (writes and "secrets." in str(job))


def test_secrets_reach_only_the_steps_that_need_them(workflow: dict[str, Any]) -> None:
    """Neither an action nor what is installed finds one in its environment."""
    for job in workflow["jobs"].values():
        assert "secrets." not in str(job.get("env"))
        for step in job["steps"]:
            run = step.get("run", "")
            needs = re.search(r"^pulumi |stripe-portal doctor| --online ", run)
            assert ("secrets." in str(step)) is bool(needs)


def test_pull_requests_of_forks_get_no_secret() -> None:
    """Jobs that have one are skipped for them, or where the one before was."""
    file = ROOT / "examples" / "ci" / "portal-review.yml"
    jobs = yaml.safe_load(file.read_text())["jobs"]
    kept = "github.event.pull_request.head.repo.full_name == github.repository"
    with_secrets = {name for name, job in jobs.items() if "secrets." in str(job)}

    assert with_secrets == {"preview", "ask"}
    assert jobs["preview"]["if"].startswith(f"{kept} && ")
    assert jobs["ask"]["needs"] == "preview"
    assert "&& needs.preview.result != 'skipped'" in jobs["ask"]["if"]


def test_nothing_runs_for_ever_or_twice(workflow: dict[str, Any]) -> None:
    """Each job has a limit, each workflow a group in which one runs at a time."""
    assert workflow["concurrency"]["group"]
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= MINUTES.get(name, 20)


def test_no_expression_in_a_script(workflow: dict[str, Any]) -> None:
    """What others can write reaches scripts as variables, never as code."""
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


def test_every_python_is_tried() -> None:
    """Those that the package says it is for are those of the workflow."""
    tests = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text())
    project = (ROOT / "pyproject.toml").read_text()
    told = re.findall(r"Programming Language :: Python :: (3\.\d+)", project)

    assert tests["jobs"]["check"]["strategy"]["matrix"]["python"] == PYTHONS
    assert told == PYTHONS


def test_the_release_publishes_what_was_tried() -> None:
    """The wheel that is installed alone is the one that goes to PyPI, and no other."""
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]
    (kept,) = [
        step for step in jobs["build"]["steps"] if "upload" in step.get("uses", "")
    ]
    fetched, published = jobs["publish"]["steps"]

    assert jobs["publish"]["needs"] == "build"
    assert fetched["with"]["name"] == kept["with"]["name"]
    assert "with" not in published


@pytest.mark.slow
def test_actionlint(path: Path) -> None:
    """It finds nothing; `make test` builds it."""
    done = subprocess.run(["actionlint", str(path)], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout
