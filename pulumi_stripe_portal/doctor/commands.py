"""Runs the commands that are asked what they are."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

__all__ = ["run"]

_SECONDS = 60


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str] | None:
    """Run a command and return what it said, None where it can't be run."""
    try:
        return subprocess.run(  # noqa: S603 - the commands of this package
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):  # no name of a file
        return None
