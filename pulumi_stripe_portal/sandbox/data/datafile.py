"""The file that keeps a sandbox's data: read whole, and replaced whole."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["DataFileError", "read", "unknown", "write"]

_DRAFT = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


class DataFileError(RuntimeError):
    """The data file cannot be used: it is in use, not one of the sandbox's, or full."""


def read(path: Path) -> Any:
    """Return what is in the file, None where there is none.

    Raises:
        DataFileError: It can't be read, or is no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataFileError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise unknown(path) from None


def write(path: Path, data: Any) -> None:
    """Put *data* in the file's place, or leave what is there.

    It is written beside it, by a name that nobody else has opened: whoever may write
    there can't lead it elsewhere by a link, nor read it, as it has webhook secrets.

    Raises:
        DataFileError: It can't be written, as on a full disk.
    """
    draft = path.with_name(path.name + ".tmp")
    text = json.dumps(data).encode()
    try:
        # What a run that was killed has left; a link goes, not what it leads to.
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, _DRAFT, 0o600), "wb") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise DataFileError(
            f"{path} cannot be written: {error.strerror}. What is in it is unharmed; "
            "make room for it, and try again."
        ) from None


def unknown(path: Path) -> DataFileError:
    """Tell that a file was not written by a sandbox of this version."""
    return DataFileError(f"{path} is not a data file of this version's sandbox.")
