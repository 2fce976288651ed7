"""The sandbox's accounts and keys, as tests make and use them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import accounts
from .accounts import DEFAULT_ACCOUNT, Account
from .client import client_of

if TYPE_CHECKING:
    import stripe

    from .store import Store

__all__ = ["AccountControls"]


class AccountControls:
    """The part of `Sandbox` that accounts and their keys are."""

    account = DEFAULT_ACCOUNT
    """The id of the account that the two keys belong to."""
    api_key = "sk_test_123"
    """The test key of that account."""
    live_api_key = "sk_live_123"
    """Its live key. Nothing about it is live."""

    _store: Store

    @property
    def url(self) -> str:
        """Where the sandbox answers."""
        raise NotImplementedError

    def add_account(self, id: str) -> Account:
        """Make another account, with data and keys of its own."""
        return self._add_account(id, platform=None)

    def connect(self, id: str) -> Account:
        """Make an account connected to `account`: its keys reach it by header."""
        return self._add_account(id, platform=self.account)

    @property
    def connected(self) -> list[str]:
        """The ids of the accounts that are connected to `account`."""
        with self._store.lock:
            known = self._store.accounts.items()
            return [id_ for id_, platform in known if platform == self.account]

    def restricted_key(
        self,
        *,
        livemode: bool = False,
        permissions: Iterable[str] = (),
        account: str = DEFAULT_ACCOUNT,
    ) -> str:
        """Make a key with only *permissions*, such as `rak_customer_portal_write`."""
        with self._store.lock:
            key = accounts.add_restricted_key(
                self._store, account, tuple(permissions), livemode=livemode
            )
            self._store.save()
        return key

    def client(
        self, *, livemode: bool = False, stripe_account: str | None = None
    ) -> stripe.StripeClient:
        """Stripe's own client, pointed here, past every proxy."""
        key = self.live_api_key if livemode else self.api_key
        return client_of(self.url, key, stripe_account)

    def _add_account(self, id_: str, platform: str | None) -> Account:
        with self._store.lock:
            account = accounts.add_account(self._store, id_, platform)
            self._store.save()
        return account
