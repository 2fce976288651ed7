"""The README's picture of a review; `PICTURES=1` makes it anew.

    PICTURES=1 .venv/bin/python -m pytest tests/browser/test_pictures.py

That of the portal is of the film: see test_story.py.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from playwright.sync_api import Browser, expect

from pulumi_stripe_portal.review import report_of
from pulumi_stripe_portal.review.page import page
from tests.review.material import known_of, previewed

PICTURE = Path(__file__).parent.parent.parent / "docs" / "pictures" / "review.png"
SIZE = (1200, 860)


def test_the_picture_of_a_review(browser: Browser, tmp_path: Path) -> None:
    """It shows what a review begins with, and the kept one has its size."""
    plan = previewed("cancel_at_once")
    file = tmp_path / "review.html"
    file.write_text(page(report_of([plan], known_of(plan))), encoding="utf-8")
    width, height = SIZE
    shown = browser.new_page(viewport={"width": width, "height": height})
    shown.goto(file.as_uri())

    expect(shown.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(shown.get_by_text("the subscription ends at once").first).to_be_in_viewport()
    if os.environ.get("PICTURES"):
        shown.screenshot(path=PICTURE)
    shown.close()
    assert struct.unpack(">II", PICTURE.read_bytes()[16:24]) == SIZE
