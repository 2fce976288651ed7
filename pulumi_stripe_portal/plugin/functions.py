"""What programs look up at Stripe: functions that change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
    default_of,
)
from pulumi_stripe_portal.schema.resources import PLUGIN, PORTAL
from pulumi_stripe_portal.stripe_api.catalogue import catalogue_of
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.settings import Settings
from pulumi_stripe_portal.stripe_api.views import declaration_of

__all__ = ["FUNCTIONS"]

Values = dict[str, Any]


def _connection(settings: Settings, args: Mapping[str, Any]) -> Connection:
    account = args.get("account")
    return Connection.to(settings, account if isinstance(account, str) else None)


def default_portal_configuration(settings: Settings, args: Mapping[str, Any]) -> Values:
    """Return the account's default configuration: what it declares, and outputs.

    Args:
        settings: Those of the stack, or of the explicit provider.
        args: `account`, the connected account, where it is not that of the settings.

    Raises:
        RequestRefused: If the account has none.
    """
    found = default_of(_connection(settings, args))
    if found is None:
        raise RequestRefused(
            f"the account has no portal configuration in {settings.mode} mode yet"
        )
    outputs = PortalConfigurationProvider().outputs(found)
    return {"id": found["id"], **declaration_of(PORTAL.root, found), **outputs}


def price(settings: Settings, args: Mapping[str, Any]) -> Values:
    """Return the price that has a lookup key.

    Args:
        settings: Those of the stack, or of the explicit provider.
        args: `lookup_key`, and `account` as for the default configuration.

    Raises:
        InvalidInputs: If no lookup key is given.
        RequestRefused: If no active price has the lookup key.
    """
    key = args.get("lookup_key")
    if not isinstance(key, str) or not key:
        raise InvalidInputs("lookup_key: is missing; give the key of a price")
    found = catalogue_of(_connection(settings, args)).by_key(key)
    if found is None:
        raise RequestRefused(
            f"no price has the lookup key {key!r} in {settings.mode} mode"
        )
    recurring = found.get("recurring") or {}
    return {
        "id": found["id"],
        "product": found["product"]["id"],
        "lookup_key": key,
        "active": found["active"],
        "currency": found["currency"],
        "unit_amount": found.get("unit_amount"),
        "interval": recurring.get("interval"),
        "interval_count": recurring.get("interval_count"),
        "nickname": found.get("nickname"),
        "livemode": found["livemode"],
    }


FUNCTIONS: Mapping[str, Callable[[Settings, Mapping[str, Any]], Values]] = {
    f"{PLUGIN}:index:getDefaultPortalConfiguration": default_portal_configuration,
    f"{PLUGIN}:index:getPrice": price,
}
"""The functions, by their tokens at Pulumi."""
