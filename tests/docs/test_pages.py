"""The pages that are made from the code are up to date, and the site can be made."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from pulumi_stripe_portal import errors
from tests.docs.pages import PAGES, ROOT, prose
from tools.reference import DOCS
from tools.reference import PAGES as MADE
from tools.reference.errors import BESIDES, messages
from tools.reference.texts import Module

README_LINES = 150


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_from_the_code(name: str) -> None:
    """`python -m tools.reference` has been run since a fact was changed."""
    assert (DOCS / name).read_text(encoding="utf-8") == MADE[name]()


def test_every_error_has_a_remedy() -> None:
    """A message says what to do, or the page does; what the page adds is needed."""
    told = [each for each in messages() if each.kind not in ("warn", "key")]

    assert len(told) > 120
    assert [each for each in told if not each.remedy] == []
    for words, remedy in BESIDES.items():
        assert any(words in each.said and remedy in each.remedy for each in told), words


def test_every_class_of_errors_has_its_messages() -> None:
    """One that nothing raises would be a promise that nobody keeps."""
    kinds = {each.kind for each in messages()}

    assert set(errors.__all__) - {"StripePortalError"} <= kinds


def test_messages_are_read_from_the_source() -> None:
    """Texts in parts, with names for what is filled in; one for each choice."""
    module = Module(
        ast.parse(
            "WAY = 'run again'\n"
            "def f(id_, live):\n"
            "    which = 'live' if live else 'test'\n"
            "    raise SettingsError(f'{id_} is {which}; ' + WAY)\n"
            "    raise SettingsError('no' if live else f'{len(id_)} are')\n"
        )
    )
    said = [
        text.translate({0x2039: "<", 0x203A: ">"})
        for name, call, names in module.calls()
        if name == "SettingsError"
        for text in module.texts(call.args[0], names)
    ]

    assert sorted(said) == ["<id> is <which>; run again", "<number> are", "no"]


def test_the_api_version_is_the_one_that_is_sent() -> None:
    """Where a page names the version of the requests, it is the installed one's."""
    said = {
        version
        for page in PAGES
        if page.name in ("README.md", "operations.md")
        for version in re.findall(r"API version `(\d{4}-\d\d-\d\d\.\w+)`", prose(page))
    }

    assert said == {stripe.VERSION and _version()}


def _version() -> str:
    from stripe._api_version import _ApiVersion

    return _ApiVersion.CURRENT


def test_the_readme_is_short() -> None:
    """It shows and leads on; what explains is in `docs/`."""
    assert len((ROOT / "README.md").read_text().splitlines()) < README_LINES


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="no myst-parser beside markdown-it-py 4 there"
)
def test_the_site(tmp_path: Path) -> None:
    """Sphinx makes it without a warning, and it asks nobody for anything."""
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--quiet"]
    done = subprocess.run(
        [*command, "-b", "html", str(DOCS), str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "rotat" in (tmp_path / "searchindex.js").read_text(encoding="utf-8")
    for file in tmp_path.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|img|link)[^>]+?(?:src|href)=\"([^\"]+)\"",
            file.read_text(encoding="utf-8"),
        )
        assert not [each for each in loaded if "://" in each], file
