"""Pydantic finds the same wrong with inputs, by the same declarations.

It is what the types of the inputs were checked with until its import turned out to take
longer than all else that is done for an unchanged resource.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

import pydantic
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pulumi_stripe_portal.inputs import PortalConfigurationInputs, WebhookEndpointInputs
from pulumi_stripe_portal.schema.plain import plain, text_failures
from pulumi_stripe_portal.schema.tree import Node, schema_of
from pulumi_stripe_portal.schema.validate import check_types
from pulumi_stripe_portal.schema.values import tidy

from .mutations import mutated
from .strategies import configurations, endpoints

DECLARATIONS = {
    PortalConfigurationInputs: configurations(),
    WebhookEndpointInputs: endpoints(),
}
OUR_OWN = ("characters", "elements", "is empty", "no id", "address", "scheme", "host")
"""What no type says: the limits of a field, and its form."""


@functools.cache
def pydantic_of(declaration: type) -> pydantic.TypeAdapter[Any]:
    """Return what pydantic makes of a declaration."""
    strict = pydantic.with_config(pydantic.ConfigDict(extra="forbid", strict=True))
    return pydantic.TypeAdapter(strict(declaration))


def pydantic_finds(declaration: type, inputs: Any) -> set[str]:
    """Return the places where pydantic finds something wrong."""
    root = schema_of(declaration)
    try:
        pydantic_of(declaration).validate_python(inputs)
    except pydantic.ValidationError as error:
        found = (place(root, inputs, dict(each)) for each in error.errors())
        return {path for path in found if path is not None}
    return set()


def place(root: Node, inputs: Any, error: dict[str, Any]) -> str | None:
    """Return where an error is, None where another one says it or it is none to us."""
    path, node, value = "", root, inputs
    for part in error["loc"]:
        if isinstance(part, int):
            path, value = f"{path}[{part}]", value[part]
            node = node.element or node
        elif part in node.children or (isinstance(value, dict) and part in value):
            path = f"{path}.{part}".lstrip(".")
            node = node.children.get(part, node)
            value = value.get(part) if isinstance(value, dict) else None
        # Else it names a branch of a union.
    if error["type"] == "string_type" and node.children and isinstance(value, dict):
        return None
    is_newer = node.mark.form and isinstance(value, str)
    if error["type"] == "literal_error" and is_newer:
        return None if re.fullmatch(node.mark.form, value) else path
    return path


def we_find(declaration: type, inputs: Any) -> set[str]:
    """Return the places where we find something wrong that a type says."""
    return {
        failure.path
        for failure in check_types(declaration, inputs)
        if not any(words in failure.problem for words in OUR_OWN)
        and not failure.path.startswith("extra_params.")
    }


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda each: each.__name__)
@given(data=st.data())
def test_the_same_is_wrong(declaration: type, data: st.DataObject) -> None:
    """In inputs that are valid but for some places."""
    inputs, unsendable = plain(data.draw(mutated(DECLARATIONS[declaration])))
    tidied = tidy(schema_of(declaration), inputs)
    assume(not unsendable and not any(text_failures(tidied)))

    assert we_find(declaration, tidied) == pydantic_finds(declaration, tidied)


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "other",
    [None, True, 1, 1.5, "", "x", [], ["x"], [None], [[]], [{}], {}, {"x": 1}],
    ids=repr,
)
def test_each_place_with_each_kind_of_value(declaration: type, other: Any) -> None:
    """Whatever stands at any place of the declaration."""
    for inputs in everywhere(schema_of(declaration), other):
        assert we_find(declaration, inputs) == pydantic_finds(declaration, inputs)


def everywhere(node: Node, other: Any) -> Iterator[Any]:
    """Yield values with *other* at one place each, and nothing beside it."""
    yield other if isinstance(other, dict) or node.name else {}
    for name, child in node.children.items() if node.kind != "list" else ():
        for each in everywhere(child, other):
            yield {name: each}
    if node.element:
        for each in everywhere(node.element, other):
            yield [each]
