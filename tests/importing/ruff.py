"""Ruff, as somebody runs it who has no settings of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

__all__ = ["assert_clean", "ruff"]


def ruff(*arguments: str, text: str | None = None, folder: Path | None = None) -> str:
    """Run ruff; fail where it finds something."""
    done = subprocess.run(
        [Path(sys.executable).with_name("ruff"), *arguments, "--isolated"],
        input=text,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_clean(path: Path) -> None:
    """Fail unless a program is formatted, and no rule of ruff's finds something.

    Left out are two rules that contradict others, and one that wants a copyright. It
    runs in the program's folder, or this repository's package would be its own.
    """
    ruff("format", "--diff", path.name, folder=path.parent)
    every = ("--select", "ALL", "--ignore", "CPY,D203,D213")
    ruff("check", *every, path.name, folder=path.parent)
