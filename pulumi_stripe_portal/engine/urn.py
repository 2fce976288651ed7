"""The names that the engine gives to resources. Pure.

https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Urn"]

_BEGINNING = "urn:pulumi:"


class Urn(NamedTuple):
    """`urn:pulumi:stack::project::types::name`."""

    stack: str
    project: str
    types: str
    """The resource's type after those of its parents, joined by `$`."""
    name: str
    """May hold anything, `::` too."""

    @classmethod
    def of(cls, text: str) -> Urn | None:
        """Read a URN, None for a text that is none."""
        parts = text.removeprefix(_BEGINNING).split("::", 3)
        return cls(*parts) if len(parts) == 4 else None

    def __str__(self) -> str:
        """Return it as the engine writes it."""
        return _BEGINNING + "::".join(self)

    @property
    def type(self) -> str:
        """The resource's own type."""
        return self.types.rpartition("$")[2]

    @property
    def kind(self) -> str:
        """The last word of that, as `WebhookEndpoint`."""
        return self.types.rpartition(":")[2]

    @property
    def title(self) -> str:
        """What it is called to people, `WebhookEndpoint 'events'`."""
        return f"{self.kind} '{self.name}'"
