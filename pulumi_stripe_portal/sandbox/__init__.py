"""
An embedded, stateful, Stripe-compatible server for the customer portal.

Limits first: it knows the resources listed in `sandbox.routes`, in the shape of one
API version, and answers 501 with a name to what Stripe has beyond them. It pays with
test cards alone, bills no usage and no tax, and finalises invoices at once. Rules whose
wording is not known from Stripe are marked `ours` in the header `Sandbox-Evidence`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from .account_controls import AccountControls
from .accounts import Account
from .admin import Admin
from .app import App
from .billing.visits import Mail, Visit, secret_in
from .deliveries import Attempt, Delivery
from .faults import Fault
from .lockfile import LockFile
from .log import Request
from .parts import Parts
from .server import Server
from .store import DataFileError

if TYPE_CHECKING:
    import os

__all__ = [
    "Account",
    "Attempt",
    "DataFileError",
    "Delivery",
    "Fault",
    "Mail",
    "Request",
    "Sandbox",
]


class Sandbox(AccountControls):
    """
    A Stripe of one's own, at `url` while it runs.

    In memory:

        with Sandbox() as sandbox:
            client = sandbox.client()
            client.v1.prices.list({"lookup_keys": ["pro_monthly"]})

    In a file, kept for the next run:

        with Sandbox("stripe.json", port=12111) as sandbox:
            ...

    With other settings than the usual:

        Sandbox(catalogue=False)  # without products and prices
        Sandbox(business="Acme", accent="#635bff")  # as customers see `account`
        Sandbox(older_links=True)  # /p/session/<secret> in place of ?secret=<secret>
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        port: int = 0,
        *,
        catalogue: bool = True,
        older_links: bool = False,
        business: str | None = None,
        accent: str | None = None,
    ) -> None:
        self._path = None if path is None else Path(path).absolute()
        self._port = port
        self._parts = Parts(self._path, catalogue=catalogue, older_links=older_links)
        self._clock, self._store = self._parts.clock, self._parts.store
        given = {"name": business, "primary_color": accent}
        self._branding: Any = {name: it for name, it in given.items() if it}
        self._api = self._parts.api
        self.desk = self._parts.desk
        """Where customers arrive: portal sessions and login pages."""
        self.deliveries = self._parts.deliveries
        """The events on their way to webhook endpoints; see `forward`."""
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
            self._brand()
            app = App(self._api, Admin(self), self.desk)
            self._server = Server(app, self._port, self._clock.now)
            self._parts.origin = self.url
            self._parts.courier.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close the server and its connections; the data file stays."""
        if self._server:
            self._parts.courier.stop()
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
        """
        Move the time *seconds* ahead and return it; it never goes back.

        What falls due on the way happens at its own moment: renewals, ends of trials,
        of pauses and of subscriptions, planned switches, payments tried again.
        """
        with self._store.lock:
            now = self._clock.advance(seconds)
            self._store.offset = self._clock.offset
            self._parts.tick()
            self._store.save()
        self._store.committed()
        return now

    def reset(self) -> None:
        """Make it as new: data, accounts, clock, requests, faults and forwards."""
        with self._store.lock:
            self._store.become(self._parts.fresh())
            self._brand()
            self._clock.offset = 0
            self._api.log.clear()
            self._api.faults.clear()
            self._api.accepted.clear()
            self._parts.forwards.clear()
            self.deliveries.clear()
            self._store.save()

    def forward(self, address: str, target: str) -> None:
        """
        Deliver webhooks for *address*, an origin or URL, to *target* on this machine.

            sandbox.forward("https://test.shop.example.com", "http://127.0.0.1:8000")

        The path stays, unless *target* has one. Without a forward nothing is sent.

        Raises:
            ValueError: one of them is not such an address.
        """
        self._parts.forwards.add(address, target)

    @property
    def forwards(self) -> dict[str, str]:
        """The forwards, by address."""
        return self._parts.forwards.all()

    def visit(self, url: str, cookie: str | None = None) -> Visit:
        """
        Open the link of a portal session, for `billing.visits` to act on.

        A link opens once; `visit.cookie` opens it again.

        Raises:
            LinkExpired: it was opened before, or too late.
        """
        return self.desk.open(secret_in(url), cookie, origin=self.url)

    @property
    def outbox(self) -> list[Mail]:
        """The mails that customers would have got, newest first."""
        return self.desk.outbox.mails()

    def demo(self, *, livemode: bool = False) -> dict[str, str]:
        """Make Ada on Pro and Bob on Basic, unless there are; return ids by name."""
        from .demo import demo

        return demo(self.client(livemode=livemode))

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

    def accept_param(self, path: str, param: str) -> None:
        """
        Accept what Stripe has, and the installed `stripe` package doesn't know yet.

        A new parameter is stored and shown as it is sent, and means nothing here; of a
        known one, any choice is accepted. Until `reset`, or the end of the process.

            configurations = "/v1/billing_portal/configurations"
            sandbox.accept_param(configurations, "features[subscription_cancel][ask]")
            sandbox.accept_param("/v1/webhook_endpoints", "enabled_events")

        Raises:
            ValueError: one of them is not written as Stripe writes it.
        """
        self._api.accepted.add(path, param)

    def _brand(self) -> None:
        known = self._store.branding(self.account)
        self._store.brandings[self.account] = replace(known, **self._branding)
