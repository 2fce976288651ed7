"""One sandbox per data file at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .datafile import DataFileError

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["lock"]


def lock(data: Path) -> BaseFileLock:
    """Take `<data file>.lock`, held until it is released or the process ends.

    The empty file stays: to remove it is not safe while another one waits for it.

    Raises:
        DataFileError: Another process, or another sandbox of this one, holds it.
    """
    from filelock import FileLock, Timeout

    path = data.with_name(data.name + ".lock")
    taken = FileLock(path, timeout=0, mode=0o600, thread_local=False)
    try:
        taken.acquire()
    except Timeout:
        raise DataFileError(
            f"{data} is in use by another sandbox that is still running."
        ) from None
    return taken
