"""Every text of the portal, in `texts/<language>.json`.

A key that counts something comes twice, as `key.one` and `key.other`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from .languages import LANGUAGES

__all__ = ["Texts", "texts_in"]

_FOLDER = Path(__file__).parent

_ONE = {"fr": (0, 1)}
"""The counts that take `.one`, where it is not 1 alone."""


class Texts:
    """The texts in one language."""

    def __init__(self, language: str, entries: dict[str, str]) -> None:
        """Take a language and its texts, by key."""
        self.language = language
        self.tag = LANGUAGES[language]
        self._entries = entries

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of *key* with its placeholders filled.

        Raises:
            KeyError: There is no such text, or a placeholder has no value.
        """
        return self._entries[key].format_map(values)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def counted(self, key: str, count: int, **values: object) -> str:
        """Return the text of *key* for *count* things."""
        form = "one" if count in _ONE.get(self.language, (1,)) else "other"
        return self(f"{key}.{form}", count=count, **values)


@cache
def texts_in(language: str) -> Texts:
    """Return the texts of one of `LANGUAGES`."""
    file = _FOLDER / f"{language}.json"
    return Texts(language, json.loads(file.read_text(encoding="utf-8")))
