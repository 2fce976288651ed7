"""The pages that people read, and what is in them, as a parser of Markdown sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = [
    "PAGES",
    "ROOT",
    "Block",
    "blocks",
    "codes",
    "headings",
    "links",
    "name_of",
    "prose",
    "texts",
]

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(
            page
            for folder in ROOT.glob("[!.]*/")
            if folder.name != "tests"  # whose pages are what reviews were like
            for page in folder.rglob("*.md")
            if "node_modules" not in page.parts
        ),
    ]
)
"""All of them, those made from the code too."""

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_HTML = re.compile(r"(?:src|href)=\"([^\"]+)\"")
_BARE = re.compile(r"(?<![^\s(])https://[^\s)»]+\.[^\s)»]+")


@dataclass(frozen=True)
class Block:
    """One block of code of a page; an indented one has no language."""

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


def headings(page: Path) -> list[str]:
    """Return a page's headings, as they are written."""
    tokens = _read(page)
    return [
        inside.content
        for each, inside in pairwise(tokens)
        if each.type == "heading_open"
    ]


def prose(page: Path) -> str:
    """Return what a page has outside of its blocks."""
    return "\n".join(
        each.content for each in _read(page) if each.type in ("inline", "html_block")
    )


def codes(page: Path) -> list[str]:
    """Return what stands between backticks in a page's prose."""
    return [each.content for each in _inside(_read(page)) if each.type == "code_inline"]


def texts(page: Path) -> list[str]:
    """Return the texts of a page's prose, without what is code or where links lead."""
    return [each.content for each in _inside(_read(page)) if each.type == "text"]


def links(page: Path | str) -> list[str]:
    """Return where a page's links and pictures lead, or those of a text."""
    tokens = _read(page) if isinstance(page, Path) else _MARKDOWN.parse(page)
    return [link for each in _inside(tokens) for link in _led(each)]


def _led(token: Token) -> list[str]:
    if token.type in ("html_block", "html_inline"):
        return _HTML.findall(token.content)
    if token.type == "text":
        return _BARE.findall(token.content)  # GitHub makes links of them
    return [str(link) for name, link in token.attrs.items() if name in ("href", "src")]


@cache
def _read(page: Path) -> list[Token]:
    return _MARKDOWN.parse(page.read_text(encoding="utf-8"))


def _inside(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens with those that are in them."""
    for token in tokens:
        yield token
        yield from _inside(token.children or [])


def _blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text(encoding="utf-8").splitlines()
    found = (each for each in _read(page) if each.type in ("fence", "code_block"))
    for number, token in enumerate(found):
        start = (token.map or [0])[0]
        before = next((line for line in reversed(lines[:start]) if line.strip()), "")
        yield Block(page, number, token.info.strip(), token.content, before.strip())
