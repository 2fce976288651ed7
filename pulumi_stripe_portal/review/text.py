"""Sentences as data: what is ours, and what users wrote. Pure.

A text is a tuple of parts. Plain strings are prose and may hold names of products and
prices; the other parts say how they are to be shown. Only the renderers know markup,
and they escape every part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from pulumi_stripe_portal.schema.visible import HIDDEN

__all__ = [
    "BREAK",
    "LONGEST",
    "SUBJECT",
    "WHO_GET_IT",
    "Name",
    "Part",
    "Quoted",
    "Strong",
    "Text",
    "clean",
    "count_of",
    "join",
    "plain",
    "render",
]

T = TypeVar("T")

LONGEST = 200
"""How much of a text that a user wrote is shown."""

_SECRET = re.compile(r"(?<![A-Za-z0-9])(?:whsec|[sr]k(?:_org)?_(?:test|live))_\w+")
_LINE_ENDS = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029]+")
_LOGIN = re.compile(r"(?<=://)[^/?#\s@]*@")


@dataclass(frozen=True)
class _Styled:
    text: str


class Name(_Styled):
    """The name of a portal or an endpoint, set apart from the sentence around it."""


class Quoted(_Styled):
    """A value exactly as somebody wrote it, never read as markup."""


class Strong(_Styled):
    """The words that a hurried reader should see."""


@dataclass(frozen=True)
class _Symbol:
    name: str


SUBJECT = _Symbol("subject")
"""Stands for the name of the resource that the sentence is about."""
BREAK = _Symbol("break")
"""A new line inside a table's cell."""

Part: TypeAlias = "str | Name | Quoted | Strong | _Symbol"
Text: TypeAlias = "tuple[Part, ...]"
WHO_GET_IT: Text = ("Customers who get the portal ", SUBJECT)
"""How a sentence begins about what the customers of a portal can do."""


def join(items: Sequence[Text], last: str = "and", most: int = 12) -> Text:
    """Return `a, b and c`; beyond `most`, how many more there are."""
    if len(items) > most:
        rest = (f"{len(items) - most + 1} more",)
        items = [*items[: most - 1], rest]
    parts: list[Part] = []
    for index, item in enumerate(items):
        if index:
            parts.append(f" {last} " if index == len(items) - 1 else ", ")
        parts.extend(item)
    return tuple(parts)


def count_of(number: int, noun: str, plural: str = "") -> str:
    """Return `1 customer` or `312 customers`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def render(
    text: Iterable[Part],
    subject: str,
    styles: Mapping[type, Callable[[str], T]],
    line_end: T,
) -> Iterable[T]:
    """Yield each part of a text as its style shows it, SUBJECT as a name."""
    for part in text:
        if part is BREAK:
            yield line_end
        elif isinstance(part, str):
            yield styles[str](part)
        else:
            of_part = Name(subject) if isinstance(part, _Symbol) else part
            yield styles[type(of_part)](of_part.text)


def plain(text: Iterable[Part], subject: str = "") -> str:
    """Return the text without any markup, for logs and tests."""
    return "".join(render(text, subject, _PLAIN, "; "))


def clean(text: str, longest: int = LONGEST) -> str:
    """Make a text safe to show: no secrets, one line, nothing invisible, not too long.

    Characters that reorder or hide what follows are named instead, and a text that
    runs from right to left is kept from reordering what is around it.
    """
    if "_" in text:
        text = _SECRET.sub(HIDDEN, text)
    if "://" in text:
        text = _LOGIN.sub(f"{HIDDEN}@", text)
    is_printable = text.isprintable()
    if not is_printable:
        text = " ".join(_LINE_ENDS.split(text))
    if len(text) > longest:
        text = f"{text[:longest]}… ({len(text) - longest:,} more characters)"
    if not is_printable:
        text = "".join(map(_visible, text))
    if text.isascii():
        return text
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        return f"\u2068{text}\u2069"  # first strong isolate … pop directional isolate
    return text


def _visible(letter: str) -> str:
    # Cc control, Cf format (bidi controls, zero width), Cs lone surrogates, Co private
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co"):
        return f"[U+{ord(letter):04X}]"
    return letter


_PLAIN = dict.fromkeys((str, Name, Quoted, Strong), clean)
