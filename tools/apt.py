"""Debian's packages, for what PyPI and Go don't bring."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from tools.console import SetupError, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def can_install() -> bool:
    """Tell whether this user may install Debian packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def missing(packages: Iterable[str]) -> list[str]:
    """Tell which packages dpkg doesn't know; none where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return []
    return [package for package in packages if not _installed(package)]


def _installed(package: str) -> bool:
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout == "install ok installed"


def install(packages: Sequence[str], *, logs: Path, usually: str) -> None:
    """Install packages without a question asked; waits for another apt to end."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=600"]
    refused = ""
    # The lists may be stale or, in an image, not there at all.
    try:
        run(
            [*apt, "update"],
            doing="updating apt's lists",
            log=logs / "apt-update.log",
            env=env,
        )
    except SetupError as error:
        refused = str(error)
    try:
        run(
            [*apt, "install", "--no-install-recommends", *packages],
            doing=f"installing {' '.join(packages)}",
            usually=usually,
            log=logs / "apt-install.log",
            env=env,
        )
    except SetupError as error:
        msg = f"{error}\n{refused}".strip()
        raise SetupError(msg) from None
