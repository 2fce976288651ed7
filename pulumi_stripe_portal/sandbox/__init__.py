"""
An embedded, stateful, Stripe-compatible server for the customer portal.

Limits first: it knows the resources listed in `sandbox.routes`, in the shape of one
API version, and answers 501 with a name to what Stripe has beyond them. Rules whose
wording is not known from Stripe are marked `ours` in the header `Sandbox-Evidence`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from . import accounts, catalogue
from .accounts import DEFAULT_ACCOUNT, Account
from .admin import Admin
from .api import Api
from .app import App
from .clock import Clock
from .faults import Fault
from .lockfile import LockFile
from .log import Request
from .routes import payment_method_configurations
from .server import Server
from .store import DataFileError, Partition, Store

if TYPE_CHECKING:
    import os

    import stripe

__all__ = ["Account", "DataFileError", "Fault", "Request", "Sandbox"]


class Sandbox:
    """
    A Stripe of one's own, at `url` while it runs.

    In memory:

        with Sandbox() as sandbox:
            client = sandbox.client()
            client.v1.prices.list({"lookup_keys": ["pro_monthly"]})

    In a file, kept for the next run:

        with Sandbox("stripe.json", port=12111) as sandbox:
            ...

    Without the example's products and prices:

        Sandbox(catalogue=False)
    """

    account = DEFAULT_ACCOUNT
    """The id of the account that the two keys belong to."""
    api_key = "sk_test_123"
    """The test key of that account."""
    live_api_key = "sk_live_123"
    """Its live key. Nothing about it is live."""

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        port: int = 0,
        *,
        catalogue: bool = True,
    ) -> None:
        self._path = None if path is None else Path(path).absolute()
        self._port = port
        self._catalogue = catalogue
        self._clock = Clock()
        self._store = self._fresh()
        self._api = Api(self._store, self._clock)
        self._server: Server | None = None
        self._lock: LockFile | None = None

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """
        Read the data file, if there is one, and answer requests from here on.

        Raises:
            DataFileError: another running sandbox uses the file, or it is no such file.
            OSError: the port is taken.
            RuntimeError: it runs already.
        """
        if self._server is not None:
            raise RuntimeError(f"The sandbox runs already, at {self.url}.")
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = LockFile(self._path)
        try:
            self._store.load()
            self._clock.offset = self._store.offset
            self._server = Server(App(self._api, Admin(self)), self._port)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close the server and its connections; the data file stays."""
        if self._server:
            self._server.stop()
        if self._lock:
            self._lock.release()
        self._server = self._lock = None

    @property
    def url(self) -> str:
        """
        Where it answers, as `http://127.0.0.1:54321`.

        Raises:
            RuntimeError: it does not run.
        """
        if self._server is None:
            raise RuntimeError("The sandbox is not running: use `with Sandbox() as …`.")
        return self._server.url

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables that point a program at it, with the test key."""
        return {"STRIPE_API_BASE": self.url, "STRIPE_API_KEY": self.api_key}

    @property
    def requests(self) -> list[Request]:
        """The requests to `/v1` since the start or the last `clear_requests`."""
        return self._api.log.all()

    def count(self, method: str) -> int:
        """How many of the `requests` had the method `GET`, `POST` or `DELETE`."""
        return self._api.log.counts()[method]

    def clear_requests(self) -> None:
        """Forget the requests so far, and nothing else."""
        self._api.log.clear()

    @property
    def now(self) -> int:
        """The sandbox's time, in seconds since the Unix epoch."""
        return self._clock.now()

    def advance(self, seconds: int) -> int:
        """Move the time *seconds* ahead and return it; it never goes back."""
        with self._store.lock:
            now = self._clock.advance(seconds)
            self._store.offset = self._clock.offset
            self._store.save()
        return now

    def reset(self) -> None:
        """Make it as new: data, accounts, clock, requests and faults."""
        with self._store.lock:
            self._store.become(self._fresh())
            self._clock.offset = 0
            self._api.log.clear()
            self._api.faults.clear()
            self._store.save()

    def fail(self, method: str = "*", path: str = "*", **fault: Any) -> None:
        """
        Lay a fault in wait; see `Fault` for what can go wrong.

            sandbox.fail("POST", "/v1/billing_portal/*", status=500)
            sandbox.fail("POST", cut=True, when="after")
            sandbox.fail(status=429, retry_after=1, times=2)
            sandbox.fail("GET", latency=0.5, nth=3)

        Raises:
            ValueError, TypeError: it is not a fault.
        """
        self._api.faults.add(Fault(method=method, path=path, **fault))

    def add_account(self, id: str) -> Account:
        """Make another account, with data and keys of its own."""
        return self._add_account(id, platform=None)

    def connect(self, id: str) -> Account:
        """Make an account connected to `account`: its keys reach it by header."""
        return self._add_account(id, platform=self.account)

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
        """Stripe's own client, pointed here."""
        import stripe

        return stripe.StripeClient(
            self.live_api_key if livemode else self.api_key,
            stripe_account=stripe_account,
            base_addresses={"api": self.url},
        )

    def _add_account(self, id_: str, platform: str | None) -> Account:
        with self._store.lock:
            account = accounts.add_account(self._store, id_, platform)
            self._store.save()
        return account

    def _fresh(self) -> Store:
        store = Store(self._path, self._seed)
        accounts.add_account(store, self.account)
        return store

    def _seed(self, store: Store, partition: Partition) -> None:
        payment_method_configurations.seed(store, partition)
        if self._catalogue:
            catalogue.seed(partition, self._clock.now())
