"""The review's page for everybody: on a phone, in the dark, by its headings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from pulumi_stripe_portal.review import read_plan, report_of
from pulumi_stripe_portal.review.page import page
from tests.review.material import known_of, preview, previewed

CONTRAST = """selector => {
  const luminance = colour => {
    const parts = colour.match(/\\d+/g).slice(0, 3).map(part => part / 255);
    const [r, g, b] = parts.map(
      part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = luminance(getComputedStyle(document.body).backgroundColor);
  const text = luminance(getComputedStyle(document.querySelector(selector)).color);
  const [dark, light] = [ground, text].sort((one, other) => one - other);
  return [ground, (light + 0.05) / (dark + 0.05)];
}"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a change in test and live."""
    plans = [previewed("side_by_side_test"), previewed("side_by_side_live")]
    made = tmp_path_factory.mktemp("review") / "portal.html"
    made.write_text(page(report_of(plans, known_of(*plans))), encoding="utf-8")
    return made


@pytest.fixture(params=["light", "dark"])
def dark(request: pytest.FixtureRequest) -> bool:
    """Whether the reader prefers dark colours."""
    return bool(request.param == "dark")


@pytest.fixture(params=[1280, 390], ids=["wide", "phone"])
def screen(
    browser: Browser, file: Path, request: pytest.FixtureRequest, dark: bool
) -> Iterator[Page]:
    """The page, all of it unfolded."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 900},
        color_scheme="dark" if dark else "light",
    )
    shown = context.new_page()
    shown.goto(file.as_uri())
    shown.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield shown
    context.close()


def test_nothing_is_cut_or_squeezed(screen: Page) -> None:
    """The page doesn't scroll sideways, and the table's words stay whole."""
    width = screen.evaluate("document.documentElement.scrollWidth")
    cells = screen.eval_on_selector_all(
        "details td", "cells => cells.map(cell => cell.clientWidth)"
    )

    assert width == screen.viewport_size["width"]  # type: ignore[index]
    assert min(cells) >= 100


def test_words_without_end(screen: Page, tmp_path: Path) -> None:
    """A name or a message of one long word makes no screen wider."""
    told = preview("portal_new")
    word = "W" * 300
    for step in told["steps"]:
        if step["urn"].endswith("::pro"):
            step["newState"]["inputs"]["name"] = word
    for severity in ("warning", "error"):
        said = {"severity": severity, "message": word, "urn": f"::::::{word}"}
        told.setdefault("diagnostics", []).append(said)
    plan = read_plan(told)
    made = tmp_path / "words.html"
    made.write_text(page(report_of([plan], known_of(plan))), encoding="utf-8")

    screen.goto(made.as_uri())

    assert word[:100] in screen.content()
    width = screen.evaluate("document.documentElement.scrollWidth")
    assert width == screen.viewport_size["width"]  # type: ignore[index]


def _stand_beside(one: Locator, other: Locator) -> bool:
    """Tell whether a picture stands beside another, rather than below it."""
    left, right = one.bounding_box(), other.bounding_box()
    assert left is not None
    assert right is not None
    beside = left["y"] == right["y"] and right["x"] >= left["x"] + left["width"]
    assert beside or right["y"] >= left["y"] + left["height"]
    return beside


def test_before_and_after_stand_side_by_side_where_there_is_room(
    screen: Page, tmp_path: Path
) -> None:
    """On a phone one follows the other."""
    plan = previewed("cancel_at_once")
    made = tmp_path / "one.html"
    made.write_text(page(report_of([plan], known_of(plan))), encoding="utf-8")
    screen.goto(made.as_uri())
    before, after = screen.locator("figure").all()

    is_wide = screen.viewport_size["width"] > 1000  # type: ignore[index]
    assert _stand_beside(before, after) == is_wide


def test_stacks_stand_side_by_side(screen: Page) -> None:
    """Test and live do, before and after; on a phone they are swiped through."""
    figures = screen.locator("figure").all()

    assert len(figures) == 4
    assert all(_stand_beside(*each) for each in pairwise(figures))
    ends = figures[-1].bounding_box()
    assert ends is not None
    width = screen.viewport_size["width"]  # type: ignore[index]
    assert (ends["x"] + ends["width"] <= width) == (width > 1000)


@pytest.mark.parametrize("selector", ["li", ".introduction", "figcaption"])
def test_colours(screen: Page, dark: bool, selector: str) -> None:
    """The page is as dark as its pictures, and can be read."""
    ground, contrast = screen.evaluate(CONTRAST, selector)

    assert (ground < 0.1) is dark
    assert contrast >= 4.5


def test_headings(screen: Page) -> None:
    """None skips a level outside the pictures."""
    levels = screen.eval_on_selector_all(
        "h1, h2, h3, h4",
        """all => all.filter(each => !each.closest('.portal'))
            .map(each => Number(each.tagName[1]))""",
    )

    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
