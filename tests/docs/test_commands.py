"""Every command that a page shows can be run: its program takes each option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, Block, blocks, name_of, prose
from tests.docs.shell import commands_in, problem

CONSOLE = blocks("console")
INLINE = [
    (page, line)
    for page in PAGES
    for line in re.findall(r"`((?:make|pulumi|stripe-portal) [^`]+)`", prose(page))
    if not re.search(r"[…\u2039*]", line)  # with a word left out
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
    """What stands between backticks and begins as a command is one."""
    for at, line in INLINE:
        if at == file:
            for words in commands_in(line):
                assert problem(words, whole=False) is None, line


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
