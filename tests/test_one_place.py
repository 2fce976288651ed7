"""Each fact stands in one place, and no file is too long to be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pulumi_stripe_portal
from pulumi_stripe_portal.schema.resources import KINDS, RESOURCE_TYPES

from .sources import nodes_of

PACKAGE = Path(pulumi_stripe_portal.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

TABLE = "schema/resources.py"
TYPE_NAMES = {each.name for each in RESOURCE_TYPES}
KIND_NAMES = {name for kind in KINDS for name in (kind.prefix, kind.object)}
NAME_TYPES = {
    "__init__.py": "users import the three from there, each only when it is used",
    "importing/foreign.py": "other tools call their own resources the same",
}
"""Modules beside the table, the resources and their providers that name a type."""

LIMIT = 300
LONG = {
    "events.py": "one literal: all events, a line each",
    "inputs.py": "one declaration of all inputs, with the words of each",
}
"""Files above the limit, and why each stays whole."""


def place(path: Path) -> str:
    """Return a module's path in the package."""
    return path.relative_to(PACKAGE).as_posix()


def names_in(path: Path) -> Iterator[str]:
    """Yield the identifiers and the texts of a module's code, docstrings aside.

    A text with a space is a sentence for people, who may be told of a type.
    """
    for node in nodes_of(path):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_sentence = set(node.value) & set(" \n")
            yield from () if is_sentence else node.value.split("|")


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_only_the_table_names_the_resource_types(path: Path) -> None:
    """A new type of resource is a line there, its class and its provider."""
    at = place(path)
    own = at == TABLE or at.startswith(("resources/", "providers/", "sandbox/"))
    named = set(names_in(path)) & (TYPE_NAMES | KIND_NAMES)

    assert own or at in NAME_TYPES or not named


@pytest.mark.parametrize("at", NAME_TYPES)
def test_who_else_names_types_still_does(at: str) -> None:
    """An exception that is needed no more goes."""
    assert set(names_in(PACKAGE / at)) & TYPE_NAMES


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_no_module_is_long(path: Path) -> None:
    """A module is read at once; what grows is parted by what it does."""
    lines = len(path.read_text().splitlines())

    assert lines <= LIMIT or place(path) in LONG


@pytest.mark.parametrize("at", LONG)
def test_what_may_be_long_still_is(at: str) -> None:
    """An exception that is needed no more goes."""
    assert len((PACKAGE / at).read_text().splitlines()) > LIMIT


def test_only_one_module_of_the_sandbox_splits_addresses() -> None:
    """Python refuses some that anybody may send; that is caught in one place."""
    reads = [
        place(path)
        for path in MODULES
        if place(path).startswith("sandbox/") and "urlsplit" in path.read_text()
    ]

    assert reads == ["sandbox/addresses.py"]
