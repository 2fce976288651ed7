"""Each rule of the sandbox says where it is known from, in one vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pulumi_stripe_portal import sandbox
from pulumi_stripe_portal.sandbox.evidence import Evidence
from tools.evidence import PAGE, page, rules, rules_in

FOLDER = Path(sandbox.__file__).parent


def test_the_page_is_up_to_date() -> None:
    """`python -m tools.evidence` has been run since a rule was changed."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_kind_of_evidence_is_explained() -> None:
    """The page has the legend: a chapter for each kind, which begins with its words."""
    chapters = re.findall(r"^## ([A-Z]+) \(\d+\)\n\n(\w.*)$", page(), re.M)

    assert sorted(name for name, _ in chapters) == sorted(Evidence.__members__)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('raise StripeError("Not so.")', id="nothing"),
        pytest.param('raise StripeError("Not so.", basis)', id="unknown"),
        pytest.param('text = "No."\nraise StripeError(text)', id="words-elsewhere"),
        pytest.param("raise StripeError(said(), basis)", id="words-made"),
    ],
)
def test_a_refusal_says_what_it_is_based_on(text: str) -> None:
    """One that doesn't, or hides its words, is no rule that could be listed."""
    with pytest.raises(ValueError, match=r"based on nothing|words of a refusal"):
        list(rules_in("refusals.py", text))


def test_a_source_can_be_looked_up() -> None:
    """Documentation is named by its address; each source fits into a header."""
    for rule in rules():
        documented = rule.evidence is Evidence.DOCUMENTED

        assert rule.words.strip(" .«»"), rule
        assert rule.source.isascii(), rule
        assert bool(re.search(r"(docs|support)\.stripe\.com/", rule.source)) or (
            not documented
        ), rule


def test_there_is_no_other_vocabulary() -> None:
    """All marks in brackets are of one kind, and each of them is listed."""
    text = "".join(file.read_text(encoding="utf-8") for file in FOLDER.rglob("*.py"))
    marks = re.findall(rf"\[(?:{'|'.join(Evidence.__members__)})\b", text)

    assert not re.findall(r"\[(?:[VSDRU]|ours)\b[^\]\n]*\](?=[\s.,;:])", text)
    assert len(marks) == sum(not rule.words.startswith("«") for rule in rules())
