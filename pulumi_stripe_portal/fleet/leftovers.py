"""The folders of runs, and what is left of one whose worker was killed.

Such a folder says that a run of this machine ended so: its lock may be taken away. A
lock alone does not, as containers may share a host's name and have processes apart.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["has_killed_run", "is_alive", "run_folder"]

_WORKER = "worker"
"""The file with the id of the process that the folder belongs to."""


@contextmanager
def run_folder(name: str) -> Iterator[Path]:
    """Make a folder for a run of a stack; take it away with what was left of others.

    Args:
        name: What tells the stack from others.
    """
    prefix = f"stripe-portal-fleet-{name}-"
    with tempfile.TemporaryDirectory(prefix=prefix) as made:
        folder = Path(made)
        (folder / _WORKER).write_text(str(os.getpid()))
        yield folder
        for each in _killed_runs(folder):
            shutil.rmtree(each, ignore_errors=True)


def has_killed_run(folder: Path) -> bool:
    """Tell whether a run of the same stack was killed on this machine."""
    return any(True for _ in _killed_runs(folder))


def _killed_runs(folder: Path) -> Iterator[Path]:
    """Yield the folders of the same stack whose worker is gone."""
    prefix = folder.name.rpartition("-")[0]
    for each in folder.parent.glob(f"{prefix}-*"):
        try:
            worker = int((each / _WORKER).read_text())
        except (OSError, ValueError):  # it is just made, or of somebody else
            continue
        if not is_alive(worker):
            yield each


def is_alive(pid: int) -> bool:
    """Tell whether a process of this machine runs; a zombie does not."""
    import psutil  # type: ignore[import-untyped]  # comes with the extra

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True
