"""No preview, whatever is in it, ends in anything but a review or a clear line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.cli import main
from tests.mutations import mutated, printed

from .material import CATALOGUE, HERE, preview

NAMES = sorted(file.stem for file in (HERE / "previews").glob("*.json"))
PREVIEWS = mutated(st.sampled_from(NAMES).map(preview))
OBJECTS = mutated(st.just(json.loads(CATALOGUE.read_text(encoding="utf-8"))))
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066\u2067]"
)


def _run(stdin: bytes, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["review", "-", *map(str, arguments)], stdin)


def _assert_plain(done: Result) -> None:
    """Fail unless there is a review, or one line that says why there is none."""
    assert isinstance(done.exception, (SystemExit, type(None))), done.exc_info
    assert done.exit_code in (0, 2), done.output
    assert not INVISIBLE.search(done.output)
    if done.exit_code == 2:
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("Error: -: ")


@given(PREVIEWS)
def test_markdown(told: Any) -> None:
    """Any preview is reviewed for people."""
    done = _run(printed(told))

    _assert_plain(done)
    assert len(done.stdout.encode()) <= 65_536


@given(PREVIEWS)
def test_json(told: Any) -> None:
    """Any preview is reviewed for programs."""
    done = _run(printed(told), "--json")

    _assert_plain(done)
    assert done.exit_code == 2 or "summary" in json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pages are written, and catalogues."""
    return tmp_path_factory.mktemp("page")


@given(told=PREVIEWS)
def test_page(folder: Path, told: Any) -> None:
    """Any preview is drawn, and nothing invisible is on the page."""
    page = folder / "review.html"
    done = _run(printed(told), "--html", page)

    _assert_plain(done)
    if done.exit_code == 0:
        assert not INVISIBLE.search(page.read_text(encoding="utf-8"))


@given(objects=OBJECTS)
def test_catalogue(folder: Path, objects: Any) -> None:
    """Any catalogue gives names, or one line that says why not."""
    file = folder / "catalogue.json"
    file.write_bytes(printed(objects))
    done = _run(printed(preview("plan_removed")), "--catalogue", file)

    assert isinstance(done.exception, (SystemExit, type(None))), done.exc_info
    assert done.exit_code in (0, 2), done.output
    assert not INVISIBLE.search(done.output)
