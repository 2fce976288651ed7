"""Reads which portal objects another tool manages, from its state. Pure.

Terraform with Stripe's own provider, lukasaron's or franckverrot's; Pulumi with the
bridge of either. Only ids, names and where a secret is are taken from the state: what
the objects are like, Stripe says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi_stripe_portal.schema.resources import (
    CONFIGURATIONS,
    WEBHOOK_ENDPOINTS,
    is_id,
)
from pulumi_stripe_portal.schema.visible import is_visible

from .addresses import hcl_address, plain_urn, terraform_address

__all__ = ["Foreign", "ForeignState", "NotAState", "read_state"]

Tool = Literal["terraform", "pulumi"]
Values = Mapping[str, Any]

_TERRAFORM_TYPES = {
    # https://registry.terraform.io/providers/stripe/stripe/latest/docs
    "stripe_billing_portal_configuration": CONFIGURATIONS.prefix,
    # https://registry.terraform.io/providers/lukasaron/stripe/latest/docs
    "stripe_portal_configuration": CONFIGURATIONS.prefix,
    # https://registry.terraform.io/providers/franckverrot/stripe/latest/docs
    "stripe_customer_portal": CONFIGURATIONS.prefix,
    "stripe_webhook_endpoint": WEBHOOK_ENDPOINTS.prefix,  # all three
}
# A bridge's token is `stripe:index/webhookEndpoint:WebhookEndpoint`:
# https://www.pulumi.com/registry/packages/stripe/ and georgegebbett/pulumi-stripe
_PULUMI_TYPES = {
    "BillingPortalConfiguration": CONFIGURATIONS.prefix,
    "PortalConfiguration": CONFIGURATIONS.prefix,
    "CustomerPortal": CONFIGURATIONS.prefix,
    "WebhookEndpoint": WEBHOOK_ENDPOINTS.prefix,
}
_LONGEST = 100
"""How much of a name is kept."""


class NotAState(ValueError):
    """A file is no state that can be read; the message says what to give."""


class _OddError(Exception):
    """A value is not of the type that its tool writes there."""


@dataclass(frozen=True)
class Foreign:
    """An object that another tool manages, under one of its addresses."""

    id: str
    names: Sequence[str]
    """What it is called there, the plainest first."""
    address: str
    """How that tool is told which one is meant; a URN for Pulumi."""
    release: str | None = None
    """What of it makes the tool forget the object; None where that can't be written."""
    has_secret: bool = False
    """Whether the state holds an endpoint's secret."""
    encrypted: bool = False
    """Whether it holds that encrypted."""
    protected: bool = False
    """Whether Pulumi was told to protect it."""
    likeness: int | None = field(default=None, repr=False)
    """Equal for equal secrets; tells nothing about them outside of this process."""


@dataclass(frozen=True)
class ForeignState:
    """What one state says."""

    tool: Tool
    objects: Sequence[Foreign]
    """One for each address, so that an id may be there more than once."""
    left: Sequence[str] = ()
    """Addresses that have no id of Stripe's (yet)."""
    odd: Sequence[str] = ()
    """Resources that are not as their tool writes them."""
    file: str = "-"
    """Where it was read, `-` for stdin."""
    utf16: bool = False
    """Whether other programs have to be told that the file is in UTF-16."""


def read_state(text: str, file: str = "-", *, utf16: bool = False) -> ForeignState:
    """Read a Terraform state, a Pulumi stack export or a checkpoint of Pulumi's.

    Raises:
        NotAState: If the text is neither, with what to give instead.
    """
    try:
        state = json.loads(text)
    except RecursionError:
        raise NotAState(f"this is nested too deeply for a state; {_WANTED}") from None
    except ValueError as error:
        raise NotAState(f"this is no JSON: {error}; {_WANTED}") from None
    if not isinstance(state, dict):
        raise NotAState(f"this is no state; {_WANTED}")
    tool, resources = _resources(state)
    read = _of_terraform if tool == "terraform" else _of_pulumi
    objects: list[Foreign] = []
    left: list[str] = []
    odd: list[str] = []
    for number, resource in enumerate(resources, 1):
        try:
            found = list(read(resource))
        except _OddError:
            odd.append(_label(resource) or f"resource number {number}")
            continue
        for prefix, each in found:
            if each.id.startswith(prefix) and is_id(each.id):
                objects.append(each)
            else:
                left.append(each.address)
    return ForeignState(tool, objects, left, odd, file, utf16)


_WANTED = (
    "give terraform.tfstate, what `terraform state pull` prints, or what `pulumi "
    "stack export` prints"
)

_Read = tuple[str, Foreign]  # what its id has to begin with, and the object


