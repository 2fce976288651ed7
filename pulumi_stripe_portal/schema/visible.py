"""Texts of others, so that they can be shown: nothing hidden, nothing obeyed. Pure.

A name may hold what moves a terminal's cursor, turns the reading direction or takes no
room: what is read then is not what is there (https://trojansource.codes).
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

__all__ = [
    "HIDDEN",
    "is_loopback",
    "is_visible",
    "shown_address",
    "split_address",
    "visible",
]

HIDDEN = "[hidden]"
"""Stands where something is not shown."""

# Printable for Python, but of no width: Default_Ignorable_Code_Point in
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
_NO_WIDTH = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


def is_visible(text: str) -> bool:
    """Tell whether every character of a text can be seen, and stays on its line."""
    return text.isprintable() and not _NO_WIDTH.search(text)


def visible(text: str) -> str:
    r"""Return a text in one line, with what can't be seen written as `\u202e`."""
    if is_visible(text):
        return text
    return "".join(each if is_visible(each) else _escape(each) for each in text)


def _escape(character: str) -> str:
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    if code > 0xFF:
        return f"\\u{code:04x}"
    return repr(character)[1:-1]


def is_loopback(host: str | None) -> bool:
    """Tell whether a host's name is of this machine: no proxy is to see its traffic."""
    return host in ("127.0.0.1", "localhost", "::1")


def split_address(url: str) -> SplitResult | None:
    """Return the parts of an address, None where it is none."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - refuses what is no number only now
    except ValueError:
        return None
    return parts


def shown_address(url: str) -> str:
    """Return an address without what may be secret in it: name, password, query."""
    parts = split_address(url)
    if parts is None:
        return HIDDEN
    port = f":{parts.port}" if parts.port else ""
    query = f"?{HIDDEN}" if parts.query else ""
    return visible(f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}{query}")
