"""The account behind a key, and the accounts connected to it.

See https://docs.stripe.com/api/accounts.
"""

import re
from dataclasses import replace

from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.accounts import no_access
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.expand import expand_paths
from pulumi_stripe_portal.sandbox.objects.resource import Call, Operation, Resource
from pulumi_stripe_portal.sandbox.verbs import list_page, reference

__all__ = ["OPERATIONS"]

_BRANDING = ("icon", "logo", "primary_color", "secondary_color")

_RESOURCE = Resource(
    object="account",
    path="/v1/accounts",
    noun="account",
    prefix="acct_1",
    # The 403 of GET /v1/account names the scope `rak_accounts_kyc_basic_read`
    # [REPORTED: threads about restricted keys].
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


def _list(call: Call) -> Json:
    """Answer with the accounts connected to the key's, newest first.

    «Returns a list of accounts connected to your platform via Connect. If you're not a
    platform, the list is empty.» [SPECIFIED: OpenAPI]
    """
    own = call.partition.account
    known = call.store.accounts.items()
    connected = [_account(call, id_) for id_, platform in known if platform == own]
    return list_page(_RESOURCE, call, connected[::-1])


def _reachable(call: Call) -> str:
    id_ = call.arguments["id"]
    own = call.partition.account
    if id_ != own and call.store.accounts.get(id_) != own:
        raise no_access(call.key, id_)
    return id_


def _update(call: Call) -> Json:
    """Change the branding, which is of both modes.

    An account may change its own branding [OURS: at Stripe that is for connected
    accounts, and one's own is changed in the Dashboard].
    """
    expand_paths(call, _RESOURCE)
    id_ = _reachable(call)
    only(call.params, ("business_profile", "settings"), "accounts")
    profile = call.params.get("business_profile") or {}
    only(profile, ("name",), "the business_profile of accounts")
    settings = call.params.get("settings") or {}
    only(settings, ("branding",), "the settings of accounts")
    branding = settings.get("branding") or {}
    only(branding, _BRANDING, "the branding of accounts")
    for name in ("icon", "logo"):
        if branding.get(name):
            path = f"settings[branding][{name}]"
            file = reference(call, "file", branding[name], path)
            _require_purpose(file, name, path)
    known = call.store.branding(id_)
    call.store.brandings[id_] = replace(known, **profile, **branding)
    return _account(call, id_)


def _require_purpose(file: Json, name: str, path: str) -> None:
    """Require the purpose that the API's reference names for a logo and an icon."""
    if file["purpose"] != f"business_{name}":
        raise StripeError(
            f"The file '{file['id']}' has the purpose {file['purpose']}; upload it "
            f"with the purpose business_{name}.",
            Evidence.OURS("no words of Stripe's for it are known"),
            param=path,
        )


def _colour(path: str, value: str) -> None:
    if not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise StripeError(
            f"Invalid hex color: {value}",
            Evidence.OURS("no words of Stripe's for it are known"),
            param=path,
        )


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
            "branding": {name: getattr(branding, name) for name in _BRANDING},
            "dashboard": {"display_name": name, "timezone": "Etc/UTC"},
        },
        "type": "standard",
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/account",
        params="AccountRetrieveCurrentParams",
        permission="rak_accounts_kyc_basic_read",
        run=_current,
    ),
    _RESOURCE.operation("GET", "", "AccountListParams", _list),
    _RESOURCE.operation("GET", "/<id>", "AccountRetrieveParams", _retrieve),
    _RESOURCE.operation(
        "POST",
        "/<id>",
        "AccountUpdateParams",
        _update,
        {
            "settings[branding][primary_color]": _colour,
            "settings[branding][secondary_color]": _colour,
        },
    ),
)
