"""Which resources a review tells of, and what a state says about one of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.resources import (
    BY_NAME,
    PORTAL,
    RESOURCE_TYPES,
    WEBHOOK_ENDPOINTS,
    ResourceType,
    type_name,
)
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stacks.recorded import parse_urn

from .values import Values, read, reveal

__all__ = [
    "SCHEMAS",
    "Key",
    "declared_part",
    "inputs_of",
    "is_imported",
    "key_of",
    "outputs_of",
    "program_inputs",
]

SCHEMAS: Mapping[str, Node] = {each.name: each.root for each in RESOURCE_TYPES}
"""The inputs of the resources that a review tells of, by the name of their type."""


@dataclass(frozen=True, order=True)
class Key:
    """Which resource of a program, in whichever stack."""

    type: str
    name: str
    parent: str = ""
    """The types of the components that it is in."""

    @property
    def resource_type(self) -> ResourceType:
        """What it is."""
        return BY_NAME[self.type]

    @property
    def is_endpoint(self) -> bool:
        """Whether it is a webhook endpoint rather than a portal."""
        return self.resource_type.kind is WEBHOOK_ENDPOINTS

    @property
    def is_default(self) -> bool:
        """Whether it is the resource that manages the account's default."""
        return self.resource_type.is_default

    def title(self, *sides: Values | None) -> str:
        """Return its name for people: the first in its inputs, else the code's."""
        names = ((inputs or {}).get("name") for inputs in sides)
        given = (name for name in names if isinstance(name, str) and name.strip())
        return next(given, self.name)


def key_of(urn: str) -> Key | None:
    """Return which of our resources a URN names, None for any other."""
    type_, name = parse_urn(urn)
    kind = type_name(type_)
    parent = urn.split("::", 3)[2].rpartition("$")[0] if kind in SCHEMAS else ""
    return Key(kind, name, parent) if kind in SCHEMAS else None


def inputs_of(
    kind: str, state: Values | None, *, in_state: bool = False
) -> Values | None:
    """Return the inputs that a recorded state stands for, None without a state.

    `in_state` says that it is read by itself, and is no part of a preview.

    What Stripe was last known to hold counts, which is in the outputs: they differ
    from the inputs where an update came to a halt half-way.
    """
    if state is None:
        return None
    inputs, outputs = state["inputs"], state["outputs"]
    if outputs.get("imported") is True:
        outputs = {}  # they have all that the object says, declared or not
    held = {
        name: inputs.get(name)
        if child.mark.ours
        else outputs.get(name, inputs.get(name))
        for name, child in SCHEMAS[kind].children.items()
    }
    return _read(kind, held, in_state=in_state)


def program_inputs(kind: str, state: Values | None) -> Values | None:
    """Return the inputs that the program declares, None where it no longer does."""
    if state is None:
        return None
    return _read(kind, {k: state["inputs"].get(k) for k in SCHEMAS[kind].children})


def is_imported(state: Values | None) -> bool:
    """Tell whether Pulumi has just imported an object, and the code comes now.

    A state that the code has been compared with has the ownership marker as an input.
    """
    if state is None or state["outputs"].get("imported") is not True:
        return False
    return "marker" not in state["inputs"]


def declared_part(type_: ResourceType, found: Values, after: Values) -> Values:
    """Return what the code counts of an imported object: the rest is left alone.

    Args:
        type_: What it is.
        found: All that the object says.
        after: What the program declares.
    """
    part = _part(type_.root, found, after)
    features = found.get("features")
    if type_ is PORTAL and isinstance(features, dict):  # what isn't declared is off
        on = {
            name: value
            for name, value in features.items()
            if value_at(value, ("enabled",)) is True
        }
        part["features"] = {**on, **part.get("features", {})}
    return part


def _part(node: Node, found: Values, after: Values) -> dict[str, Any]:
    part: dict[str, Any] = {}
    for name, value in found.items():
        child, declared = node.children.get(name), after.get(name)
        if declared is None:
            continue
        nested = isinstance(value, dict) and isinstance(declared, dict)
        if nested and child is not None and child.kind == "object":
            value = _part(child, value, declared)
        elif nested and child is not None and child.kind == "mapping":
            value = {key: text for key, text in value.items() if key in declared}
        part[name] = value
    return part


def outputs_of(kind: str, state: Values | None, known: Values | None) -> Values:
    """Return what a state remembers; `before` is what was there before the code."""
    outputs = state["outputs"] if state else {}
    children = SCHEMAS[kind].children
    others = outputs.keys() - children - {"before"}
    shown = reveal({name: outputs[name] for name in others})
    before = read(SCHEMAS[kind], outputs.get("before"))
    if isinstance(before, dict):
        shown["before"] = before
    return {**(known or {}), **shown}


def _read(kind: str, values: Values, *, in_state: bool = False) -> Values:
    inputs: Values = read(SCHEMAS[kind], values, in_state=in_state)
    return inputs
