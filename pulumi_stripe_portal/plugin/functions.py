"""What programs look up at Stripe: functions that change nothing."""

# Annotations are resolved at run time: no `from __future__ import annotations` here.
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import NotRequired, TypedDict

from pulumi_stripe_portal.errors import InvalidInputs, RequestRefused
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.schema.resources import PLUGIN, PORTAL
from pulumi_stripe_portal.stripe_api.catalogue import catalogue_of
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.markers import default_of
from pulumi_stripe_portal.stripe_api.settings import Settings
from pulumi_stripe_portal.stripe_api.views import declaration_of

__all__ = ["FUNCTIONS", "Function"]

Values = Mapping[str, Any]


class DefaultPortalConfigurationArgs(TypedDict):
    """Whose default configuration is looked up."""

    account: NotRequired[str]
    """The connected account (`acct_…`) to look in, instead of the settings' own."""


class PriceArgs(TypedDict):
    """Which price is looked up."""

    lookup_key: str
    """The price's lookup key, e.g. `pro_monthly`."""
    account: NotRequired[str]
    """The connected account (`acct_…`) to look in, instead of the settings' own."""


class FoundPrice(TypedDict):
    """A price that was found."""

    id: str
    """Stripe's id of it, `price_…`."""
    product: str
    """The id of its product, `prod_…`."""
    lookup_key: str
    """Its lookup key."""
    active: bool
    """Whether it can be used for new purchases."""
    currency: str
    """The three-letter code of its currency, in lower case."""
    livemode: bool
    """Whether it is of live mode."""
    unit_amount: NotRequired[int | None]
    """What a unit costs, in the currency's smallest unit; missing where that depends on
    the quantity."""
    interval: NotRequired[str | None]
    """How often it is billed: `day`, `week`, `month` or `year`; missing for a price
    that is paid once."""
    interval_count: NotRequired[int | None]
    """How many intervals lie between two bills."""
    nickname: NotRequired[str | None]
    """What your team calls it."""


def default_portal_configuration(settings: Settings, args: Values) -> Values:
    """Look up the account's default portal configuration.

    Args:
        settings: Those of the stack, or of the explicit provider.
        args: What `DefaultPortalConfigurationArgs` says.

    Returns:
        The id, what the configuration declares, and its outputs.

    Raises:
        RequestRefused: If the account has none.
    """
    found = default_of(Connection.to(settings, args.get("account")))
    if found is None:
        raise RequestRefused(
            f"the account has no portal configuration in {settings.mode} mode yet"
        )
    outputs = PortalConfigurationProvider().outputs(found)
    return {"id": found["id"], **declaration_of(PORTAL.root, found), **outputs}


def price(settings: Settings, args: Values) -> FoundPrice:
    """Look up the price that has a lookup key.

    Args:
        settings: Those of the stack, or of the explicit provider.
        args: What `PriceArgs` says.

    Raises:
        InvalidInputs: If no lookup key is given.
        RequestRefused: If no active price has the lookup key.
    """
    key = args.get("lookup_key")
    if not isinstance(key, str) or not key:
        raise InvalidInputs("lookup_key: is missing; give the key of a price")
    found = catalogue_of(Connection.to(settings, args.get("account"))).by_key(key)
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
        "livemode": found["livemode"],
        "unit_amount": found.get("unit_amount"),
        "interval": recurring.get("interval"),
        "interval_count": recurring.get("interval_count"),
        "nickname": found.get("nickname"),
    }


@dataclass(frozen=True)
class Function:
    """A function, and what the schema says of it."""

    run: Callable[[Settings, Values], Any]
    """Takes the settings and the arguments."""
    args: Any
    """The TypedDict that declares the arguments."""
    result: Any
    """The TypedDict that declares the answer, or the `ResourceType` that it is like."""


FUNCTIONS: Mapping[str, Function] = {
    f"{PLUGIN}:index:getDefaultPortalConfiguration": Function(
        default_portal_configuration, DefaultPortalConfigurationArgs, PORTAL
    ),
    f"{PLUGIN}:index:getPrice": Function(price, PriceArgs, FoundPrice),
}
"""The functions, by their tokens at Pulumi."""
