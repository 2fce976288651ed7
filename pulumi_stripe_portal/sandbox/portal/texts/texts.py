"""Every text of the portal, in `texts/<language>.json`, and countries in `countries/`.

A key that counts something comes twice, as `key.one` and `key.other`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from .languages import LANGUAGES, VARIANTS

__all__ = ["Texts", "texts_in"]

_FOLDER = Path(__file__).parent

_ONE = {"fr": (0, 1)}
"""The counts that take `.one`, where it is not 1 alone."""


class Texts:
    """The texts in one language, as *tag* says it in `lang`."""

    def __init__(self, language: str, tag: str, entries: dict[str, str]) -> None:
        """Take a language and its texts, by key."""
        self.language = language
        self.tag = tag
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

    def countries_with(self, code: str | None) -> dict[str, str]:
        """Return the names of all countries by their codes, in the order of a list.

        A *code* that is none is there too, as an API may have stored it.
        """
        known = _entries(f"countries/{self.language}")
        return known if not code or code in known else {code: code, **known}


@cache
def texts_in(language: str) -> Texts:
    """Return the texts of one of `LANGUAGES` or `VARIANTS`."""
    if language in VARIANTS:
        common = _entries(VARIANTS[language])
        own = _entries(f"variants/{language}")
        return Texts(VARIANTS[language], language, {**common, **own})
    return Texts(language, LANGUAGES[language], _entries(language))


@cache
def _entries(name: str) -> dict[str, str]:
    file = _FOLDER / f"{name}.json"
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found
