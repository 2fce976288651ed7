"""Whole pages, done as a reader does them: line by line, and what they show is seen.

Stand-ins are what takes minutes or the network: `make` runs the step of its target, and
`pip` and `venv` find all installed. "Your account" is a sandbox.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from stripe import StripeClient

from pulumi_stripe_portal.sandbox import Sandbox
from tests.docs.pages import ROOT, Block, blocks
from tools.reference import PAGES as MADE

from . import warm_python
from .stack import Stack

pytestmark = pytest.mark.engine

TEXTS = {"README.md": 2, "docs/tour.md": 4, "docs/first-stack.md": 1}
"""The pages that are done from beginning to end, and how many outputs they show."""
BLOCKS = {each.name: each.text for each in blocks()}
DRAWN = ("docs/architecture.md-0",)
"""Pictures made of letters."""
PLANS = """
from pulumi_stripe_portal import PortalConfiguration

PortalConfiguration("plans", features={"invoice_history": {"enabled": True}})
"""
SHOWN = {
    "docs/troubleshooting.md-0": [
        PLANS.replace("invoice_history", "subscription_cancel").replace("led", "le")
    ],
    "docs/import.md-3": [BLOCKS["docs/import.md-1"]],
    "docs/renaming.md-1": [PLANS, BLOCKS["docs/renaming.md-0"]],
}
"""What else pages show, and the programs that print it, the last of them."""
MAY_FAIL = ("stripe-portal compare",)  # its answer is "they differ"
STAND_INS = {
    "make": "case $1 in up) exec python tools/up.py;; clean) rm -rf .sandbox;; esac",
    "pip": "exit 0",
    "python3": 'case "$1$2" in -mvenv) mkdir -p .venv/bin; touch .venv/bin/activate;;'
    ' *) exec python "$@";; esac',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clone of what the pages use."""
    made = tmp_path / "clone"
    for name in ("examples/portal", "tools"):
        shutil.copytree(ROOT / name, made / name)
    shutil.copy(ROOT / "Pulumi.yaml", made)
    (made / ".venv" / "bin").mkdir(parents=True)
    (made / ".venv" / "bin" / "activate").touch()
    (made / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for git in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "Begin"]):
        subprocess.run(["git", *git], cwd=made, check=True)
    return made


def do(page: Path, folder: Path, sandbox: Sandbox) -> list[tuple[Block, str]]:
    """Run a page's commands in one shell; return each block with what came before."""
    programs = folder.parent / "bin"
    programs.mkdir()
    for name, text in STAND_INS.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    environ = {
        **os.environ,
        "PATH": f"{programs}:{warm_python.path()}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder.parent),
        "PULUMI_HOME": str(folder.parent / "pulumi-home"),
        "PULUMI_BACKEND_URL": (folder.parent / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_CONFIRMATIONS": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "STRIPE_API_BASE": sandbox.url,
    }
    done = subprocess.run(
        ["bash", "-c", _script(page)],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert "@failed" not in done.stdout, done.stdout
    parts = done.stdout.split("@block\n")
    return list(zip(blocks(pages=[page]), parts, strict=True))


def _script(page: Path) -> str:
    """Return the page as a script, which prints a mark after each block."""
    lines = ["mkdir -p ../state"]
    for block in blocks(pages=[page]):
        named = re.fullmatch(r"`([\w./]+)`:", block.before)
        if named:
            lines += [f"cat > {named[1]} <<'@end'", block.text + "@end"]
        for line in block.text.splitlines() if block.language == "console" else ():
            command = line.removeprefix("$ ")
            if "config set --secret" in command:
                command += f" <<< {Sandbox.api_key}"
            may = "true" if command.startswith(MAY_FAIL) else 'echo "@failed: $?"'
            lines.append(f"{{ {command}\n}} || {may}")
        lines.append("echo @block")
    return "\n".join(lines[:-1])


def _alike(text: str) -> set[str]:
    """Return a text's lines without what differs from run to run."""
    bare = re.sub(r"\b(bpc|we)_\w+|\(\d+(\.\d+)?s\)|127\.0\.0\.1:\d+", "…", text)
    return {line.strip() for line in bare.splitlines() if line.strip()}


@pytest.mark.parametrize("name", TEXTS)
def test_pages(name: str, folder: Path, stripe_sandbox: Sandbox) -> None:
    """No command fails, and each line that is shown was printed."""
    done = do(ROOT / name, folder, stripe_sandbox)
    printed, shown = "", 0
    for block, text in done:
        printed += text
        if block.language == "text":
            assert _alike(block.text) <= _alike(printed), printed
            printed, shown = "", shown + 1

    assert shown == TEXTS[name]


def test_every_output_is_seen() -> None:
    """A block of text is of a page that is done, made from the code, or shown below."""
    seen = {each.text for each in blocks("text", pages=[ROOT / name for name in TEXTS])}
    others = {
        each.name
        for each in blocks("text")
        if each.text not in seen and each.page.name not in MADE
    }

    assert others == {*SHOWN, *DRAWN}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_printed(
    name: str, stack: Stack, dashboard: StripeClient
) -> None:
    """Line by line, by a program as the page tells of."""
    features: Any = {"subscription_cancel": {"enabled": True}}
    for _ in ("the default", "another one"):
        made = dashboard.v1.billing_portal.configurations.create({"features": features})
    for program in SHOWN[name]:
        (stack.folder / "__main__.py").write_text(program.replace("bpc_123", made.id))
        done = stack.pulumi("up", "--yes", check=False)

    for line in BLOCKS[name].splitlines():
        assert line.strip() in done.text, done.text


def test_the_program_in_yaml(stack: Stack) -> None:
    """It comes up with the plugin of a virtual environment, as the page says."""
    plugin, program = blocks("yaml", pages=[ROOT / "docs" / "languages.md"])
    project = {**yaml.safe_load(program.text), **yaml.safe_load(plugin.text)}
    (stack.folder / "Pulumi.yaml").write_text(json.dumps({**project, "name": "shop"}))
    stack.provide_plugin()
    (stack.folder / ".venv").mkdir()
    (stack.folder / "plugin").rename(stack.folder / ".venv" / "bin")

    assert "2 created" in stack.up().stdout


def test_make_does_what_stands_in_for_it() -> None:
    """The targets of the Makefile end with these steps."""
    text = (ROOT / "Makefile").read_text()

    assert re.search(r"^up: setup .*\n\t.*python tools/up\.py", text, re.M)
    assert re.search(r"^clean:.*\n\trm -rf .*\.sandbox", text, re.M)


def test_the_automation_api(tmp_path: Path) -> None:
    """The test that docs/testing.md shows passes."""
    (block,) = [
        each for each in blocks("python") if "pulumi import automation" in each.text
    ]
    (tmp_path / "test_it.py").write_text(block.text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    home = {"PULUMI_HOME": str(tmp_path / "pulumi-home")}
    done = subprocess.run(
        [*command, str(tmp_path)],
        env={**os.environ, **home, "PATH": warm_python.path()},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout
