"""What `stripe-portal import` prints adopts an account as it is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.sandbox import Sandbox
from tests.importing.accounts import fill
from tests.importing.ruff import assert_clean
from tests.importing.states import BRIDGE

from .stack import Stack


def imported(stack: Stack, *arguments: str) -> str:
    """Run the command; return what it prints."""
    return stack.portal("import", *arguments).stdout


def shell(stack: Stack, *command: str, **environ: str) -> str:
    """Run a command in the stack's folder; return what it prints."""
    done = subprocess.run(
        command,
        cwd=stack.folder,
        env={**stack.env(), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_account_of_all_shapes_comes_under_code_untouched(
    stack: Stack, dashboard: StripeClient
) -> None:
    """30 configurations of another client's, a default and 5 endpoints: no write."""
    fill(dashboard)
    stack.sandbox.clear_requests()

    program = imported(stack, "--all", "--include-inactive")
    assert stack.sandbox.count("POST") == 0
    path = stack.folder / "__main__.py"
    path.write_text(program)
    assert_clean(path)
    mypy = str(Path(sys.executable).with_name("mypy"))
    shell(stack, mypy, "--strict", "--config-file=", path.name)
    for release in re.findall(r"# +stripe-portal (release \S+)", program):
        stack.portal(*release.split(), "--yes")
    stack.sandbox.clear_requests()
    stack.pulumi("up", "--yes", "--skip-preview")

    assert stack.sandbox.count("POST") == 0
    reads = [each.path for each in stack.sandbox.requests if "/bpc_" in each.path]
    assert len(reads) == len(set(reads)) == 30
    reads = [each.path for each in stack.sandbox.requests if "/we_" in each.path]
    assert len(reads) == len(set(reads)) == 5

    stack.sandbox.clear_requests()
    stack.pulumi("up", "--yes", "--expect-no-changes")
    assert stack.sandbox.requests == []
    stack.assert_converged()

    lines = program.splitlines(keepends=True)
    without = [line for line in lines if "import_=" not in line]
    assert len(lines) - len(without) == 35
    path.write_text("".join(without))
    stack.sandbox.clear_requests()
    stack.pulumi("up", "--yes", "--expect-no-changes")
    assert stack.sandbox.requests == []


def test_a_secret_from_the_stack_becomes_the_output(
    stack: Stack, dashboard: StripeClient
) -> None:
    """The program reads it from the setting that its comment names."""
    made = dashboard.v1.webhook_endpoints.create(
        {"url": "https://shop.example.com/hooks", "enabled_events": ["invoice.paid"]}
    )
    assert made.secret
    program = imported(stack, made.id, "--stack", stack.name)
    setting = re.search(r"pulumi config set --secret (\w+)", program)
    assert setting
    stack.config(setting.group(1), made.secret, secret=True)
    (stack.folder / "__main__.py").write_text(
        f'{program}\npulumi.export("secret", hooks.secret)\n'
    )
    stack.sandbox.clear_requests()

    stack.pulumi("up", "--yes")

    assert stack.output("secret") == made.secret
    assert made.secret not in stack.state_files()
    assert stack.sandbox.count("POST") == 0
    stack.assert_converged()


def test_what_the_stack_manages_is_left_out(
    stack: Stack, dashboard: StripeClient
) -> None:
    """`--all --stack` is for what was clicked together since."""
    stack.up("DefaultPortalConfiguration('plans', features={})")
    clicked = dashboard.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}, "name": "Plans"}
    )

    program = imported(stack, "--all", "--stack", stack.name)

    assert program.count("import_=") == 1
    assert f'import_="{clicked.id}"' in program
    assert '    "plans",\n' not in program


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_a_bridged_stack_is_taken_over(
    dashboard: StripeClient, stripe_sandbox: Sandbox, tmp_path: Path
) -> None:
    """With the offered commands: secret moved, nothing written, the other lets go."""
    objects = _clicked_together(dashboard)
    backend = {"PULUMI_BACKEND_URL": tmp_path.as_uri()}
    old = Stack(tmp_path / "old", stripe_sandbox, "live", backend)
    _manage_elsewhere(old, objects)
    exported = tmp_path / "export.json"
    exported.write_text(old.pulumi("stack", "export").stdout)
    stack = Stack(tmp_path / "new", stripe_sandbox, "test", backend)
    stripe_sandbox.clear_requests()

    answer = json.loads(imported(stack, "--from", str(exported), "--json"))
    other = {"OTHER": str(old.folder)}
    for command in answer["secretCommands"]:
        shell(stack, "sh", "-c", command, **other)
    (stack.folder / "__main__.py").write_text(
        f'{answer["program"]}\npulumi.export("secret", events.secret)\n'
    )
    stack.pulumi("up", "--yes")
    for command in answer["releases"]:
        shell(stack, "sh", "-c", command, **other)

    assert stack.output("secret") == objects["we_1"].secret
    assert objects["we_1"].secret not in exported.read_text()
    names = [each["name"] for each in answer["resources"]]
    assert names == ["portal", "Plans--EU", "events"]
    assert stripe_sandbox.count("POST") == stripe_sandbox.count("DELETE") == 0
    stack.assert_converged()
    left = [each["type"] for each in old.export()["deployment"]["resources"]]
    assert left == ["pulumi:pulumi:Stack", "pulumi:providers:stripe"]


def _clicked_together(dashboard: StripeClient) -> dict[str, Any]:
    """Make what a bridged stack manages; return it by the ids of its state."""
    configurations = dashboard.v1.billing_portal.configurations
    for _ in range(2):
        configurations.create({"features": {"invoice_history": {"enabled": True}}})
    second, first = configurations.list().data
    endpoint = dashboard.v1.webhook_endpoints.create(
        {"url": "https://shop.example.com/hooks", "enabled_events": ["invoice.paid"]}
    )
    return {"bpc_1": first, "bpc_2": second, "we_1": endpoint}


def _manage_elsewhere(old: Stack, objects: dict[str, Any]) -> None:
    """Give a stack the state that it has where the bridge manages the objects."""
    old.up("")
    provider = {
        "urn": "urn:pulumi:live::shop::pulumi:providers:stripe::default",
        "custom": True,
        "id": "0f4a",
        "type": "pulumi:providers:stripe",
    }
    bridged = json.loads(json.dumps(BRIDGE))["deployment"]["resources"]
    managed = [each for each in bridged if each.get("id") in objects]
    for each in managed:
        found = objects[each["id"]]
        each |= {"id": found.id, "provider": f"{provider['urn']}::{provider['id']}"}
        if "outputs" in each:
            each["outputs"]["secret"]["plaintext"] = json.dumps(found.secret)
    state = old.export()
    state["deployment"]["resources"] += [provider, *managed]
    path = old.folder / "state.json"
    path.write_text(json.dumps(state))
    old.pulumi("stack", "import", "--force", "--file", str(path))
