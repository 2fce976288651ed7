"""The workflows of `examples/ci`, from the pull request to the drift, on two stacks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.sandbox import Sandbox

from .stack import Stack
from .workflows import GitHub, JobRun, environment

pytestmark = pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("bash")), reason="needs jq and bash"
)

PROGRAM = """
DefaultPortalConfiguration("standard", features={"invoice_history": {"enabled": True}})
"""
CHANGED = """
DefaultPortalConfiguration(
    "standard",
    features={
        "invoice_history": {"enabled": True},
        "subscription_cancel": {"enabled": True, "mode": "immediately"},
    },
)
"""


class Project:
    """A repository with the stacks `test` and `live`, its keys and its workflows."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        backend = folder / "state"
        backend.mkdir()
        self.sandbox = sandbox
        self.stack = Stack(
            folder / "shop",
            sandbox,
            environ={"PULUMI_BACKEND_URL": backend.as_uri()},
        )
        self.stack.pulumi("stack", "init", "live")
        live = ("--stack", "live")
        self.stack.pulumi("config", "set", "stripe-portal:mode", "live", *live)
        self.keys = {"test": sandbox.api_key, "live": sandbox.live_api_key}
        self.github = GitHub(
            folder / "github", self.stack.folder, environment(self.stack.env())
        )

    def job(self, workflow: str, job: str, stack: str = "", **context: str) -> JobRun:
        """Run a job with the secrets of its environment."""
        secrets = {"STRIPE_API_KEY": self.keys[stack]} if stack else {}
        return self.github.run(
            workflow,
            job,
            secrets,
            matrix_stack=stack,
            github_repository="o/r",
            **context,
        )

    def review(self) -> JobRun:
        """Run what a push to a pull request does."""
        for stack in ("test", "live"):
            for job in ("preview", "ask"):
                assert self.job("portal-review", job, stack).failed == ""
        return self.job("portal-review", "review")

    def deploy(self) -> str:
        """Run what a merge does; return how many changes were to be approved."""
        assert self.job("portal-deploy", "test", "test").failed == ""
        plan = self.job("portal-deploy", "plan", "live")
        assert plan.failed == ""
        if plan.outputs["changes"] != "0":
            assert self.job("portal-deploy", "live", "live").failed == ""
        return plan.outputs["changes"]

    def cancels(self, *, livemode: bool) -> bool:
        """Tell whether customers can cancel."""
        client: StripeClient = self.sandbox.client(livemode=livemode)
        (default,) = client.v1.billing_portal.configurations.list().data
        return default.features.subscription_cancel.enabled


@pytest.fixture
def project(tmp_path: Path, stripe_sandbox: Sandbox) -> Project:
    """A project of which both stacks are deployed."""
    project = Project(tmp_path, stripe_sandbox)
    project.stack.program(PROGRAM)
    assert project.deploy() == "2"
    return project


def test_from_the_pull_request_to_the_drift(project: Project) -> None:
    """Reviewed, merged, tested, approved, live; then somebody clicks."""
    project.stack.program(CHANGED)
    first = project.review()
    assert first.failed == ""
    assert len(project.github.comments) == 2
    assert "cancel" in project.github.comments[1]
    assert (project.github.artifacts / "portal-before-and-after").is_dir()

    assert project.review().failed == ""  # another push: the comment is updated
    assert len(project.github.comments) == 2
    assert project.github.comments[0] == "LGTM"
    assert not project.cancels(livemode=False)

    assert project.deploy() == "1"
    assert project.cancels(livemode=False)
    assert project.cancels(livemode=True)
    assert project.deploy() == "0"

    for stack in ("test", "live"):
        assert project.job("portal-drift", "drift", stack).failed == ""
    client = project.sandbox.client(livemode=True)
    (default,) = client.v1.billing_portal.configurations.list().data
    client.v1.billing_portal.configurations.update(
        default.id, {"features": {"subscription_cancel": {"enabled": False}}}
    )
    drifted = project.job("portal-drift", "drift", "live")
    assert drifted.failed.startswith("Look for drift")
    assert "cancel" in drifted.summary
    assert project.job("portal-drift", "drift", "test").failed == ""


def test_live_changed_after_the_plan(project: Project) -> None:
    """What was not approved is not done."""
    project.stack.program(CHANGED)
    assert project.job("portal-deploy", "plan", "live").outputs["changes"] == "1"

    project.stack.program(CHANGED.replace('"immediately"', '"at_period_end"'))
    run = project.job("portal-deploy", "live", "live")

    assert run.failed.startswith("Up, as planned")
    assert "violates plan" in run.failed
    assert not project.cancels(livemode=True)


def test_a_preview_that_fails_is_reviewed(project: Project) -> None:
    """The comment says why, and the job that previewed is red."""
    project.stack.program(PROGRAM.replace("True", '"yes"'))

    failed = project.job("portal-review", "preview", "test")
    assert failed.failed.startswith("Preview")
    assert project.job("portal-review", "review").failed == ""

    comment = project.github.comments[1].replace("\\", "")
    assert "features.invoice_history.enabled: 'yes' is of the wrong type" in comment
