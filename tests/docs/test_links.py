"""Every link leads somewhere: to a file, and to a heading in it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.docs.pages import PAGES, ROOT, headings, links, name_of, prose, texts

PACKAGE = ROOT / "pulumi_stripe_portal"


@cache
def anchors(page: Path) -> set[str]:
    """Return the names of a page's headings as GitHub and MyST give them."""
    named = set(re.findall(r"^\(([\w-]+)\)=$", prose(page), re.M))
    return named | {
        re.sub(r"[^\w -]", "", re.sub(r"\]\([^)]*\)", "", title))
        .lower()
        .replace(" ", "-")
        for title in headings(page)
    }


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_links(file: Path) -> None:
    """Those to files find them, those to headings too; the others are addresses."""
    for link in links(file):
        if "://" in link:
            parts = urlsplit(link)
            assert parts.scheme == "https", link
            assert parts.hostname, link
            assert "." in parts.hostname, link
            continue
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_files_that_are_named(file: Path) -> None:
    """What looks like a file of the project is one, of the package or of the tests."""
    text = prose(file)
    named = re.findall(r"`([a-z_]+(?:/[\w.]+)+\.(?:py|yml|json|toml))`", text)
    named += re.findall(r"\btests/[\w/]+\.py\b", text)
    homes = (ROOT, PACKAGE, PACKAGE / "sandbox", file.parent, ROOT / ".github")

    for name in named:
        assert any((home / name).exists() for home in homes), name


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_what_looks_like_a_link_is_one(file: Path) -> None:
    """One with a space in its address is shown as it was typed."""
    assert [text for text in texts(file) if "](" in text] == []


def test_links_are_found() -> None:
    """Most pages have some, and most of all lead to other pages."""
    found = [link for page in PAGES for link in links(page)]

    assert len(found) > 150
    assert sum("://" not in link for link in found) > 80


def test_every_page_is_reached() -> None:
    """README.md leads to each page of `docs/`, but for those made of other files."""
    led = {link.partition("#")[0] for link in links(PAGES[0].parent / "README.md")}
    pages = {name_of(page) for page in PAGES if page.parent.name == "docs"}
    copies = {"docs/index.md", "docs/security.md", "docs/changelog.md", "docs/api.md"}

    assert pages - copies <= led
