"""Every command that a page shows can be run: its program takes each option."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, Block, blocks, codes, name_of
from tests.docs.shell import (
    PROGRAMS,
    commands_in,
    options_of_ours,
    options_of_pulumi,
    problem,
)

CONSOLE = blocks("console")
OTHERS: set[str] = set()
"""Options of other programs that pages tell of."""
INLINE = [
    (page, line)
    for page in PAGES
    for line in codes(page)
    if line.partition(" ")[0] in PROGRAMS and " " in line
]


def test_there_are_commands() -> None:
    """Blocks and lines in the prose are found."""
    assert len(CONSOLE) > 30
    assert len(INLINE) > 40


@pytest.mark.parametrize("block", CONSOLE, ids=lambda each: each.name)
def test_commands_of_blocks(block: Block) -> None:
    """Each line begins with `$ `, and is a command with options that there are."""
    lines = block.text.replace("\\\n", " ").splitlines()

    assert all(line.startswith("$ ") for line in lines)
    for words in commands_in(block.text):
        assert problem(words) is None, " ".join(words)


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_commands_in_the_prose(file: Path) -> None:
    """What begins as a command between backticks is one, as far as it is written."""
    for line in [line for at, line in INLINE if at == file]:
        for words in commands_in(re.split(r"\S*[…\u2039]", line)[0]):
            assert problem(words, whole=False) is None, line


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_options_in_the_prose(file: Path) -> None:
    """An option between backticks is one of a command that some page tells of."""
    named = {re.split("[ =]", code)[0] for code in codes(file) if code.startswith("--")}

    assert named <= _options()


@cache
def _options() -> set[str]:
    """Return the options of our commands, and of those of Pulumi's that are told of."""
    lines = [line for _, line in INLINE] + [each.text for each in CONSOLE]
    told = [words for line in lines for words in commands_in(line)]
    return OTHERS | options_of_ours() | options_of_pulumi(told)


@pytest.mark.parametrize(
    "line",
    [
        "make nothing",
        "stripe-portal nothing",
        "stripe-portal review --nothing",
        "stripe-portal completion nothing",
        "stripe-portal sandbox run -- pulumi nothing",
        "stripe-portal sandbox run --mode both -- pulumi up",
        "pulumi nothing",
        "pulumi stack init --nothing",
        "pulumi config set --secret a && pulumi up --nothing",
        'echo "$(stripe-portal nothing)"',
        "python -m nothing.at_all",
        "nothing",
    ],
)
def test_what_is_wrong_is_found(line: str) -> None:
    """A misspelt command or option, in a part of a line too."""
    assert any(problem(words) for words in commands_in(line))
