"""Which font writes which character.

DejaVu Sans comes with the package: Latin, Greek and Cyrillic look the same everywhere.
Whatever else is written, Chinese and Japanese above all, would take 16 MB: a font of
the machine has it, which is looked for by the names below. Where there is none, `write`
puts the character's code in its place, `[U+5C71]`, so that nothing is lost or guessed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

__all__ = [
    "BOLD",
    "REGULAR",
    "Font",
    "FontFolders",
    "characters",
    "fonts_for",
    "write",
]

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Font:
    """A font: its file, and which one of it where a file has several."""

    file: Path
    number: int = 0


REGULAR, BOLD = Font(_HERE / "DejaVuSans.ttf"), Font(_HERE / "DejaVuSans-Bold.ttf")

FontFolders = tuple[Path, ...]

FOLDERS: FontFolders = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
)
"""Where Debian and its kin, macOS and Windows keep fonts."""

# The languages that write the same character differently have a font each: which one of
# a collection, in the order of the Noto collections.
_CJK = {"ja": 0, "ko": 1, "zh": 2}
_COLLECTIONS = ("NotoSansCJK-Regular.ttc",)

_NAMES = {
    "ja": ("NotoSansJP-*", "ipaexg.ttf", "ヒラギノ角ゴシック W3.ttc", "YuGothR.ttc"),
    "zh": ("NotoSansSC-*", "wqy-*.ttc", "PingFang.ttc", "msyh.ttc", "simsun.ttc"),
    "": (
        "DroidSansFallback*.ttf",
        "AppleSDGothicNeo.ttc",
        "malgun.ttf",
        "NotoSans-Regular.ttf",
        "NotoSansHebrew-Regular.ttf",
        "NotoSansThai-Regular.ttf",
        "Arial Unicode.ttf",
        "DejaVuSans.ttf",
        "FreeSans.ttf",
        "arial.ttf",
    ),
}
"""Files by the language that they are first choice for; the rest follows."""


def fonts_for(
    text: str, language: str, folders: FontFolders | None = None
) -> list[Font]:
    """Return what has to be embedded to write *text*, the package's own font first."""
    found = [REGULAR]
    missing = {each for each in text if not each.isspace()} - characters(REGULAR)
    for font in _candidates(language, FOLDERS if folders is None else folders):
        if not missing:
            break
        if missing & characters(font):
            found.append(font)
            missing -= characters(font)
    return found


def write(text: str, fonts: Iterable[Font]) -> str:
    """Return *text* with codes for the characters that none of *fonts* has."""
    known = frozenset[str]().union(*(characters(font) for font in fonts))
    return "".join(
        each if each in known or each.isspace() else f"[U+{ord(each):04X}]"
        for each in text
    )


@cache
def characters(font: Font) -> frozenset[str]:
    """Return the characters that *font* has; none for a file that can't be read."""
    try:
        with font.file.open("rb") as file:
            opened = TTFont(file, fontNumber=font.number, lazy=True)
            return frozenset(map(chr, opened.getBestCmap() or ()))
    except Exception:  # whatever a broken file of the machine makes of the parser
        return frozenset()


def _candidates(language: str, folders: FontFolders) -> Iterator[Font]:
    files = _files(folders)
    number = _CJK.get(language, 0)
    for name in _COLLECTIONS:
        yield from (Font(file, number) for file in files if file.name == name)
    first = _NAMES.get(language, ())
    rest = (name for names in _NAMES.values() for name in names)
    for name in (*first, *rest):
        yield from (Font(file) for file in files if file.match(name))


@cache
def _files(folders: FontFolders) -> tuple[Path, ...]:
    """Return the files with fonts, as they are when the first PDF is written."""
    endings = (".otf", ".ttc", ".ttf")
    found = (
        Path(folder, name)
        for top in folders
        for folder, _, names in os.walk(top)
        for name in names
        if name.lower().endswith(endings)
    )
    return tuple(sorted(found))
