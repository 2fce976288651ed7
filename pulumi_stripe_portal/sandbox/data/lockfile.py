"""One sandbox per data file at a time."""

from __future__ import annotations

import os
from pathlib import Path

from .store import DataFileError

__all__ = ["LockFile"]


class LockFile:
    """`<data file>.lock`, held until `release` or the end of the process.

    Raises:
        DataFileError: Another process, or another sandbox of this one, holds it.
    """

    def __init__(self, data: Path) -> None:
        """Lock the data file, or raise."""
        import fcntl  # not there on Windows, where sandboxes live in memory only

        self._path = data.with_name(data.name + ".lock")
        while True:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(self._descriptor)
                message = f"{data} is in use by another sandbox that is still running."
                raise DataFileError(message) from None
            if self._is_current():
                return
            os.close(self._descriptor)

    def release(self) -> None:
        """Let others use the data file, and leave no lock file behind."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def _is_current(self) -> bool:
        """Tell whether the file was not removed by its last holder before the lock."""
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._descriptor))
        except FileNotFoundError:
            return False
