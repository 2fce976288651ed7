"""The texts: complete in every language, and all of them used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pulumi_stripe_portal.sandbox import portal
from pulumi_stripe_portal.sandbox.portal.texts.languages import (
    LANGUAGES,
    VARIANTS,
    choose,
)
from pulumi_stripe_portal.sandbox.portal.texts.texts import texts_in

FOLDER = Path(portal.__file__).parent
OTHERS = sorted({*LANGUAGES} - {"en"})


def entries(language: str) -> dict[str, str]:
    """Return the texts of a language as they are in the file."""
    file = FOLDER / "texts" / f"{language}.json"
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def placeholders(text: str) -> list[str]:
    """Return what is filled in, however often and in whatever order."""
    return sorted(set(re.findall(r"\{(\w+)\}", text)))


def test_the_languages_are_these_seven() -> None:
    """English, French, German, Italian, Japanese, Simplified Chinese, Spanish."""
    files = {file.stem for file in (FOLDER / "texts").glob("*.json")}

    assert files == {*LANGUAGES} == {"en", "fr", "de", "it", "ja", "zh", "es"}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_in_every_language(language: str) -> None:
    """Each language has the keys of English, in its order, and none is empty."""
    found = entries(language)

    assert list(found) == list(entries("en"))
    assert all(found.values())


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_differs(variant: str) -> None:
    """A variant has texts of its language only, with the same placeholders."""
    common, own = entries(VARIANTS[variant]), entries(f"variants/{variant}")

    for key, text in own.items():
        assert text != common[key]
        assert placeholders(text) == placeholders(common[key])


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_are_the_same(language: str) -> None:
    """A translation fills in what the English text fills in."""
    english, found = entries("en"), entries(language)
    different = [
        key
        for key, text in english.items()
        if placeholders(found[key]) != placeholders(text)
    ]

    assert different == []


@pytest.mark.parametrize("language", OTHERS)
def test_texts_are_translated(language: str) -> None:
    """Hardly a text of more than one word is the English one."""
    english, found = entries("en"), entries(language)
    same = [
        key
        for key, text in english.items()
        if found[key] == text and len(re.sub(r"\{\w+\}", "", text).split()) > 1
    ]

    assert same == []


def test_texts_are_used() -> None:
    """A text that no template and no module names is none."""
    sources = "\n".join(
        file.read_text(encoding="utf-8")
        for pattern in ("**/*.py", "templates/**/*.html")
        for file in FOLDER.glob(pattern)
    )
    # What a key of many begins with, where the rest of it is data of Stripe's.
    families = set(re.findall(r'"([a-z_.]+\.)(?:\{|" ~)', sources))
    families |= set(re.findall(r'\bf"([a-z_.]+\.)\{', sources))
    unused = [
        key
        for key in entries("en")
        if f'"{key}"' not in sources
        and f'"{key.rpartition(".")[0]}"' not in sources
        and not any(key.startswith(family) for family in families)
        and not key.startswith(("notice.", "problem."))
    ]

    assert unused == []


@pytest.mark.parametrize(
    ("locale", "preferred", "accepted", "language"),
    [
        ("fr", ["de"], "es", "fr"),
        ("fr-CA", [], None, "fr"),
        ("en-GB", ["de"], None, "en-GB"),
        ("en-AU", [], None, "en"),
        (None, [], "en_gb, fr;q=0.5", "en-GB"),
        ("es-419", [], None, "es"),
        ("zh-TW", [], None, "zh"),
        ("nl", [], "fr", "en"),
        ("auto", ["nl", "de-AT"], "fr", "de"),
        (None, [], "nl;q=1, it;q=0.8, ja;q=0.9", "ja"),
        (None, [], "ja;q=0, it", "it"),
        (None, [], "*", "en"),
        (None, [], None, "en"),
    ],
)
def test_choice_of_language(
    locale: str | None, preferred: list[str], accepted: str | None, language: str
) -> None:
    """The session's locale decides, then the customer's, then the browser's."""
    assert choose(locale, preferred, accepted) == language


def test_counting() -> None:
    """One thing is one thing, and in French nothing is as well."""
    english, french = texts_in("en"), texts_in("fr")

    assert english.counted("duration.day", 0) == "0 days"
    assert english.counted("duration.day", 1) == "1 day"
    assert french.counted("duration.day", 0) == "0 jour"
    assert french.counted("duration.day", 2) == "2 jours"
