"""Texts as Markdown that nothing in them can break out of. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from .text import LONGEST, Name, Part, Quoted, Strong, clean, render

__all__ = ["code", "inline", "prose", "table"]

# `$` begins mathematics on GitHub, `:` between letters an emoji
_SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")
_APART = "&#8203;"  # a space of no width: what it stands in is no longer a link
_LINKS = (
    ("@", re.compile(r"@"), f"@{_APART}"),  # mentions, e-mail addresses
    ("#", re.compile(r"\\#(?=\w)"), f"\\#{_APART}"),  # issues
    ("-", re.compile(r"\bGH-(?=\d)", re.IGNORECASE), f"GH-{_APART}"),
    ("://", re.compile(r"://"), f":{_APART}//"),
    (".", re.compile(r"\bwww\.", re.IGNORECASE), f"www{_APART}."),
)
"""What becomes a link, with what is in each such text."""


def prose(text: str, longest: int = LONGEST) -> str:
    """Return a text that reads as it is written: no markup, links or mentions."""
    text = clean(text, longest)
    if text.isalnum():
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(r"\\\1", text)
    for sign, pattern, replacement in _LINKS:
        if sign in text:
            text = pattern.sub(replacement, text)
    return text


def code(text: str, *, cell: bool = False) -> str:
    """Return a text as it is written, in the typewriter's letters."""
    text = clean(text)
    if not text.strip():
        return "(empty)"
    if cell:  # a bar ends the cell, even here, unless an odd backslash is before it
        text = re.sub(r"(\\*)\|", _escape_bar, text)
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{text}{space}{fence}"


def _escape_bar(found: re.Match[str]) -> str:
    backslashes = found[1]
    return f"{backslashes}{' ' if len(backslashes) % 2 else ''}\\|"


def inline(text: Iterable[Part], subject: str = "", *, cell: bool = False) -> str:
    """Return a text in one line, for a paragraph or for a table's cell."""
    return "".join(render(text, subject, _IN_CELL if cell else _INLINE, "<br>"))


def table(columns: Iterable[str], rows: Iterable[Iterable[Iterable[Part]]]) -> str:
    """Return a table; a column's name is plain text."""
    head = list(map(prose, columns))
    lines = [f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
    for row in rows:
        lines.append(f"| {' | '.join(inline(text, cell=True) for text in row)} |")
    return "\n".join(lines)


_INLINE: dict[type, Callable[[str], str]] = {
    str: prose,
    Quoted: code,
    Strong: lambda text: f"**{prose(text)}**",
    Name: lambda text: f"*{prose(text.strip())}*",
}
_IN_CELL: dict[type, Callable[[str], str]] = {
    **_INLINE,
    Quoted: partial(code, cell=True),
}
