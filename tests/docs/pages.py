"""The pages that people read, and what is in them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGES", "ROOT", "Block", "blocks", "name_of", "prose"]

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "examples").glob("**/README.md"),
        ROOT / "benchmarks" / "README.md",
    ]
)
"""All of them, those made from the code too."""
PAGES = [page for page in PAGES if "node_modules" not in page.parts]

_FENCE = re.compile(r"^( *)```([^\n`]*)\n(.*?)^ *```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    number: int
    language: str
    text: str
    before: str
    """The line that is above it, empty ones left out."""

    @property
    def name(self) -> str:
        """What a test calls it."""
        return f"{name_of(self.page)}-{self.number}"


def name_of(page: Path) -> str:
    """Return a page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(*languages: str, pages: list[Path] | None = None) -> list[Block]:
    """Return the blocks in some languages, page by page; in all where none is named."""
    return [
        each
        for page in (PAGES if pages is None else pages)
        for each in _blocks(page)
        if not languages or each.language in languages
    ]


def prose(page: Path) -> str:
    """Return what a page has outside of its blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for number, found in enumerate(_FENCE.finditer(text)):
        before = text[: found.start()].rstrip().rpartition("\n")[2].strip()
        body = textwrap.dedent(found[3])
        yield Block(page, number, found[2].strip(), body, before)
