"""Reading a PDF back: what is written on it, and with which fonts."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

__all__ = ["Paper", "read"]

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
_SHOWN = re.compile(
    rb"/(F\d+) [\d.]+ Tf|\((?P<text>(?:\\.|[^\\)])*)\)|(?P<end>ET)", re.DOTALL
)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Paper:
    """A PDF: its text, a line for each piece, and the fonts that are in the file."""

    text: str
    embedded: int
    named: int
    """How many fonts are used, which is as many as are embedded if all are."""


def read(pdf: bytes) -> Paper:
    """Read *pdf* as a viewer's search does, by each font's table of characters."""
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    names = {
        name: int(number)
        for body in objects.values()
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)
    }
    tables = {name: _table(objects, objects[number]) for name, number in names.items()}
    pages = [
        _stream(objects[int(number)])
        for body in objects.values()
        if re.search(rb"/Type /Page\b", body)
        for number in re.findall(rb"/Contents (\d+) 0 R", body)
    ]
    embedded = sum(b"/FontFile" in body for body in objects.values())
    text = "".join(_text(page, tables) for page in pages)
    return Paper(text, embedded, len(names))


def _text(page: bytes, tables: dict[bytes, dict[int, str]]) -> str:
    font, written = b"", ""
    for found in _SHOWN.finditer(page):
        if found[1]:
            font = found[1]
        elif found["end"]:
            written += "\n"
        else:
            code = re.sub(rb"\\(.)", _unescape, found["text"], flags=re.DOTALL)
            pairs = zip(code[::2], code[1::2], strict=True)
            table = tables[font]
            written += "".join(table[high * 256 + low] for high, low in pairs)
    return written


def _unescape(found: re.Match[bytes]) -> bytes:
    return _ESCAPED.get(found[1], found[1])


def _table(objects: dict[int, bytes], font: bytes) -> dict[int, str]:
    number = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert number
    table: dict[int, str] = {}
    for code, character in re.findall(
        rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", _stream(objects[int(number[1])])
    ):
        written = bytes.fromhex(character.decode()).decode("utf-16-be")
        table[int(code, 16)] = written
    return table


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]
