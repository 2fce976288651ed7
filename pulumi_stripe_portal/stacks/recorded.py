"""What a stack's state records about this package's resources. Pure.

States come from the Pulumi CLI, but also from files that anybody may have written: here
they are checked for their form, once, and nowhere after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.engine.urn import Urn
from pulumi_stripe_portal.engine.wire import SIGNATURE
from pulumi_stripe_portal.schema.resources import BY_NAME, PROVIDER_TYPES, type_name

__all__ = [
    "NotAnExport",
    "Recorded",
    "is_provider",
    "own_provider",
    "parse_urn",
    "recorded_resources",
    "state_of",
    "states_in",
]


class NotAnExport(ValueError):
    """The JSON is not what `pulumi stack export` prints."""


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


def is_provider(type_: str) -> bool:
    """Tell whether a type is that of an explicit provider for such resources."""
    return type_ in PROVIDER_TYPES


def parse_urn(urn: str) -> tuple[str, str]:
    """Return the type and the name in a URN, ("", "") for what is none."""
    known = Urn.of(urn)
    return (known.type, known.name) if known else ("", "")


def recorded_resources(resources: Iterable[Any]) -> list[Recorded]:
    """Return this package's resources among those of a stack."""
    return [
        Recorded(
            type=type_name(state["type"]),
            name=parse_urn(state["urn"])[1],
            id=state["id"],
            inputs=state["inputs"],
            outputs=state["outputs"],
            own_provider=bool(own_provider(state["provider"])),
        )
        for state in map(state_of, resources)
        if state is not None
        and type_name(state["type"]) in BY_NAME
        and state["id"]
        and not state["delete"]
    ]


def states_in(export: Any) -> list[Mapping[str, Any]]:
    """Return the states in a stack's export.

    Raises:
        NotAnExport: If it is no export of a stack, as a whole or in a part.
    """
    deployment = export.get("deployment") if isinstance(export, dict) else None
    deployment = {} if deployment is None else deployment
    if not isinstance(export, dict) or not isinstance(deployment, dict):
        raise NotAnExport("it holds no `deployment`")
    listed = deployment.get("resources") or []
    if not isinstance(listed, list):
        raise NotAnExport("its `resources` are no list")
    states = []
    for number, each in enumerate(listed):
        state = state_of(each)
        if state is None:
            raise NotAnExport(f"`resources[{number}]` is no state of a resource")
        states.append(state)
    return states


_TEXTS = ("urn", "type", "id", "provider")
_VALUES = ("inputs", "outputs")
_SWITCHES = ("delete", "retainOnDelete")


def state_of(value: Any) -> Mapping[str, Any] | None:
    """Return a resource's state with all that is read of it, None for what is none."""
    if not isinstance(value, dict):
        return None
    state = dict(value)
    for names, kind in ((_TEXTS, str), (_VALUES, dict), (_SWITCHES, bool)):
        for name in names:
            given = value.get(name)
            if given is None:
                state[name] = kind()
            elif not isinstance(given, kind):
                return None
    if any(SIGNATURE in state[name] for name in _VALUES):
        return None
    return state


def own_provider(reference: str) -> str:
    """Return the URN of an explicit provider, "" for the stack's own.

    A reference is the provider's URN, which ends with its name, and its id.
    """
    urn = reference.rpartition("::")[0]
    return "" if urn.rpartition("::")[2].startswith("default") else urn
