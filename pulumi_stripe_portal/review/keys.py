"""Which resources a review tells of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi_stripe_portal.inputs import (
    DefaultPortalConfigurationInputs,
    PortalConfigurationInputs,
    WebhookEndpointInputs,
)
from pulumi_stripe_portal.schema.tree import Node, schema_of
from pulumi_stripe_portal.stacks.recorded import kind_of, named

__all__ = ["SCHEMAS", "Key", "key_of"]

SCHEMAS: Mapping[str, Node] = {
    "PortalConfiguration": schema_of(PortalConfigurationInputs),
    "DefaultPortalConfiguration": schema_of(DefaultPortalConfigurationInputs),
    "WebhookEndpoint": schema_of(WebhookEndpointInputs),
}
"""The resources that a review tells of, by the last word of their type."""


@dataclass(frozen=True, order=True)
class Key:
    """Which resource of a program, in whichever stack."""

    type: str
    name: str
    parent: str = ""
    """The types of the components that it is in."""


def key_of(urn: str) -> Key | None:
    """Return which of our resources a URN names, None for any other."""
    type_, name = named(urn)
    kind = kind_of(type_)
    parent = urn.split("::", 3)[2].rpartition("$")[0] if kind in SCHEMAS else ""
    return Key(kind, name, parent) if kind in SCHEMAS else None
