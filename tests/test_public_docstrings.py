"""Who asks an editor about a public name is told all that it takes and raises."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import pulumi_stripe_portal
from pulumi_stripe_portal import pytest_plugin, sandbox, testing
from pulumi_stripe_portal.sandbox.webhooks import Deliveries

from .sources import nodes_of, tree_of

PACKAGE = Path(pulumi_stripe_portal.__file__).parent


def classes() -> list[type]:
    """Return the classes that users make, or are given by those."""
    public = [getattr(pulumi_stripe_portal, n) for n in pulumi_stripe_portal.__all__]
    public += [getattr(sandbox, name) for name in sandbox.__all__]
    public += [getattr(testing, name) for name in testing.__all__]
    found = {each for each in public if inspect.isclass(each)}
    return sorted({*found, Deliveries}, key=lambda each: each.__qualname__)


def callables() -> Iterator[tuple[str, Callable[..., Any], str]]:
    """Yield each public constructor, method and fixture, with its docstring."""
    for name in pytest_plugin.__all__:
        fixture = getattr(pytest_plugin, name)
        # A fixture's arguments are other fixtures, which pytest gives it.
        yield name, lambda: None, inspect.getdoc(fixture) or ""
    for each in classes():
        if is_dataclass(each):
            yield each.__qualname__, each, inspect.getdoc(each) or ""
        for base in each.__mro__:
            if base.__module__.split(".")[0] != PACKAGE.name:
                continue
            for key, found in vars(base).items():
                function = getattr(found, "__func__", found)
                made = key == "__init__" and base is each and not is_dataclass(each)
                if inspect.isfunction(function) and (made or key[0] != "_"):
                    name = f"{each.__qualname__}.{key}"
                    yield name, function, inspect.getdoc(function) or ""


def section(text: str, *titles: str) -> dict[str, str]:
    """Return the entries of a docstring's section, by what stands before the colon."""
    body = re.search(rf"^(?:{'|'.join(titles)}):\n((?: {{4}}.*\n?|\n)+)", text, re.M)
    entries = re.findall(r"^ {4}([^\s:]+): *(.*)", body[1] if body else "", re.M)
    return {name.lstrip("*"): words for name, words in entries}


@pytest.mark.parametrize(
    ("function", "text"),
    [pytest.param(found, text, id=name) for name, found, text in callables()],
)
def test_every_public_argument_is_documented(
    function: Callable[..., Any], text: str
) -> None:
    """Each parameter is in `Args:`, a dataclass's in `Attributes:`, and no other."""
    names = [
        name
        for name in inspect.signature(function).parameters
        if name not in ("self", "cls") and not name.startswith("_")
    ]
    told = section(text, "Args", "Attributes")

    assert list(told) == names
    assert all(told.values())


def test_every_field_of_the_inputs_is_documented() -> None:
    """A docstring stands below each key of each dict that users write."""
    tree = tree_of(PACKAGE / "inputs.py")
    bare = [
        f"{part.name}.{ast.unparse(field.target)}"
        for part in tree.body
        if isinstance(part, ast.ClassDef)
        for field, below in zip(part.body, [*part.body[1:], ast.Pass()], strict=True)
        if isinstance(field, ast.AnnAssign)
        and not (isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant))
    ]

    assert bare == []


def exceptions() -> set[str]:
    """Return the names of all classes of the package, and of Python's exceptions."""
    ours = {
        node.name
        for file in PACKAGE.rglob("*.py")
        for node in nodes_of(file)
        if isinstance(node, ast.ClassDef)
    }
    return {*ours, *dir(builtins)}


def test_what_is_said_to_be_raised_exists() -> None:
    """Each name in a `Raises:` is a class of the package, of Python or of a library."""
    known = exceptions()
    for file in PACKAGE.rglob("*.py"):
        for node in nodes_of(file):
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                continue
            if "Raises:" not in (ast.get_docstring(node, clean=False) or ""):
                continue
            raised = section(ast.get_docstring(node) or "", "Raises")
            where = f"{file}: {node.name}"

            assert raised, where
            assert not any(words[:1].islower() for words in raised.values()), where
            for name in raised:
                library, _, last = name.rpartition(".")
                there = library and hasattr(import_module(library), last)
                assert there or name in known, f"{where}: {name}"
