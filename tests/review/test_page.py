"""The page with the portal before and after."""

from __future__ import annotations

import copy
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import pulumi_stripe_portal
from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.review import Plan, read_plan, report_of
from pulumi_stripe_portal.review.page import page
from pulumi_stripe_portal.sandbox.portal.preview import PREVIEW_CSS

from .hostile_texts import EVIL
from .material import CATALOGUE, HERE, known_of, preview, previewed
from .scenarios import SCENARIOS

PACKAGE = Path(pulumi_stripe_portal.__file__).parent


class _Read(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(*plans: Plan) -> str:
    return page(report_of(plans, known_of(*plans)))


@pytest.mark.parametrize("name", SCENARIOS)
def test_self_contained(name: str) -> None:
    """A page needs nothing else, runs nothing, and has each id once."""
    text = _page(previewed(name))
    read = _Read(text)

    assert not read.tags.keys() & {"script", "link", "iframe", "img", "object", "base"}
    assert not [value for name, value in read.attributes if name.startswith("on")]
    assert "@import" not in text
    assert not re.search(r"url\((?!data:)", text)
    ids = Counter(value for name, value in read.attributes if name == "id")
    assert not [value for value, count in ids.items() if count > 1]


def test_before_and_after() -> None:
    """What goes is on the picture before, what comes on the one after, both marked."""
    gone, _, left = _page(previewed("plan_removed")).partition("After</figcaption>")

    assert "$29.00" in gone
    assert "$29.00" not in left.partition("<details>")[0]
    assert "Removed" in gone


def test_unknown_prices() -> None:
    """No amount is made up where neither stack nor catalogue tells a price."""
    plan = previewed("plan_removed")
    text = _Read(page(report_of([plan], {}))).text

    assert "Price not known" in text
    assert "$" not in text


def test_same_sentences() -> None:
    """The page says what the comment says."""
    text = _Read(_page(previewed("pause_on"))).text

    assert (
        "Customers who get the portal Pro portal can now pause for 1 or 3 months."
        in text
    )


def test_alike_stacks_are_drawn_once() -> None:
    """Stacks whose portals are alike share their pictures; others have their own."""
    told = preview("cancel_at_once")
    again = copy.deepcopy(told)
    for step in again["steps"]:
        step["urn"] = step["urn"].replace("urn:pulumi:test:", "urn:pulumi:staging:")
    alike = _page(read_plan(told), read_plan(again))
    different = _page(previewed("side_by_side_test"), previewed("side_by_side_live"))

    assert alike.count("<figure>") == 2
    assert different.count("<figure>") == 4


def test_new_and_gone() -> None:
    """What is not there before, or after, is said to be so."""
    assert "There was no such portal." in _page(previewed("portal_new"))
    assert "with --online asks Stripe" in _page(previewed("default_taken_over"))
    assert "No customer can open it any more." in _page(previewed("portal_destroyed"))
    assert "Deactivated" in _page(previewed("portal_deactivated"))


def test_a_large_page_begins_with_a_summary() -> None:
    """Each change has a line there, which leads to it; its pictures are folded."""
    large = _page(previewed("portal_renamed"))
    small = _page(previewed("plan_removed"))
    nav, _, rest = large.partition("</nav>")

    targets = re.findall(r'href="#([^"]+)"', nav)
    assert len(targets) > 1
    assert re.findall(r'<article id="([^"]+)"', rest) == targets
    assert "Look at: a portal goes offline" in nav
    assert '<details class="before-after">' in rest
    assert "<nav" not in small
    assert '<details class="before-after" open>' in small


def test_the_page_has_class_names_of_its_own() -> None:
    """Pictures bring the portal's style sheet, which has no say about the page."""
    template = PACKAGE / "review" / "templates" / "page.html"
    own = {
        name
        for names in re.findall(r'class="([^"]+)"', template.read_text())
        for name in names.split()
    }
    portals = set(re.findall(r"\.([a-z][\w-]*)", PREVIEW_CSS))

    assert "review" in own
    assert own & portals == set()


def test_endpoints_have_no_picture() -> None:
    """An endpoint is told in words only."""
    assert "<figure>" not in _page(previewed("endpoint_events"))


def test_nothing_changes() -> None:
    """Where nothing changes, the page says so."""
    assert "no changes" in _page(previewed("reordered_and_spelled_out"))


SHAPE = ("section", "article", "figure", "details", "li", "td", "em", "a", "h2")


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_hostile_texts(text: str) -> None:
    """No text that users wrote becomes markup, or says a secret."""
    told: Any = preview("hostile")
    inputs = told["steps"][-1]["newState"]["inputs"]
    calm = _shape(told)
    inputs["name"] = inputs["business_profile"]["headline"] = text or "x"
    inputs["metadata"] = {text: text}

    assert _shape(told) == calm
    told["diagnostics"] = [{"severity": "error", "message": text, "urn": text}]
    read = _Read(_page(read_plan(told)))
    assert not read.tags.keys() & {"script", "img", "iframe"}
    assert not re.search("[\u202a-\u202e\u2066\u2067]", read.text)


def _shape(told: Any) -> dict[str, int]:
    read = _Read(_page(read_plan(told)))
    return {tag: read.tags[tag] for tag in SHAPE}


def test_secrets() -> None:
    """A key that somebody wrote into the portal is not shown there either."""
    told = preview("headline")
    told["steps"][-1]["newState"]["inputs"]["business_profile"]["headline"] = (
        "whsec_abc123"
    )

    assert "abc123" not in _page(read_plan(told))


def test_same_bytes() -> None:
    """The same preview twice: the same bytes."""
    assert _page(previewed("plan_removed")) == _page(previewed("plan_removed"))


def test_command(tmp_path: Path) -> None:
    """`--html` writes the page beside the comment on stdout."""
    file = tmp_path / "review.html"
    name = HERE / "previews" / "plan_removed.json"
    arguments = [
        "review",
        str(name),
        "--catalogue",
        str(CATALOGUE),
        "--html",
        str(file),
    ]
    done = CliRunner().invoke(main, arguments)

    assert done.exit_code == 0
    assert done.stdout.startswith("<!-- stripe-portal-review")
    assert file.read_text().startswith("<!doctype html>")


def test_command_where_it_cannot_write(tmp_path: Path) -> None:
    """A page that can't be written: exit 2."""
    name = HERE / "previews" / "plan_removed.json"
    arguments = ["review", str(name), "--html", str(tmp_path / "no" / "such.html")]
    done = CliRunner().invoke(main, arguments)

    assert done.exit_code == 2
    assert "No such file" in done.stderr
