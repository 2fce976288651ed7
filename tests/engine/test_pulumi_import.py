"""`pulumi import`, and what `stripe-portal import` prints for it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from click.testing import CliRunner
from stripe import StripeClient

from pulumi_stripe_portal.cli import main
from tests.importing.accounts import fill

from .stack import Stack

PROJECT = "name: shop\nruntime: yaml\nplugins: {plugins}\n"


def test_generated_code_is_complete_and_clean(
    stack: Stack, dashboard: StripeClient, tmp_path: Path
) -> None:
    """An account of all shapes comes under YAML: no write, and no change afterwards."""
    fill(dashboard)
    project = PROJECT.format(plugins=json.dumps(stack.provide_plugin()))
    (stack.folder / "Pulumi.yaml").write_text(project)
    shell = CliRunner(env=stack.sandbox.environ)
    asked = ["import", "--all", "--include-inactive", "--format", "pulumi-json"]
    printed = shell.invoke(main, asked)
    for command in re.findall("`stripe-portal (release .*)`", printed.stderr):
        released = shell.invoke(main, [*shlex.split(command), "--yes"])
        assert released.exit_code == 0
    wanted, code = tmp_path / "import.json", tmp_path / "code.yaml"
    wanted.write_text(printed.stdout)
    stack.sandbox.clear_requests()

    flags = ["--yes", "--skip-preview", "--protect=false", "--out", str(code)]
    stack.pulumi("import", "--file", str(wanted), *flags)

    reads = [each.path for each in stack.sandbox.requests]
    assert len([each for each in reads if "/bpc_" in each]) == 30
    assert len([each for each in reads if "/we_" in each]) == 5
    assert {each.method for each in stack.sandbox.requests} == {"GET"}
    (stack.folder / "Pulumi.yaml").write_text(project + code.read_text())
    stack.sandbox.clear_requests()
    assert "36 unchanged" in stack.preview("--expect-no-changes").stdout
    assert stack.sandbox.requests == []
