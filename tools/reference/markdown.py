"""Markdown for what comes from the code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["MADE", "cell", "table"]

MADE = "Made from the code by `python -m tools.reference`; a test compares.\n"


def cell(text: str) -> str:
    """Return a text as it stands in a table: on one line, with nothing that formats.

    What stands between backticks is left as it is.
    """
    parts = re.split(r"(`[^`]+`)", " ".join(text.split()))
    plain = [re.sub(r"([*<>\\])", r"\\\1", each) for each in parts[::2]]
    parts[::2] = plain
    return "".join(parts).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
