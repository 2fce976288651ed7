"""The README does what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from pulumi_stripe_portal.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in a language."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", README, re.M | re.S)
    return [textwrap.dedent(text) for _indent, text in found]


@pytest.mark.parametrize("block", blocks("python"), ids=range(len(blocks("python"))))
def test_python_blocks_run(block: str, tmp_path: Path) -> None:
    """Each is a program that Pulumi's mocks accept, or a test that passes."""
    if "def test_" in block:
        path = tmp_path / "test_block.py"
        path.write_text(block)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        done = subprocess.run([*command, str(path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        return
    prelude = """
import pulumi

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs
    def call(self, args):
        return {}

pulumi.runtime.set_mocks(Mocks())
pulumi.runtime.set_all_config({"project:liveKey": "sk_live_123"})

@pulumi.runtime.test
def program():
"""
    path = tmp_path / "program.py"
    path.write_text(prelude + textwrap.indent(block, "    ") + "\nprogram()\n")
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr


def test_commands_exist() -> None:
    """Every `make` and `stripe-portal` line names what is there."""
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M)
    lines = [
        line[2:].split("#")[0]
        for block in blocks("console")
        for line in block.splitlines()
        if line.startswith("$ ")
    ]
    assert lines
    for line in lines:
        words = shlex.split(line)
        if words[0] == "make":
            assert words[1] in targets, line
        if words[0] == "stripe-portal":
            command = words[: words.index("--")] if "--" in words else words
            names = [word for word in command[1:] if not word.startswith("-")]
            assert _help(names[:2]), line


def test_the_table_of_commands_is_complete() -> None:
    """It has each command of the command line once, and no other."""
    rows = re.findall(r"^\| `stripe-portal (\w+)[^|]*\|", README, re.M)
    shown = CliRunner().invoke(main, ["--help"]).output
    listed = re.findall(r"^  (\w+)  ", shown.partition("Commands:")[2], re.M)

    assert listed
    assert sorted(rows) == sorted(listed)


def _help(names: list[str]) -> bool:
    command = [sys.executable, "-m", "pulumi_stripe_portal", *names, "--help"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
