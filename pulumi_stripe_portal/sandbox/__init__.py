"""An embedded, stateful, Stripe-compatible server for the customer portal.

Limits first: it is for the subscriptions of a SaaS, from the first checkout to the last
invoice, in the shape of one API version; what Stripe has beyond `sandbox.routes` is a
501 with a name. It pays with test cards alone, and bills no usage. Each
refusal says in the header `Sandbox-Evidence` where it is known from (`evidence`).

May import nothing else of this package: it shares no code with what it is used to test.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .assembly import Assembly
from .client import client_of
from .data.accounts import Account
from .data.datafile import DataFileError
from .data.lockfile import lock
from .http.admin import Admin
from .http.app import App
from .http.faults import Fault
from .http.log import Request
from .http.server import Server
from .portal_session import LINK_LIFE, Mail, OpenSession, secret_in
from .setup import Setup
from .webhooks import Attempt, Delivery

if TYPE_CHECKING:
    import os

    import stripe
    from filelock import BaseFileLock

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


class Sandbox(Setup):
    """A Stripe of one's own, at `url` while it runs.

    In memory:

        with Sandbox() as sandbox:
            client = sandbox.client()
            client.v1.prices.list({"lookup_keys": ["pro_monthly"]})

    In a file, kept for the next run:

        with Sandbox("stripe.json", port=12111) as sandbox:
            ...

    With other settings than the usual:

        Sandbox(catalogue=False)  # without products and prices
        Sandbox(link_life=300)  # five minutes to open a portal link, not an hour
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
        link_life: int = LINK_LIFE,
        business: str | None = None,
        accent: str | None = None,
    ) -> None:
        """Prepare a sandbox; nothing is read or served before `start`.

        Args:
            path: The JSON file that keeps the data from run to run, made where there is
                none; None keeps them in memory. Only one sandbox at a time may have it.
            port: The port on 127.0.0.1, 0 for any that is free.
            catalogue: Whether each account starts with products and prices, of the
                lookup keys `basic_monthly`, `basic_annual`, `pro_monthly`, ….
            older_links: Whether portal links have Stripe's older shape,
                `/p/session/<secret>` in place of `?secret=<secret>`.
            link_life: How many seconds a portal link waits to be opened.
            business: The name that customers of `account` see in the portal.
            accent: The colour of its buttons there, as `#635bff`.
        """
        self._path = None if path is None else Path(path).resolve()
        self._port = port
        links: Any = {"older_links": older_links, "link_life": link_life}
        assembly = Assembly(self._path, catalogue=catalogue, **links)
        super().__init__(assembly)
        self._clock, self._store, self._api = assembly.parts
        self._branding: Any = {"name": business, "primary_color": accent}
        self.portal_sessions = self._assembly.portal_sessions
        """Where customers arrive: portal sessions and login pages."""
        self.deliveries = self._assembly.deliveries
        """The events on their way to webhook endpoints; see `forward`."""
        self._server: Server | None = None
        self._lock: BaseFileLock | None = None

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Read the data file, if there is one, and answer requests from here on.

        Raises:
            DataFileError: Another running sandbox uses the file, or it is no such file.
            OSError: The port is taken.
            RuntimeError: It runs already.
        """
        if self._server is not None:
            raise RuntimeError(f"The sandbox runs already, at {self.url}.")
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = lock(self._path)
        try:
            self._store.load()
            self._clock.offset = self._store.offset
            self._brand()
            app = App(self._api, Admin(self), self.portal_sessions)
            now, usual = self._clock.now, self._store.port
            self._server = Server(app, self._port, now, usual=usual)
            self._store.port = self._server.port
            self._assembly.origin = self.url
            self._assembly.sender.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close the server and its connections; the data file stays."""
        if self._server:
            self._assembly.sender.stop()
            with self._api.faults.without_delay():
                self._server.stop()
        self._store.close()
        if self._lock:
            self._lock.release()
        self._server = self._lock = None

    @property
    def url(self) -> str:
        """Where it answers, as `http://127.0.0.1:54321`.

        Raises:
            RuntimeError: It does not run.
        """
        if self._server is None:
            raise RuntimeError("The sandbox is not running: use `with Sandbox() as …`.")
        return self._server.url

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables that point a program at it, with the test key.

        They are `STRIPE_API_BASE` and `STRIPE_API_KEY`.

        Raises:
            RuntimeError: It does not run.
        """
        return {"STRIPE_API_BASE": self.url, "STRIPE_API_KEY": self.api_key}

    @property
    def requests(self) -> list[Request]:
        """The newest 10,000 requests to `/v1` since the start or `clear_requests`."""
        return self._api.log.all()

    def count(self, method: str) -> int:
        """Count those of the `requests` that had a method.

        Args:
            method: `GET`, `POST` or `DELETE`.
        """
        return self._api.log.counts()[method]

    def clear_requests(self) -> None:
        """Forget the requests so far, and nothing else."""
        self._api.log.clear()

    @property
    def now(self) -> int:
        """The sandbox's time, in seconds since the Unix epoch."""
        return self._clock.now()

    def advance(self, seconds: int) -> int:
        """Move the time ahead; it never goes back.

        What falls due on the way happens at its own moment: renewals, ends of trials,
        of pauses and of subscriptions, planned switches, payments tried again.
        Customers with a test clock have its time, which Stripe's own API moves:
        https://docs.stripe.com/billing/testing/test-clocks

        Args:
            seconds: How far, in seconds: `31 * 86400` for a month.

        Returns:
            The sandbox's time, in seconds since the Unix epoch.

        Raises:
            TypeError: *seconds* is no whole number.
            ValueError: It would go back, ten years at once, or beyond the year 2099.
            DataFileError: It has moved, and that can't be written to the data file.
        """
        with self._store.lock:
            now = self._clock.advance(seconds)
            self._store.offset = self._clock.offset
            self._assembly.tick()
            self._store.save()
        self._store.on_commit()
        return now

    def reset(self) -> None:
        """Make it as new: data, accounts, clock, requests, faults and forwards.

        What was given when it was made stays; what `accept_param` accepted goes.
        """
        with self._store.lock:
            self._store.become(self._assembly.fresh())
            self._brand()
            self._clock.offset = 0
            self._api.log.clear()
            self._api.clear_faults()
            self._api.accepted.clear()
            self._assembly.forwards.clear()
            self.deliveries.clear()
            self._store.save()

    def open_session(self, url: str, cookie: str | None = None) -> OpenSession:
        """Open the link of a portal session, for `portal_session` to act on.

        A link opens once; the `cookie` of what is returned opens it again.

        Args:
            url: The `url` of a session, as `billing_portal.sessions.create` returns it.
                https://docs.stripe.com/api/customer_portal/sessions/object
            cookie: What it had when it was opened before, None for a new browser.

        Returns:
            What the customer sees, read anew at each access.

        Raises:
            LinkExpired: It was opened before by another browser, or too late, or there
                is no such session.
        """
        return self.portal_sessions.open(secret_in(url), cookie, origin=self.url)

    @property
    def outbox(self) -> list[Mail]:
        """The mails that customers would have got, newest first."""
        return self.portal_sessions.outbox.mails()

    def demo(self, *, livemode: bool = False) -> dict[str, str]:
        """Make Ada on Pro and Bob on Basic, unless they are there.

        Args:
            livemode: Whether in the account's live mode instead of its test mode.

        Returns:
            The ids of `ada`, `ada_subscription`, `bob` and `bob_subscription`.

        Raises:
            RuntimeError: It does not run.
        """
        from .demo import demo

        return demo(self.client(livemode=livemode))

    def client(
        self, *, livemode: bool = False, stripe_account: str | None = None
    ) -> stripe.StripeClient:
        """Make Stripe's own client, pointed here, past every proxy.

        Args:
            livemode: Whether with the live key instead of the test key.
            stripe_account: The connected account (`acct_…`) that all requests are for.

        Raises:
            RuntimeError: It does not run.
        """
        key = self.live_api_key if livemode else self.api_key
        return client_of(self.url, key, stripe_account)

    def _brand(self) -> None:
        known = self._store.branding(self.account)
        given = {name: it for name, it in self._branding.items() if it}
        self._store.brandings[self.account] = replace(known, **given)
