"""The table of what the guides say: each row has a test, or says why not."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "seeds.md"
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d{3}", line)
]
NAMED = sorted({found for row in ROWS for found in TEST.findall(row[2])})


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda each: str(each))
def test_what_is_named_is_there(file: str, test: str) -> None:
    """A test that was renamed or taken away takes its row along."""
    source = (ROOT / "tests" / file).read_text(encoding="utf-8")

    assert f"def {test}(" in source


def test_each_row_is_shown_or_left() -> None:
    """No row is without a test, unless it says what is left and why."""
    for pages, said, shown in ROWS:
        assert pages
        assert said
        left = shown.startswith("Left: ") and len(shown) > 40
        assert left or TEST.fullmatch(shown), (said, shown)


def test_each_page_is_there() -> None:
    """All five pages have rows, and as many as they had when they were read."""
    named = " ".join(row[0] for row in ROWS).replace(
        "000\N{EN DASH}004", "000 001 002 003 004"
    )

    assert set(re.findall(r"\d{3}", named)) == {"000", "001", "002", "003", "004"}
    assert len(ROWS) >= 95
