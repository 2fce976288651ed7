"""The resource types: the one list of which there are, and what each is. Pure.

Whoever tells one type from another asks here: the resources and their providers, what
reads states, what looks at Stripe, the review and the import.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal.inputs import (
    DefaultPortalConfigurationInputs,
    PortalConfigurationInputs,
    WebhookEndpointInputs,
)
from pulumi_stripe_portal.schema.endpoint_rules import endpoint_failures
from pulumi_stripe_portal.schema.rules import portal_failures
from pulumi_stripe_portal.schema.tree import Node, schema_of
from pulumi_stripe_portal.schema.validate import Failure, check_types
from pulumi_stripe_portal.schema.values import tidy

__all__ = [
    "BY_NAME",
    "CONFIGURATIONS",
    "DEFAULT_PORTAL",
    "DISTRIBUTION",
    "KINDS",
    "PACKAGE",
    "PLUGIN",
    "PORTAL",
    "PROVIDER_TYPES",
    "RESOURCE_TYPES",
    "WEBHOOK_ENDPOINT",
    "WEBHOOK_ENDPOINTS",
    "Kind",
    "ResourceType",
    "is_id",
    "kind_of_id",
    "type_name",
    "type_of",
]

DISTRIBUTION = "pulumi-stripe-portal"
"""The package's name where pip finds it."""
PACKAGE = "pulumi-python"
"""The package that the engine takes dynamic resources for."""
PLUGIN = "stripe-portal"
"""The package that the engine takes the same resources for where a plugin serves
them; the namespace of the stack settings as well."""
PROVIDER_TYPES = (f"pulumi:providers:{PACKAGE}", f"pulumi:providers:{PLUGIN}")
"""The type tokens of explicit providers for them, at either door."""
_TOKENS = (f"{PACKAGE}:dynamic/{PLUGIN}:", f"{PLUGIN}:index:")
"""What the type tokens of this package's resources begin with, at either door."""


@dataclass(frozen=True)
class Kind:
    """A kind of object at Stripe, and how it is asked for."""

    noun: str
    """What Stripe calls one, e.g. `portal configuration`."""
    prefix: str
    """What its ids begin with."""
    object: str
    """Its `object` field, by which an answer is told to be one."""
    service: str
    """The attribute path of its service in `StripeClient.v1`."""
    expand: tuple[str, ...] = ()
    """What Stripe returns only when it is asked to."""
    can_be_inactive: bool = False
    """Whether objects are deactivated rather than deleted, and lists filter by it."""


# Products are write-only unless expanded, on every verb:
# https://github.com/stripe/terraform-provider-stripe/issues/53
CONFIGURATIONS = Kind(
    "portal configuration",
    "bpc_",
    "billing_portal.configuration",
    "billing_portal.configurations",
    ("features.subscription_update.products",),
    can_be_inactive=True,
)
WEBHOOK_ENDPOINTS = Kind(
    "webhook endpoint", "we_", "webhook_endpoint", "webhook_endpoints"
)
KINDS = (CONFIGURATIONS, WEBHOOK_ENDPOINTS)
"""The kinds of objects that resources manage."""


@dataclass(frozen=True)
class ResourceType:
    """A type of resource that programs declare."""

    name: str
    """Its class, and the last word of its type token at Pulumi."""
    inputs: type
    """The TypedDict that declares its inputs."""
    kind: Kind
    """What it manages at Stripe."""
    rules: Callable[[Mapping[str, Any]], Iterator[Failure]]
    """Yields what breaks a rule between its inputs that types can't say."""
    label: str
    """What one is, for people."""
    aside: str
    """What a review says of it beside its name; a plain portal needs nothing."""
    known_by: str
    """The input that tells which of several is meant, where their names differ."""
    outputs: Mapping[str, str | None] = field(hash=False)
    """What it tells besides its inputs: output to the input that changes it, None for
    what never changes, "" for what every write may change."""
    is_default: bool = False
    """Whether it manages the account's default, of which there is one."""

    @property
    def tokens(self) -> tuple[str, str]:
        """Its type tokens at Pulumi: as a dynamic resource, and as the plugin's."""
        dynamic, plugin = (f"{token}{self.name}" for token in _TOKENS)
        return dynamic, plugin

    @property
    def root(self) -> Node:
        """The tree of its inputs."""
        return schema_of(self.inputs)

    def failures(self, inputs: Mapping[str, Any]) -> list[Failure]:
        """Return what is wrong with inputs, as far as that is known without Stripe."""
        tidied = tidy(self.root, inputs)
        return [*check_types(self.inputs, tidied), *self.rules(tidied)]


_PORTAL_OUTPUTS: Mapping[str, str | None] = {
    "is_default": None,
    "livemode": None,
    "created": None,
    "updated": "",
    "login_page_url": "login_page",
}
DEFAULT_PORTAL = ResourceType(
    "DefaultPortalConfiguration",
    DefaultPortalConfigurationInputs,
    CONFIGURATIONS,
    portal_failures,
    label="the account's default portal",
    aside="the account's default",
    known_by="account",
    outputs=_PORTAL_OUTPUTS,
    is_default=True,
)
PORTAL = ResourceType(
    "PortalConfiguration",
    PortalConfigurationInputs,
    CONFIGURATIONS,
    portal_failures,
    label="portal",
    aside="",
    known_by="name",
    outputs=_PORTAL_OUTPUTS,
)
WEBHOOK_ENDPOINT = ResourceType(
    "WebhookEndpoint",
    WebhookEndpointInputs,
    WEBHOOK_ENDPOINTS,
    endpoint_failures,
    label="webhook endpoint",
    aside="webhook endpoint",
    known_by="url",
    outputs={"status": "disabled", "livemode": None},
)
RESOURCE_TYPES = (DEFAULT_PORTAL, PORTAL, WEBHOOK_ENDPOINT)
"""All types, in the order in which a program declares them."""
BY_NAME: Mapping[str, ResourceType] = {each.name: each for each in RESOURCE_TYPES}


def type_name(token: str) -> str:
    """Return the name in a type token of this package's, "" for any other token."""
    known = next((each for each in _TOKENS if token.startswith(each)), None)
    return token.removeprefix(known) if known else ""


def type_of(found: Mapping[str, Any]) -> ResourceType:
    """Return the type of the resource that manages an object of Stripe's."""
    return next(
        each
        for each in RESOURCE_TYPES
        if each.kind.object == found["object"]
        and each.is_default == bool(found.get("is_default"))
    )


_ID = re.compile(rf"(?:{'|'.join(each.prefix for each in KINDS)})\w{{1,250}}", re.ASCII)


def is_id(text: str) -> bool:
    """Tell whether a text looks like the id of an object that can be managed."""
    return bool(_ID.fullmatch(text))


def kind_of_id(text: str) -> Kind | None:
    """Return what kind of object an id is of, None for one that can't be managed."""
    if not is_id(text):
        return None
    return next(each for each in KINDS if text.startswith(each.prefix))
