"""Whom the ownership marker of an object names. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.schema.resources import BY_NAME
from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stripe_api.markers import fit_marker, maker_of, marker_of

__all__ = ["Owner", "is_marker_of", "owner_of"]

_MARKER = re.compile(rf"([^/]+)/([^/]+)/({'|'.join(BY_NAME)})/(.+)", re.DOTALL)
_LONGEST = 100


@dataclass(frozen=True)
class Owner:
    """The resource that a marker names."""

    marker: str
    stack: str
    """Its project and stack, e.g. `shop/test`; "" where the marker doesn't tell."""
    resource: str
    """Its type and name, e.g. `WebhookEndpoint 'events'`."""
    name: str = ""
    """Its name as it is; "" where the marker doesn't tell."""

    def text(self) -> str:
        """Return who it is, for people."""
        return f"{self.resource} of {self.stack}" if self.stack else self.resource


def owner_of(found: Mapping[str, Any]) -> Owner | None:
    """Return whom an object's marker names, None where it has none."""
    marker = marker_of(found)
    if not marker:
        return None
    parts = _MARKER.fullmatch(maker_of(marker))
    if parts is None:
        return Owner(marker, "", f"whoever wrote '{_shorten(marker)}'")
    project, stack, type_, name = parts.groups()
    told = f"{type_} '{_shorten(name)}'"
    return Owner(marker, f"{_shorten(project)}/{_shorten(stack)}", told, name)


def is_marker_of(marker: str, resource: str) -> bool:
    """Tell whether a marker is that of a resource, `project/stack/Type/name`."""
    return fit_marker(resource) in (marker, maker_of(marker))


def _shorten(text: str) -> str:
    short = visible(text)
    return f"{short[:_LONGEST]}…" if len(short) > _LONGEST else short
