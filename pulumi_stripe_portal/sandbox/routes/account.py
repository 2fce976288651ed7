"""The account behind a key, and the accounts connected to it.

See https://docs.stripe.com/api/accounts.
"""

import re
from dataclasses import replace

from pulumi_stripe_portal.sandbox.billing.params import only, refuse
from pulumi_stripe_portal.sandbox.data.accounts import no_access
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import expand_paths
from pulumi_stripe_portal.sandbox.objects.resource import Call, Operation, Resource

__all__ = ["OPERATIONS"]

# Reported in threads about restricted keys: the scope named by GET /v1/account's 403.
_SCOPE = "rak_accounts_kyc_basic_read"

_RESOURCE = Resource(
    object="account",
    path="/v1/accounts",
    noun="account",
    prefix="acct_1",
    scope="accounts_kyc_basic",
    params="Account",
)
"""Not served by the common verbs, as accounts live outside of the partitions."""


def _current(call: Call) -> Json:
    expand_paths(call, _RESOURCE)
    return _account(call, call.partition.account)


def _retrieve(call: Call) -> Json:
    expand_paths(call, _RESOURCE)
    return _account(call, _reachable(call))


def _reachable(call: Call) -> str:
    id_ = call.arguments["id"]
    own = call.partition.account
    if id_ != own and call.store.accounts.get(id_) != own:
        raise no_access(call.key, id_)
    return id_


def _update(call: Call) -> Json:
    """Change the branding, which is of both modes.

    At Stripe this is for connected accounts; one's own is changed in the Dashboard
    [D], which the sandbox doesn't have.
    """
    expand_paths(call, _RESOURCE)
    id_ = _reachable(call)
    only(call.params, ("business_profile", "settings"), "accounts")
    profile = call.params.get("business_profile") or {}
    only(profile, ("name",), "the business_profile of accounts")
    settings = call.params.get("settings") or {}
    only(settings, ("branding",), "the settings of accounts")
    branding = settings.get("branding") or {}
    only(branding, ("primary_color",), "the branding of accounts")
    known = call.store.branding(id_)
    call.store.brandings[id_] = replace(known, **profile, **branding)
    return _account(call, id_)


def _colour(path: str, value: str) -> None:
    if not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise refuse(f"Invalid hex color: {value}", path)


def _account(call: Call, id_: str) -> Json:
    branding = call.store.branding(id_)
    name = branding.name
    return {
        "id": id_,
        "object": "account",
        "business_profile": {"name": name, "url": "https://example.com"},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": "US",
        "created": 1_700_000_000,
        "default_currency": "usd",
        "details_submitted": True,
        "email": "billing@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "branding": {
                "icon": None,
                "logo": None,
                "primary_color": branding.primary_color,
                "secondary_color": None,
            },
            "dashboard": {"display_name": name, "timezone": "Etc/UTC"},
        },
        "type": "standard",
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/account",
        params="AccountRetrieveCurrentParams",
        permission=_SCOPE,
        run=_current,
    ),
    Operation(
        method="GET",
        path="/v1/accounts/<id>",
        params="AccountRetrieveParams",
        permission=_SCOPE,
        run=_retrieve,
    ),
    Operation(
        method="POST",
        path="/v1/accounts/<id>",
        params="AccountUpdateParams",
        permission=_SCOPE.replace("_read", "_write"),
        run=_update,
        limits={"settings[branding][primary_color]": _colour},
    ),
)
