"""What a stack's state records about this package's resources. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Recorded", "own_provider", "recorded"]

_PACKAGE = "pulumi-python:dynamic/stripe-portal"


@dataclass(frozen=True)
class Recorded:
    """One resource, as the last `up` or `refresh` left it."""

    type: str
    """E.g. `PortalConfiguration`."""
    name: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    own_provider: bool
    """Whether it has an explicit provider, whose key is not the stack's."""

    @property
    def account(self) -> str | None:
        """The connected account that the resource, or its own provider, names."""
        account = self.outputs.get("account")
        if self.own_provider:
            account = account or self.outputs.get("stack_account")
        return account if isinstance(account, str) and account else None


def recorded(resources: Iterable[Mapping[str, Any]]) -> list[Recorded]:
    """Return this package's resources among those of a stack."""
    return [
        Recorded(
            type=str(each["type"]).rpartition(":")[2],
            name=str(each["urn"]).rpartition("::")[2],
            id=str(each["id"]),
            inputs=each.get("inputs") or {},
            outputs=each.get("outputs") or {},
            own_provider=bool(own_provider(each.get("provider"))),
        )
        for each in resources
        if str(each.get("type")).rpartition(":")[0] == _PACKAGE
        and each.get("id")
        and not each.get("delete")
    ]


def own_provider(reference: Any) -> str:
    """Return the URN of an explicit provider, "" for the stack's own.

    A reference is the provider's URN, which ends with its name, and its id.
    """
    urn = str(reference or "").rpartition("::")[0]
    return "" if urn.rpartition("::")[2].startswith("default") else urn
