"""Whether the key works and may do what is needed, and the account has room."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from pulumi_stripe_portal.errors import SettingsError, StripePortalError
from pulumi_stripe_portal.schema.endpoint_rules import ENDPOINT_LIMIT
from pulumi_stripe_portal.schema.resources import (
    CONFIGURATIONS,
    WEBHOOK_ENDPOINTS,
    Kind,
)
from pulumi_stripe_portal.schema.visible import shown_address
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.markers import objects_of
from pulumi_stripe_portal.stripe_api.settings import Settings

from .findings import Finding

__all__ = ["check_account"]

Found = Mapping[str, Any]

_WRITE = (
    "writing can't be tried without writing; it needs rak_customer_portal_write and "
    "rak_webhook_write"
)


def check_account(settings: Settings) -> Iterator[Finding]:
    """Look at the key, then ask Stripe about the account behind it."""
    try:
        key = settings.require_key()
    except SettingsError as error:
        yield Finding("key", "there is none that can be used", str(error))
        return
    source = "STRIPE_API_KEY" if settings.from_environment else "the stack's setting"
    restricted = key.startswith("rk_")
    kind = "a restricted key" if restricted else "a key that may do everything"
    connection = Connection.to(settings, None)
    try:
        account = connection.account or connection.account_id()
    except StripePortalError as refused:
        yield Finding("key", f"{source}, {kind}, is refused", str(refused))
        return
    yield Finding("key", f"{source}, {kind}, of {settings.mode} mode")
    yield Finding("account", account or "Stripe doesn't name it to this key")
    configurations = yield from _list(connection, CONFIGURATIONS)
    if configurations is not None:
        yield from _configurations(settings, configurations)
    endpoints = yield from _list(connection, WEBHOOK_ENDPOINTS)
    if endpoints is not None:
        yield from _endpoints(endpoints)
    client = connection.client.v1
    for noun, method in (("products", client.products), ("prices", client.prices)):
        yield from _try_to_read(connection, noun, method.list)
    if restricted:
        yield Finding("permissions", _WRITE)


def _list(
    connection: Connection, kind: Kind
) -> Generator[Finding, None, list[Found] | None]:
    """Return all objects of a kind, None where the key may not read them."""
    try:
        return list(objects_of(connection, kind).all())
    except StripePortalError as refused:
        yield Finding("permissions", f"{kind.noun}s can't be read", str(refused))
        return None


def _try_to_read(
    connection: Connection, noun: str, method: Callable[..., Any]
) -> Iterator[Finding]:
    try:
        next(connection.pages(method, {"limit": 1}), None)
    except StripePortalError as refused:
        yield Finding("permissions", f"{noun} can't be read", str(refused))
    else:
        yield Finding("permissions", f"{noun} can be read")


def _configurations(settings: Settings, found: Sequence[Found]) -> Iterator[Finding]:
    default = next((each for each in found if each["is_default"]), None)
    if default is not None:
        yield Finding("default", f"{default['id']} is the default configuration")
    else:
        mode = "" if settings.livemode else "test/"
        yield Finding(
            "default",
            f"there is no default configuration in {settings.mode} mode, so sessions "
            "that name none are refused",
            "declare a DefaultPortalConfiguration, or save the portal's settings at "
            f"https://dashboard.stripe.com/{mode}settings/billing/portal",
        )
    active = sum(each["active"] for each in found)
    yield Finding(
        "configurations",
        f"{active} active, {len(found) - active} deactivated; Stripe names no limit",
    )


def _endpoints(found: Sequence[Found]) -> Iterator[Finding]:
    """Look at room and at doubles; those of connected accounts get other events."""
    full = len(found) >= ENDPOINT_LIMIT
    disabled = sum(each["status"] != "enabled" for each in found)
    yield Finding(
        "webhook endpoints",
        f"{len(found)} of {ENDPOINT_LIMIT}, {disabled} of them disabled",
        "delete one that is not needed before another is made" if full else "",
    )
    same: dict[tuple[str, bool], list[str]] = {}
    for each in found:
        if each["status"] == "enabled":
            address = (each["url"], bool(each.get("application")))
            same.setdefault(address, []).append(each["id"])
    for (url, _), ids in same.items():
        if len(ids) > 1:
            yield Finding(
                "webhook endpoints",
                f"{', '.join(ids)} have the same address {shown_address(url)}, which "
                "gets every event from each, signed with different secrets",
                "delete all but one",
            )
