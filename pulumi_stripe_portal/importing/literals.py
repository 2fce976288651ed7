"""Writes Python expressions as `ruff format` would, in 88 columns. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.visible import visible

__all__ = ["WIDTH", "Call", "Code", "write_expression"]

WIDTH = 88
_STEP = 4


@dataclass(frozen=True)
class Code:
    """An expression that stands as it is."""

    text: str


@dataclass(frozen=True)
class Call:
    """A call; an argument without a name is positional."""

    function: str
    arguments: Sequence[tuple[str, Any]]
    tall: bool = True
    """Whether each argument has a line of its own, also where all fit on one."""


def write_expression(
    value: Any, *, indent: int = 0, column: int = 0, after: int = 0
) -> str:
    """Return an expression, on one line where that fits.

    `indent` is that of the line that it begins on, `column` where on that line, and
    `after` the width of what follows it there.
    """
    flat = _flat(value)
    if flat is not None and column + _width(flat) + after <= WIDTH:
        return flat
    if isinstance(value, str):
        return _broken_text(value, indent)
    if isinstance(value, Call):
        return _one_a_line(f"{value.function}(", _labels(value), ")", indent)
    if isinstance(value, Mapping):
        entries = [(f"{_quote(key)}: ", item) for key, item in value.items()]
        return _one_a_line("{", entries, "}", indent)
    if isinstance(value, Sequence):
        return _one_a_line("[", [("", item) for item in value], "]", indent)
    return flat or repr(value)


def _one_a_line(
    opening: str, entries: Sequence[tuple[str, Any]], closing: str, indent: int
) -> str:
    inside = indent + _STEP
    lines = [
        " " * inside
        + label
        + write_expression(item, indent=inside, column=inside + _width(label), after=1)
        + ","
        for label, item in entries
    ]
    return "\n".join([opening, *lines, " " * indent + closing])


def _labels(call: Call) -> list[tuple[str, Any]]:
    return [(f"{name}=" if name else "", item) for name, item in call.arguments]


def _flat(value: Any) -> str | None:
    """Return an expression on one line, None for one that never is."""
    if isinstance(value, Call):
        entries = (f"{label}{_flat(item)}" for label, item in _labels(value))
        return None if value.tall else f"{value.function}({', '.join(entries)})"
    if isinstance(value, Code):
        return value.text
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, Mapping):
        entries = (f"{_quote(key)}: {_flat(item)}" for key, item in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, Sequence):
        return f"[{', '.join(_flat(item) or '' for item in value)}]"
    return repr(value)


def _quote(text: str) -> str:
    """Return a string literal: double quotes, unless those cost more backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    # Also what turns the reading direction, and so would hide code.
    return f"{quote}{visible(escaped)}{quote}"


def _broken_text(text: str, indent: int) -> str:
    """Return a long text in pieces of a line each; an address stays whole."""
    if "://" in text and not text.split()[1:]:
        return _quote(text)
    inside = indent + _STEP
    pieces = _pieces(text, WIDTH - inside)
    lines = [" " * inside + _quote(piece) for piece in pieces]
    return "\n".join(["(", *lines, " " * indent + ")"])


def _pieces(text: str, room: int) -> Iterator[str]:
    """Cut a text into pieces whose literals fit, after a space where there is one."""
    while (fits := _fitting(text, room)) < len(text):
        cut = text.rfind(" ", 0, fits) + 1 or fits or 1
        yield text[:cut]
        text = text[cut:]
    yield text


def _fitting(text: str, room: int) -> int:
    """Return how many characters a literal of no more columns can begin with."""
    used, quotes = len('""'), {"'": 0, '"': 0}
    for place, character in enumerate(text):
        if character in quotes:
            quotes[character] += 1
        else:
            used += _width(_quote(character)) - len('""')
        # The quotes that there are less of take a backslash each.
        if used + sum(quotes.values()) + min(quotes.values()) > room:
            return place
    return len(text)


def _width(text: str) -> int:
    """Return how many columns a text takes: Asian letters and emoji take two."""
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
