"""`templates/`, as `pulumi new` makes projects of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .stack import Stack

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture
def made(tmp_path: Path, stripe_sandbox: Sandbox) -> Stack:
    """A stack whose folder the template is to fill."""
    return Stack(tmp_path / "shop", stripe_sandbox)


def new(stack: Stack, template: str) -> None:
    """Make a project of a template in the place of the stack's."""
    flags = ("--generate-only", "--yes", "--force", "--name", "shop")
    stack.pulumi("new", str(TEMPLATES / template), *flags)


@pytest.mark.parametrize("template", ["python", "yaml"])
def test_a_new_project_runs(made: Stack, template: str) -> None:
    """As it stands, against the sandbox, with the settings of the stack `test`."""
    new(made, template)
    project = made.folder / "Pulumi.yaml"
    if template == "python":
        (made.folder / "venv").symlink_to(sys.prefix)
    else:
        made.provide_plugin()
        plugin = "  providers:\n    - name: stripe-portal\n      path: plugin\n"
        project.write_text(f"{project.read_text()}\nplugins:\n{plugin}")

    assert "4 created" in made.up().stdout
    assert "4 unchanged" in made.up(None, "--expect-no-changes").stdout
    endpoints = made.sandbox.client().v1.webhook_endpoints.list().data
    urls = [each.url for each in endpoints]
    assert urls == ["https://test.shop.example.com/webhooks/stripe"]


def test_a_project_in_typescript_is_made(made: Stack) -> None:
    """Its names are filled in; `test_languages` runs a program of its kind."""
    new(made, "typescript")

    assert '"name": "shop"' in (made.folder / "package.json").read_text()
    assert (made.folder / "index.ts").exists()
    assert "${" not in (made.folder / "Pulumi.yaml").read_text()
