"""A review as JSON: the same findings as in the comment, for programs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.review import Report, data, markdown, report_of, sentences

from .material import CATALOGUE, HERE, assert_kept, known_of, previewed
from .scenarios import SCENARIOS


def _reported(*names: str) -> Report:
    plans = [previewed(name) for name in names]
    return report_of(plans, known_of(*plans))


def _kept(name: str, report: Report) -> None:
    assert_kept(name, f"{json.dumps(data(report), indent=2)}\n", ".json")


@pytest.mark.parametrize("name", ["plan_removed", "drift", "failed_check"])
def test_one_stack(name: str) -> None:
    """What a program finds reads as it was last agreed to."""
    _kept(name, _reported(name))


def test_test_and_live() -> None:
    """Each resource stands once, with what happens to it by stack."""
    _kept("side_by_side", _reported("side_by_side_test", "side_by_side_live"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_says_what_the_comment_says(name: str) -> None:
    """As many sentences and settings, the same risks, and the same summary."""
    report = _reported(name)
    comment, found = markdown(report), data(report)
    listed = comment.partition("### Warnings")[0]
    parts = [part for each in found["resources"] for part in each["stacks"].values()]
    parts += [part["drift"] for part in parts]
    effects = [effect for part in parts for effect in part["effects"]]
    settings = [row for part in parts for row in part["settings"]]

    assert {e["risk"] for e in effects} - {None} == set(found["stacks"][0]["risks"])
    if not found["stacks"][0]["failed"]:
        assert len(effects) == listed.count("\n- ")
        headings = 2 * listed.count("<details>")
        assert len(settings) == listed.count("\n| ") - headings


def test_command() -> None:
    """`--json` prints it in place of the comment; `--fail-on` decides as before."""
    file = HERE / "previews" / "plan_removed.json"
    arguments = ["review", str(file), "--catalogue", str(CATALOGUE), "--json"]
    done = CliRunner().invoke(main, [*arguments, "--fail-on", "money"])

    assert done.exit_code == 1
    assert json.loads(done.stdout) == data(_reported("plan_removed"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_sentences_that_fit_every_account(name: str) -> None:
    """They name no resource, and read as sentences all the same."""
    for section in _reported(name).sections:
        for part in section.parts.values():
            for _, text in sentences(part):
                assert "{" not in text
                assert "portal the portal" not in text
