"""Reads which portal objects another tool manages, from its state. Pure.

Terraform with Stripe's own provider, lukasaron's or franckverrot's; Pulumi with the
bridge of either. Only ids, names and where a secret is are taken from the state: what
the objects are like, Stripe says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Foreign", "ForeignState", "NotAState", "read_state"]

Tool = Literal["terraform", "pulumi"]

_TERRAFORM_TYPES = {
    # https://registry.terraform.io/providers/stripe/stripe/latest/docs
    "stripe_billing_portal_configuration": "bpc_",
    # https://registry.terraform.io/providers/lukasaron/stripe/latest/docs
    "stripe_portal_configuration": "bpc_",
    # https://registry.terraform.io/providers/franckverrot/stripe/latest/docs
    "stripe_customer_portal": "bpc_",
    "stripe_webhook_endpoint": "we_",  # all three
}
# A bridge's token is `stripe:index/webhookEndpoint:WebhookEndpoint`:
# https://www.pulumi.com/registry/packages/stripe/ and georgegebbett/pulumi-stripe
_PULUMI_TYPES = {
    "BillingPortalConfiguration": "bpc_",
    "PortalConfiguration": "bpc_",
    "CustomerPortal": "bpc_",
    "WebhookEndpoint": "we_",
}


class NotAState(ValueError):
    """A file is no state that can be read; the message says what to give."""


@dataclass(frozen=True)
class Foreign:
    """An object that another tool manages."""

    id: str
    names: Sequence[str]
    """What it is called there, the plainest first."""
    address: str
    """How that tool is told which one is meant; a URN for Pulumi."""
    has_secret: bool = False
    """Whether the state holds an endpoint's secret."""
    encrypted: bool = False
    """Whether it holds that encrypted."""
    protected: bool = False
    """Whether Pulumi was told to protect it."""


@dataclass(frozen=True)
class ForeignState:
    """What one state says."""

    tool: Tool
    objects: Sequence[Foreign]
    left: Sequence[str] = ()
    """Addresses that have no id of Stripe's (yet)."""


def read_state(text: str) -> ForeignState:
    """Read a Terraform state or a Pulumi stack export.

    Raises:
        NotAState: if the text is neither, with what to give instead.
    """
    try:
        state = json.loads(text)
    except ValueError as error:
        raise NotAState(f"this is no JSON: {error}; {_WANTED}") from None
    if not isinstance(state, dict):
        raise NotAState(f"this is no state; {_WANTED}")
    deployment = state.get("deployment")
    if isinstance(deployment, dict):
        return _state("pulumi", _of_pulumi(deployment.get("resources") or []))
    if "encrypted_data" in state:
        raise NotAState("the state is encrypted; give what `tofu state pull` prints")
    if state.get("version") == 4 and isinstance(state.get("resources"), list):
        return _state("terraform", _of_terraform(state["resources"]))
    if "terraform_version" in state:
        raise NotAState(
            "this is not the state itself, or one of a very old Terraform; give what "
            "`terraform state pull` prints"
        )
    raise NotAState(f"this is neither kind of state; {_WANTED}")


_WANTED = (
    "give terraform.tfstate, what `terraform state pull` prints, or what `pulumi "
    "stack export` prints"
)

_Read = tuple[str, Foreign]  # what its id has to begin with, and the object


def _state(tool: Tool, read: Iterator[_Read]) -> ForeignState:
    found = list(read)
    objects = {each.id: each for prefix, each in found if each.id.startswith(prefix)}
    left = [each.address for prefix, each in found if not each.id.startswith(prefix)]
    return ForeignState(tool, list(objects.values()), left)


def _of_terraform(resources: Sequence[Mapping[str, Any]]) -> Iterator[_Read]:
    for resource in resources:
        prefix = _TERRAFORM_TYPES.get(str(resource.get("type")))
        if prefix is None or resource.get("mode", "managed") != "managed":
            continue
        module = str(resource.get("module") or "")
        parts = [module] if module else []
        address = ".".join([*parts, resource["type"], resource["name"]])
        for instance in resource.get("instances") or []:
            if instance.get("deposed"):
                continue  # about to be destroyed there
            values = instance.get("attributes") or {}
            name, at = resource["name"], address
            key = instance.get("index_key")
            if key is not None:
                name, at = f"{name}-{key}", f"{address}[{json.dumps(key)}]"
            names = (_plain(name), _plain(f"{_last_module(module)}-{name}"))
            id_, secret = str(values.get("id") or ""), bool(values.get("secret"))
            yield prefix, Foreign(id_, names, at, has_secret=secret)


def _last_module(module: str) -> str:
    return module.rpartition("module.")[2]


def _of_pulumi(resources: Sequence[Mapping[str, Any]]) -> Iterator[_Read]:
    for resource in resources:
        package, _, kind = str(resource.get("type")).partition(":")
        prefix = _PULUMI_TYPES.get(kind.rpartition(":")[2])
        if package != "stripe" or prefix is None or resource.get("delete"):
            continue
        urn = str(resource["urn"])
        *_, stack_and_parents, name = urn.split("::")
        parent = stack_and_parents.split("$")[0].rpartition(":")[2]
        names = (_plain(name), _plain(f"{parent}-{name}"))
        secret = (resource.get("outputs") or {}).get("secret")
        yield (
            prefix,
            Foreign(
                str(resource.get("id") or ""),
                names,
                urn,
                has_secret=bool(secret),
                encrypted=isinstance(secret, Mapping) and "plaintext" not in secret,
                protected=bool(resource.get("protect")),
            ),
        )


def _plain(name: str) -> str:
    """Return a name with nothing in it that a resource or variable can't have."""
    allowed = (
        each if each.isascii() and (each.isalnum() or each in "_-") else "-"
        for each in name
    )
    return "".join(allowed).strip("-_")
