"""Accounts and their keys: who is asking, and for whose data."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

from .ids import alphanumeric
from .store import Key, Store

__all__ = [
    "DEFAULT_ACCOUNT",
    "Account",
    "add_account",
    "add_restricted_key",
    "application_of",
    "authenticate",
    "no_access",
    "permit",
    "target_account",
]

_ACCOUNT = re.compile(r"acct_[0-9A-Za-z_-]{1,200}")

DEFAULT_ACCOUNT = "acct_1PortalSandbox00"
"""The account that every sandbox starts with; its keys end in 123."""


@dataclass(frozen=True)
class Account:
    """An account of the sandbox and its two secret keys.

    Attributes:
        id: Its id, `acct_…`.
        test_key: Its key of test mode, `sk_test_…`.
        live_key: Its key of live mode, `sk_live_…`. Nothing about it is live.
    """

    id: str
    test_key: str
    live_key: str


def add_account(store: Store, id_: str, platform: str | None = None) -> Account:
    """Make the account *id_*, connected to *platform* if that is given.

    Raises:
        ValueError: The id is no `acct_…`, or exists already.
    """
    if not _ACCOUNT.fullmatch(id_):
        raise ValueError(
            f"An account's id begins with 'acct_', before letters and digits: "
            f"{id_[:100]!r}"
        )
    if id_ in store.accounts:
        raise ValueError(f"The sandbox has an account {id_} already.")
    number = 123 + len(store.accounts)
    account = Account(id_, f"sk_test_{number}", f"sk_live_{number}")
    store.accounts[id_] = platform
    store.keys[account.test_key] = Key(account.test_key, id_, livemode=False)
    store.keys[account.live_key] = Key(account.live_key, id_, livemode=True)
    return account


def add_restricted_key(
    store: Store, account: str, permissions: tuple[str, ...], *, livemode: bool
) -> str:
    """Make a restricted key with Stripe's scopes, such as `rak_customer_portal_write`.

    Raises:
        ValueError: The sandbox has no such account, or a scope is spelled unlike one.
    """
    if account not in store.accounts:
        raise ValueError(f"The sandbox has no account {account}.")
    for permission in permissions:
        if not permission.startswith("rak_"):
            raise ValueError(f"A scope begins with 'rak_': {permission!r}")
    count = sum(key.permissions is not None for key in store.keys.values())
    secret = f"rk_{'live' if livemode else 'test'}_{123 + count}"
    store.keys[secret] = Key(secret, account, livemode, permissions)
    return secret


def application_of(account: str) -> str:
    """Return the `ca_…` under which *account* acts for its connected accounts."""
    return "ca_" + alphanumeric(f"application/{account}", 24)


def authenticate(store: Store, authorization: str | None) -> Key:
    """Find the key in the header `Authorization`: Bearer, or the user of Basic.

    Raises:
        StripeError: 401, no key or one that the sandbox does not know.
    """
    secret = _secret(authorization or "")
    if not secret:
        raise StripeError(
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for "
            "details, or we can help at https://support.stripe.com/.",
            Evidence.REPORTED("public code"),
            status=401,
            headers={"WWW-Authenticate": 'Bearer realm="Stripe"'},
        )
    key = store.keys.get(secret)
    if key is None:
        raise StripeError(
            f"Invalid API Key provided: {_mask(secret)}",
            Evidence.OBSERVED("flutter-stripe/flutter_stripe #2171"),
            status=401,
            headers={"WWW-Authenticate": 'Bearer realm="Stripe"'},
        )
    return key


def target_account(store: Store, key: Key, named: str | None) -> str:
    """Tell whose data is meant: the key's, or what `Stripe-Account` has *named*.

    Raises:
        StripeError: 403, the account is unknown or not connected to the key's.
    """
    if not named or named == key.account:
        return key.account
    if store.accounts.get(named) != key.account:
        raise no_access(key, named)
    return named


def no_access(key: Key, account: str) -> StripeError:
    """Tell that *key* does not reach *account*, which may not exist."""
    return StripeError(
        f"The provided key '{_hide(key)}' does not have access to account "
        f"'{account}' (or that account does not exist). Application access may have "
        "been revoked.",
        Evidence.REPORTED(
            "public code, and https://docs.stripe.com/error-codes#account-invalid"
        ),
        code="account_invalid",
        status=403,
    )


def permit(key: Key, permission: str, account: str) -> None:
    """Let a key with *permission* pass.

    Raises:
        StripeError: 403, naming the account and the missing scope.
    """
    if key.allows(permission):
        return
    raise StripeError(
        f"The provided key '{_hide(key)}' does not have the required permissions for "
        f"this endpoint on account '{account}'. Having the '{permission}' permission "
        "would allow this request to continue.",
        Evidence.OBSERVED("restricted keys and the portal"),
        status=403,
    )


def _secret(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(credentials, validate=True).decode()
        except ValueError:
            return ""
        return decoded.partition(":")[0]
    return ""


def _mask(secret: str) -> str:
    """Show the kind of key and its last four characters: `sk_test_****abcd`."""
    kind, mode, rest = (["", "", *secret.split("_", 2)])[-3:]
    head = f"{kind}_{mode}_" if mode else ""
    tail = rest[-4:] if len(rest) > 4 else ""
    return head + "*" * (len(rest) - len(tail)) + tail


def _hide(key: Key) -> str:
    kind, mode, _ = key.secret.split("_", 2)
    return f"{kind}_{mode}_***"