def _resources(state: Values) -> tuple[Tool, Sequence[Any]]:
    """Return which tool's state it is, and its resources."""
    for holder in (state.get("deployment"), _latest(state)):
        if isinstance(holder, Mapping):
            resources = holder.get("resources")
            if resources is None or isinstance(resources, list):
                return "pulumi", resources or []
            raise NotAState(f"the `resources` in it are no list; {_WANTED}")
    if "encrypted_data" in state:
        raise NotAState("the state is encrypted; give what `tofu state pull` prints")
    if state.get("version") == 4 and isinstance(state.get("resources"), list):
        return "terraform", state["resources"]
    if "terraform_version" in state:
        raise NotAState(
            "this is not the state itself, or one of a very old Terraform; give what "
            "`terraform state pull` prints"
        )
    raise NotAState(f"this is neither kind of state; {_WANTED}")


def _latest(state: Values) -> Any:
    """Return the deployment of a checkpoint, as the file backend stores it.

    https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go
    (VersionedCheckpoint, CheckpointV3); a stack that is new has no `latest`.
    """
    checkpoint = state.get("checkpoint")
    if not isinstance(checkpoint, Mapping):
        return None
    return checkpoint.get("latest") or {"resources": checkpoint.get("resources")}


def _label(resource: Any) -> str:
    """Return how a resource that can't be read is called, "" where that isn't told."""
    if not isinstance(resource, Mapping):
        return ""
    names = [resource.get("urn")], [resource.get("type"), resource.get("name")]
    for parts in names:
        if all(isinstance(each, str) for each in parts):
            return ".".join(map(str, parts))[:_LONGEST]
    return str(resource.get("type"))[:_LONGEST]


def _of_terraform(resource: Any) -> Iterator[_Read]:
    values = _mapping(resource)
    prefix = _TERRAFORM_TYPES.get(_text(values.get("type"), lenient=True))
    if prefix is None or values.get("mode", "managed") != "managed":
        return
    module, name = _text(values.get("module")), _text(values.get("name"))
    if not name:
        raise _OddError
    for instance in map(_mapping, _list(values.get("instances"))):
        if instance.get("deposed"):
            continue  # about to be destroyed there
        attributes = _mapping(instance.get("attributes") or {})
        key = instance.get("index_key")
        if not (key is None or isinstance(key, str) or type(key) is int):
            raise _OddError
        called = name if key is None else f"{name}-{key}"
        module_name = module.rpartition("module.")[2]
        secret = attributes.get("secret")
        yield (
            prefix,
            Foreign(
                _text(attributes.get("id"), lenient=True),
                (_plain(called), _plain(f"{module_name}-{called}")),
                terraform_address(module, values["type"], name, key),
                hcl_address(module, values["type"], name),
                has_secret=_is_secret(secret),
                likeness=hash(secret) if _is_secret(secret) else None,
            ),
        )


def _of_pulumi(resource: Any) -> Iterator[_Read]:
    values = _mapping(resource)
    package, _, kind = _text(values.get("type"), lenient=True).partition(":")
    prefix = _PULUMI_TYPES.get(kind.rpartition(":")[2])
    if package != "stripe" or prefix is None or values.get("delete"):
        return
    urn = plain_urn(_text(values.get("urn")))
    if urn is None:
        raise _OddError
    secret = _mapping(values.get("outputs") or {}).get("secret")
    sealed = isinstance(secret, Mapping)
    plain = _unseal(secret) if isinstance(secret, Mapping) else secret
    # The type of its outermost parent, or its own.
    above = urn.types.split("$")[0].rpartition(":")[2]
    text = str(urn)
    yield (
        prefix,
        Foreign(
            _text(values.get("id"), lenient=True),
            (_plain(urn.name), _plain(f"{above}-{urn.name}")),
            text,
            text if is_visible(text) else None,
            has_secret=sealed or _is_secret(plain),
            encrypted=sealed and not _is_secret(plain),
            protected=bool(values.get("protect")),
            likeness=hash(plain) if _is_secret(plain) else None,
        ),
    )


def _is_secret(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _unseal(secret: Values) -> Any:
    """Return a secret in clear, None where it is encrypted; Pulumi keeps it as JSON."""
    try:
        return json.loads(_text(secret.get("plaintext"), lenient=True))
    except (ValueError, RecursionError):
        return None


def _mapping(value: Any) -> Values:
    if not isinstance(value, Mapping):
        raise _OddError
    return value


def _list(value: Any) -> Sequence[Any]:
    if value is not None and not isinstance(value, list):
        raise _OddError
    return value or []


def _text(value: Any, *, lenient: bool = False) -> str:
    """Return a text, "" where there is none; `lenient` takes others for none."""
    if isinstance(value, str):
        return value
    if value is not None and not lenient:
        raise _OddError
    return ""


def _plain(name: str) -> str:
    """Return a name with nothing in it that a resource or variable can't have."""
    allowed = (
        each if each.isascii() and (each.isalnum() or each in "_-") else "-"
        for each in name[:_LONGEST]
    )
    return "".join(allowed).strip("-_")
