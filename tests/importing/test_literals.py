"""Values are written as Python that means them, and that ruff would not touch."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.importing.literals import WIDTH, Call, Code, write_expression

from .ruff import ruff

WORDS = str.maketrans("01234567", "word  プレ")
TEXTS = st.one_of(
    st.text(max_size=30),
    st.text("ab '\"\\\n", max_size=200),
    # Long ones of few characters: one number is drawn faster than each of them.
    st.integers(8**59, 8**120 - 1).map(lambda many: f"{many:o}".translate(WORDS)),
    st.integers(80, 200).map("x".__mul__),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers()),
    lambda inside: st.one_of(
        st.lists(inside, max_size=4), st.dictionaries(st.text("ab_1 "), inside)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_means_the_value(value: Any) -> None:
    """Whatever is in a text, Python reads it back."""
    assert ast.literal_eval(write_expression(value)) == value


def test_ruff_leaves_it_alone() -> None:
    """Generated values of all kinds are formatted as ruff would, and short enough."""
    made: list[str] = []

    @given(VALUES)
    def collect(value: Any) -> None:
        made.append(f"value = {write_expression(value, column=8)}\n")

    collect()
    program = "".join(made)

    assert ruff("format", "-", text=program) == program
    ruff("check", "--select", "E501,W", "-", text=program)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("plain", '"plain"', id="double-quotes"),
        pytest.param('a "b"', "'a \"b\"'", id="single-quotes-spare-backslashes"),
        pytest.param("'a' \"b\"", '"\'a\' \\"b\\""', id="as-many-of-both"),
        pytest.param("a\nb\\", r'"a\nb\\"', id="escapes"),
        pytest.param("a\u202eb", r'"a\u202eb"', id="no-hidden-direction"),
        pytest.param({"a": [1, True]}, '{"a": [1, True]}', id="on-one-line"),
        pytest.param({}, "{}", id="empty"),
        pytest.param(Code("events.PORTAL"), "events.PORTAL", id="code"),
        pytest.param(Call("f", [("", 1)], tall=False), "f(1)", id="short-call"),
        pytest.param(
            Call("f", [("", "a"), ("key", [1])]),
            'f(\n    "a",\n    key=[1],\n)',
            id="tall-call",
        ),
    ],
)
def test_spelling(value: Any, expected: str) -> None:
    """The spelling is the one that a person would choose."""
    assert write_expression(value) == expected


def test_a_long_text_is_broken_after_spaces() -> None:
    """Each piece fits its line."""
    text = "several words " * 12

    lines = write_expression({"note": text}).splitlines()

    assert lines[1] == '    "note": ('
    assert all(len(line) <= WIDTH for line in lines)
    assert all(line.rstrip().endswith(' "') for line in lines[2:-2])


def test_an_address_stays_whole() -> None:
    """A long address is not broken: nobody could click it."""
    url = f"https://example.com/{'x' * 100}"

    assert write_expression(url) == f'"{url}"'
