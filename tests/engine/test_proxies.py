"""A machine whose environment names proxies and logins: nothing of ours goes there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.recorder import Recorder, listening

from .stack import Stack

PROGRAM = """
DefaultPortalConfiguration("default", features={"invoice_history": {"enabled": True}})
endpoint = WebhookEndpoint(
    "events", url="https://example.com/stripe", enabled_events=["customer.updated"]
)
pulumi.export("secret", endpoint.secret)
"""


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """What everything is told to go to."""
    with listening() as recorder:
        yield recorder


def test_the_engine(stack: Stack, recorder: Recorder, tmp_path: Path) -> None:
    """The provider creates, refreshes and destroys with the stack's own key."""
    # In lower case, gRPC obeys it as well: Pulumi's own SDK then finds no engine.
    upper = {
        name: value
        for name, value in recorder.environ(tmp_path).items()
        if name not in ("http_proxy", "https_proxy")
    }
    stack.environ.update(upper)

    stack.up(PROGRAM)
    stack.assert_converged()
    stack.destroy()

    assert stack.sandbox.requests
    assert all(each.status == 200 for each in stack.sandbox.requests)
    assert [each for each in recorder.heard if b"127.0.0.1" in each] == []
    assert not any(stack.sandbox.api_key.encode() in each for each in recorder.heard)


def test_the_engine_around_which_the_sandbox_runs(
    stack: Stack, recorder: Recorder, tmp_path: Path
) -> None:
    """Pulumi's own SDK finds the engine then too, whichever names are set."""
    stack.environ.update(recorder.environ(tmp_path))
    stack.program(PROGRAM)
    environ = {**stack.env(), "STRIPE_API_KEY": "", "STRIPE_API_BASE": ""}
    command = [sys.executable, "-m", "pulumi_stripe_portal", "sandbox", "run"]
    up = ["pulumi", "up", "--yes", "--non-interactive", "--skip-preview"]

    done = subprocess.run(
        [*command, "--memory", "--", *up],
        cwd=stack.folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "POST 2" in done.stderr
    assert [each for each in recorder.heard if b"127.0.0.1" in each] == []


def test_around_a_command(tmp_path: Path, recorder: Recorder) -> None:
    """A client of the user's own, which obeys the environment, reaches the sandbox."""
    asking = (
        "import os, urllib.request as u; r = u.Request("
        "os.environ['STRIPE_API_BASE'] + '/v1/prices', headers={'Authorization': "
        "'Bearer ' + os.environ['STRIPE_API_KEY']}); print(u.urlopen(r).status)"
        "; print(os.environ['NO_PROXY'] == os.environ['no_proxy'], os.environ"
        "['no_proxy'])"
    )
    command = [sys.executable, "-m", "pulumi_stripe_portal", "sandbox", "run"]
    environ = {**os.environ, **recorder.environ(tmp_path), "no_proxy": "a.example"}

    done = subprocess.run(
        [*command, "--memory", "--", sys.executable, "-c", asking],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    said = "200\nTrue a.example,127.0.0.1,localhost,::1\n"
    assert (done.stdout, done.returncode) == (said, 0), done.stderr
    assert recorder.heard == []


def test_without_a_proxy(stripe_sandbox: Sandbox, tmp_path: Path) -> None:
    """The command's environment stays as it is."""
    environ = {
        name: value for name, value in os.environ.items() if "proxy" not in name.lower()
    }
    command = [sys.executable, "-m", "pulumi_stripe_portal", "sandbox", "run"]

    done = subprocess.run(
        [*command, "--memory", "--", "env"],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    names = {line.partition("=")[0].lower() for line in done.stdout.splitlines()}
    assert "no_proxy" not in names
