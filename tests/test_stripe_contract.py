"""The inputs against the installed stripe package: nothing missing or invented."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
import stripe.params as params
import typing_extensions
from stripe.params.billing_portal import (
    ConfigurationCreateParams,
    ConfigurationModifyParams,
)

from pulumi_stripe_portal import PORTAL_EVENTS, SUBSCRIPTION_EVENTS
from pulumi_stripe_portal.inputs import (
    PortalConfigurationInputs,
    WebhookEndpointInputs,
)
from pulumi_stripe_portal.schema.tree import Node, schema_of
from pulumi_stripe_portal.stripe_api.connection import API_VERSION


def stripe_fields(declaration: Any) -> dict[str, tuple[str, ...]]:
    """Return each path of a stripe TypedDict with its choices."""
    return dict(_fields(declaration, ""))


def _fields(declaration: Any, at: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    names = {"StripeContext": Any, "Mapping": typing.Mapping, "Any": Any}
    hints = typing_extensions.get_type_hints(declaration, localns=names)
    inherited = set()
    for base in getattr(declaration, "__orig_bases__", ()):
        if typing_extensions.is_typeddict(base) and base is not dict:
            inherited |= set(typing_extensions.get_type_hints(base, localns=names))
    for name, hint in hints.items():
        if name in inherited or (not at and name == "expand"):
            continue
        path = f"{at}.{name}".lstrip(".")
        objects = list(_typed_dicts(hint))
        if objects:
            yield from _fields(objects[0], path)
        else:
            yield path, tuple(sorted(set(_literals(hint)) - {""}))


def _typed_dicts(hint: Any) -> Iterator[Any]:
    if typing_extensions.is_typeddict(hint):
        yield hint
    for arm in get_args(hint):
        yield from _typed_dicts(arm)


def _literals(hint: Any) -> Iterator[str]:
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    else:
        for arm in get_args(hint):
            yield from _literals(arm)


def our_fields(node: Node, at: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return each path of our declaration with its choices."""
    for name, child in node.children.items():
        path = f"{at}.{name}".lstrip(".")
        if child.mark.ours or child.kind == "open":
            continue
        if child.children and child.kind != "scalar" and name != "prices":
            yield from our_fields(child, path)
        else:
            yield path, tuple(sorted(child.choices))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(
            PortalConfigurationInputs,
            (ConfigurationCreateParams, ConfigurationModifyParams),
            id="configuration",
        ),
        pytest.param(
            WebhookEndpointInputs,
            (params.WebhookEndpointCreateParams, params.WebhookEndpointModifyParams),
            id="webhook_endpoint",
        ),
    ],
)
def test_every_parameter_is_an_input(ours: type, theirs: tuple[type, ...]) -> None:
    """A Stripe release that adds a field or a choice turns this red."""
    expected: dict[str, tuple[str, ...]] = {}
    for declaration in theirs:
        expected.update(stripe_fields(declaration))
    expected.pop("api_version", None)  # a choice of all versions: any text is taken
    found = dict(our_fields(schema_of(ours)))
    found.pop("api_version", None)

    assert expected == found


def test_required_keys_are_those_of_create() -> None:
    """What Stripe requires at creation is required here, but for empty options."""
    theirs = _required(ConfigurationCreateParams, "")
    ours = set(_required_nodes(schema_of(PortalConfigurationInputs)))
    # Sent as "" where the code gives none, and needed only while reasons are asked for.
    options = {"features.subscription_cancel.cancellation_reason.options"}
    # Told by prices that are named by lookup key.
    product = {"features.subscription_update.products.product"}

    assert set(theirs) - options - product == ours


def _required(declaration: Any, at: str) -> Iterator[str]:
    names = {"StripeContext": Any, "Mapping": typing.Mapping, "Any": Any}
    hints = typing_extensions.get_type_hints(declaration, localns=names)
    for name, hint in hints.items():
        path = f"{at}.{name}".lstrip(".")
        if name in declaration.__required_keys__:
            yield path
        for inside in list(_typed_dicts(hint))[:1]:
            yield from _required(inside, path)


def _required_nodes(node: Node, at: str = "") -> Iterator[str]:
    for name, child in node.children.items():
        path = f"{at}.{name}".lstrip(".")
        if child.required:
            yield path
        if child.kind != "scalar" and name != "prices":
            yield from _required_nodes(child, path)


def test_requests_carry_the_version_of_the_package() -> None:
    """The API version is that of the installed stripe package."""
    from stripe._api_version import _ApiVersion

    assert API_VERSION == _ApiVersion.CURRENT


def test_event_presets() -> None:
    """The presets are exactly those of the contract."""
    assert [
        f"customer.subscription.{verb}"
        for verb in ("created", "updated", "deleted", "paused", "resumed")
    ] == SUBSCRIPTION_EVENTS
    assert [
        *SUBSCRIPTION_EVENTS,
        "customer.updated",
        "customer.tax_id.created",
        "customer.tax_id.updated",
        "customer.tax_id.deleted",
        "payment_method.attached",
        "payment_method.detached",
        "invoice.paid",
        "billing_portal.configuration.created",
        "billing_portal.configuration.updated",
        "billing_portal.session.created",
    ] == PORTAL_EVENTS
