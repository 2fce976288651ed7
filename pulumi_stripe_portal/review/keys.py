"""Which resources a review tells of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi_stripe_portal.schema.resources import (
    BY_NAME,
    RESOURCE_TYPES,
    WEBHOOK_ENDPOINTS,
    ResourceType,
    type_name,
)
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.stacks.recorded import named

__all__ = ["SCHEMAS", "Key", "key_of"]

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


def key_of(urn: str) -> Key | None:
    """Return which of our resources a URN names, None for any other."""
    type_, name = named(urn)
    kind = type_name(type_)
    parent = urn.split("::", 3)[2].rpartition("$")[0] if kind in SCHEMAS else ""
    return Key(kind, name, parent) if kind in SCHEMAS else None
