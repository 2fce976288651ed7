"""`stripe-portal completion`: what a shell runs completes commands and options."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pulumi_stripe_portal.cli import main


def script(shell: str) -> str:
    """Return the script for a shell."""
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_the_program(shell: str) -> None:
    """The variable is the one that the program answers to."""
    assert f"_STRIPE_PORTAL_COMPLETE={shell}_complete" in script(shell)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes(tmp_path: Path) -> None:
    """Sourced in bash, the script completes a command and its options."""
    command = tmp_path / "stripe-portal"
    command.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m pulumi_stripe_portal "$@"\n'
    )
    command.chmod(0o755)
    (tmp_path / "completion.sh").write_text(script("bash"))

    def completed(*words: str) -> list[str]:
        lines = [
            f"source {tmp_path}/completion.sh",
            f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}",
            "_stripe_portal_completion stripe-portal",
            'printf "%s\\n" "${COMPREPLY[@]}"',
        ]
        environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", "\n".join(lines)],
            env=environ,
            capture_output=True,
            text=True,
        )
        return done.stdout.split()

    assert completed("stripe-portal", "sess") == ["session"]
    assert completed("stripe-portal", "session", "--cust") == [
        "--customer",
        "--customer-account",
    ]


def test_an_unknown_shell() -> None:
    """Exit code 2."""
    assert CliRunner().invoke(main, ["completion", "csh"]).exit_code == 2
