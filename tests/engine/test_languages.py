"""The plugin from programs in other languages than Python: YAML and TypeScript."""

from __future__ import annotations

import compileall
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from stripe import StripeClient

from .languages import (
    EXAMPLES,
    LANGUAGES,
    PYTHON,
    TYPESCRIPT,
    Language,
    generate_sdks,
    install_packages,
    lay_out,
)
from .stack import Stack


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of the TypeScript example, the SDK compiled."""
    folder = tmp_path_factory.mktemp("packages")
    install_packages(folder)
    return folder


@pytest.fixture(params=LANGUAGES, ids=lambda each: each.folder.rpartition("/")[2])
def language(request: pytest.FixtureRequest, stack: Stack) -> Language:
    """Each language that the example is written in, as the stack's program."""
    found: Language = request.param
    lay_out(found, stack)
    if found is TYPESCRIPT:
        link(request.getfixturevalue("packages"), stack)
    return found


def link(packages: Path, stack: Stack) -> None:
    """Let a stack's program find the packages."""
    for name in ("node_modules", "sdks"):
        (stack.folder / name).symlink_to(packages / name)


def planned(stack: Stack) -> tuple[dict[str, Any], str]:
    """Return what a preview plans, by the name of the resource; and all it prints."""
    text = stack.preview("--json").stdout
    steps = {
        each["urn"].rpartition("::")[2]: each
        for each in json.loads(text)["steps"]
        if each["op"] != "same"
    }
    return steps, text


def writes(stack: Stack) -> int:
    """Return how many requests changed something since the last look."""
    count = sum(each.method != "GET" for each in stack.sandbox.requests)
    stack.sandbox.clear_requests()
    return count


def in_python(stack: Stack) -> None:
    """Put the example itself in the place of the program, with the same changes."""
    shutil.copy(EXAMPLES / PYTHON.folder / PYTHON.program, stack.folder)
    PYTHON.change(stack, {**PYTHON.secret, **PYTHON.rename})
    stack.use_plugin()


def test_a_life(stack: Stack, dashboard: StripeClient, language: Language) -> None:
    """It converges at once, changes one field, reverts drift and leaves nothing.

    The example in Python, on the same stack, changes nothing.
    """
    language.change(stack, language.secret)
    seen = [stack.up().text]
    assert writes(stack) == 4
    assert "5 unchanged" in stack.up(None, "--expect-no-changes").stdout
    assert stack.sandbox.requests == []

    language.change(stack, language.rename)
    steps, text = planned(stack)
    assert list(steps) == ["standard"]
    kinds = {"name": {"kind": "update", "inputDiff": True}}
    assert steps["standard"]["detailedDiff"] == kinds
    shown = stack.up(None, "--diff").text
    assert '~ name: "Basic and Pro" => "Basic, Pro"' in shown
    assert "features" not in shown
    assert writes(stack) == 1
    seen += [text, shown]

    configurations = dashboard.v1.billing_portal.configurations
    id_ = stack.output("standard")
    configurations.update(id_, {"name": "Clicked"})
    stack.sandbox.clear_requests()
    seen.append(stack.up(None, "--refresh", "--diff").text)
    assert configurations.retrieve(id_).name == "Basic, Pro"
    assert writes(stack) == 1

    secret = stack.output("webhookSecret")
    assert secret.startswith("whsec_")
    for each in (*seen, stack.state_files()):
        assert secret not in each
        assert "TOPSECRET" not in each

    language.change(stack, language.typo)
    refused = stack.preview(check=False)
    assert refused.code != 0
    assert re.search(language.refusal, refused.text), refused.text

    in_python(stack)
    assert "5 unchanged" in stack.up(None, "--expect-no-changes").stdout
    assert stack.sandbox.requests == []
    stack.destroy()
    assert dashboard.v1.webhook_endpoints.list().data == []
    assert not configurations.retrieve(id_).active


def test_an_existing_object_comes_into_typescript(
    stack: Stack, dashboard: StripeClient, packages: Path
) -> None:
    """Nothing is written; the host of these tests is too old to write the code."""
    lay_out(TYPESCRIPT, stack)
    link(packages, stack)
    found = dashboard.v1.billing_portal.configurations.create(
        {"name": "Clicked", "features": {"invoice_history": {"enabled": True}}}
    )
    stack.sandbox.clear_requests()
    token = "stripe-portal:index:PortalConfiguration"
    flags = ["--generate-code=false", "--protect=false", "--yes", "--skip-preview"]
    stack.pulumi("import", token, "clicked", found.id, *flags)
    assert writes(stack) == 0

    (stack.folder / "index.ts").write_text(CLICKED)
    assert "2 unchanged" in stack.up(None, "--expect-no-changes").stdout
    assert stack.sandbox.requests == []


def test_the_template_compiles(packages: Path, tmp_path: Path) -> None:
    """`templates/typescript` fits the SDK, by TypeScript's strictest reading."""
    for name in ("index.ts", "tsconfig.json"):
        shutil.copy(EXAMPLES.parent / "templates" / "typescript" / name, tmp_path)
    for name in ("node_modules", "sdks"):
        (tmp_path / name).symlink_to(packages / name)
    compiler = packages / "node_modules" / ".bin" / "tsc"
    done = subprocess.run(
        [compiler, "-p", "."], cwd=tmp_path, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout


CLICKED = """
import { PortalConfiguration } from "pulumi-stripe-portal";

new PortalConfiguration("clicked", {
  name: "Clicked",
  features: { invoice_history: { enabled: true } },
});
"""


def test_sdks_have_stripes_own_names(tmp_path: Path) -> None:
    """In Python and Go as well, where no test runs a program with one."""
    generate_sdks(tmp_path, "python", "go")

    (python,) = (tmp_path / "sdks" / "python").glob("pulumi_*")
    assert compileall.compile_dir(python, quiet=1)
    inputs = (python / "_inputs.py").read_text()
    assert "allowed_updates: " in inputs
    assert (python / "portal_configuration.py").exists()
    go = (tmp_path / "sdks" / "go" / "stripeportal" / "pulumiTypes.go").read_text()
    assert '`pulumi:"allowed_updates"`' in go
