"""What is set up for a sandbox, whether it runs or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .assembly import Assembly
from .data import accounts
from .data.accounts import DEFAULT_ACCOUNT, Account
from .http.faults import Fault

__all__ = ["Setup"]


class Setup:
    """Accounts and keys, forwards, faults, and what is newer than the sandbox."""

    account = DEFAULT_ACCOUNT
    """The id of the account that the two keys belong to."""
    api_key = "sk_test_123"
    """The test key of that account."""
    live_api_key = "sk_live_123"
    """Its live key. Nothing about it is live."""

    def __init__(self, assembly: Assembly) -> None:
        """Set up what a sandbox is made of."""
        self._assembly = assembly

    def add_account(self, id: str) -> Account:
        """Make another account, with data and keys of its own.

        Args:
            id: Its id, `acct_…`.

        Raises:
            ValueError: The id does not begin with `acct_`, or exists already.
            RuntimeError: It keeps its data in a file, and isn't running.
        """
        return self._add_account(id, platform=None)

    def connect(self, id: str) -> Account:
        """Make an account connected to `account`, whose keys reach it by header.

        https://docs.stripe.com/connect/authentication

        Args:
            id: Its id, `acct_…`, which the header `Stripe-Account` carries.

        Returns:
            The account, which has keys of its own as well.

        Raises:
            ValueError: The id does not begin with `acct_`, or exists already.
            RuntimeError: It keeps its data in a file, and isn't running.
        """
        return self._add_account(id, platform=self.account)

    @property
    def connected(self) -> list[str]:
        """The ids of the accounts that are connected to `account`."""
        with self._assembly.store.lock:
            known = self._assembly.store.accounts.items()
            return [id_ for id_, platform in known if platform == self.account]

    def restricted_key(
        self,
        *,
        livemode: bool = False,
        permissions: Iterable[str] = (),
        account: str = DEFAULT_ACCOUNT,
    ) -> str:
        """Make a restricted key.

        https://docs.stripe.com/keys/restricted-api-keys

        Args:
            livemode: Whether it is of the account's live mode.
            permissions: The scopes that it has, such as `rak_customer_portal_write`; a
                request that needs another one is answered with 403.
            account: The id of the account that it belongs to.

        Returns:
            The key, `rk_test_…` or `rk_live_…`.

        Raises:
            ValueError: There is no such account, or a scope is spelled unlike one.
            RuntimeError: It keeps its data in a file, and isn't running.
        """
        self._require_open()
        with self._assembly.store.lock:
            key = accounts.add_restricted_key(
                self._assembly.store, account, tuple(permissions), livemode=livemode
            )
            self._assembly.store.save()
        return key

    def forward(self, address: str, target: str) -> None:
        """Deliver webhooks for a public address to one on this machine.

            sandbox.forward("https://test.shop.example.com", "http://127.0.0.1:8000")

        Without a forward nothing is sent.

        Args:
            address: The origin of an endpoint's `url`, or the whole of it; the longest
                one that fits decides.
            target: Where deliveries go, `http://127.0.0.1…` or `http://localhost…`. The
                path of the endpoint's `url` stays, unless this has one of its own.

        Raises:
            ValueError: One of them is not such an address.
        """
        self._assembly.forwards.add(address, target)

    @property
    def forwards(self) -> dict[str, str]:
        """The forwards, by address."""
        return self._assembly.forwards.all()

    def fail(self, method: str = "*", path: str = "*", **fault: Any) -> None:
        """Lay a fault in wait; see `Fault` for what can go wrong.

            sandbox.fail("POST", "/v1/billing_portal/*", status=500)
            sandbox.fail("POST", cut=True, when="after")
            sandbox.fail(status=429, retry_after=1, times=2)
            sandbox.fail("GET", latency=0.5, nth=3)

        Args:
            method: The method that it strikes, `*` for any.
            path: The path that it strikes, with `*` for any characters.
            **fault: The other attributes of `Fault`, of which it needs `latency`
                (seconds), `status` or `cut`.

        Raises:
            ValueError: Nothing would go wrong, or a value is not one of a fault.
            TypeError: A fault has no such attribute.
        """
        self._assembly.api.faults.add(Fault(method=method, path=path, **fault))

    def clear_faults(self) -> None:
        """Take back the faults that are still in wait."""
        self._assembly.api.faults.clear()

    def limit_requests(self, per_second: int | None) -> None:
        """Answer 429 to what comes too fast, as Stripe does.

        Its limits: https://docs.stripe.com/rate-limits (25 in test mode).

        Args:
            per_second: The requests with one API key that are answered within any
                second; None for no limit, as at the beginning.

        Raises:
            ValueError: It is less than 1.
        """
        if per_second is not None and per_second < 1:
            raise ValueError("A limit is one request a second at least, or None.")
        self._assembly.api.rate_limit.per_second = per_second

    def accept_param(self, path: str, param: str) -> None:
        """Accept what Stripe has, and the installed `stripe` package doesn't know yet.

        A new parameter is stored and shown as it is sent, and means nothing here; of a
        known one, any choice is accepted. Until `reset`, or the end of the process.

            configurations = "/v1/billing_portal/configurations"
            sandbox.accept_param(configurations, "features[subscription_cancel][ask]")
            sandbox.accept_param("/v1/webhook_endpoints", "enabled_events")

        Args:
            path: The path of the collection, as `/v1/webhook_endpoints`.
            param: The parameter in Stripe's form encoding, as `features[new][on]`.

        Raises:
            ValueError: One of them is not written as Stripe writes it.
        """
        self._assembly.api.accepted.add(path, param)

    def _require_open(self) -> None:
        """Raise RuntimeError where the data file, which decides, is not read yet."""
        if not self._assembly.store.is_open:
            raise RuntimeError("Start the sandbox first: what it has is in its file.")

    def _add_account(self, id_: str, platform: str | None) -> Account:
        self._require_open()
        with self._assembly.store.lock:
            account = accounts.add_account(self._assembly.store, id_, platform)
            self._assembly.store.save()
        return account
