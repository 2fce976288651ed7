"""Runs other programs: the Pulumi CLI, and what is asked what it is."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence

__all__ = ["SOON", "run"]

SOON = 60
"""How long a command is given that answers at once (seconds)."""


def run(
    command: Sequence[str],
    *,
    seconds: float | None = SOON,
    environ: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str] | None:
    """Run a command and return what it said, None where it can't be run."""
    try:
        return subprocess.run(  # noqa: S603 - each argument is one of its own
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=seconds,
            env=environ,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):  # no name of a file
        return None
