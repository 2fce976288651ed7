"""Where customers arrive: the links of sessions, and the login pages."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping

from pulumi_stripe_portal.sandbox.billing.clock_of import in_time_of
from pulumi_stripe_portal.sandbox.billing.due_events import DueEvents
from pulumi_stripe_portal.sandbox.data.clock import Clock
from pulumi_stripe_portal.sandbox.data.store import Json, Partition, Store
from pulumi_stripe_portal.sandbox.objects.resource import Context, Resource

from .brand_images import file_of
from .login import LoginPage
from .open_invoice import OpenInvoice
from .open_session import OpenSession, branding
from .outbox import Outbox
from .portal_errors import LinkExpired, PageGone

__all__ = ["LINK_LIFE", "PortalSessions", "secret_in"]

LINK_LIFE = _IDLE = 60 * 60
"""
Seconds that a link waits to be opened, and a session for its next request.

A link waits an hour to be opened, and an open session an hour for its next request
[OURS: it is documented only that sessions are short-lived, and reports differ].
"""

_NOTED = 60
"""Seconds after which it is written down again that a session is in use."""

_SESSION = "billing_portal.session"


def secret_in(url: str) -> str:
    """Return the secret of a session's link, in either of its shapes."""
    return url.rpartition("secret=")[2].rpartition("/")[2]


class PortalSessions:
    """Opens sessions: a link once, for one browser."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        resources: Mapping[str, Resource],
        due_events: DueEvents,
        link_life: int = LINK_LIFE,
    ) -> None:
        """Take the data, the time, the resources, and what lets time pass.

        A link waits *link_life* seconds to be opened.
        """
        self.link_life = link_life
        self._store = store
        self._clock = clock
        self._resources = resources
        self._due_events = due_events
        self.outbox = Outbox(store)
        """The mails that customers would have got."""

    def open(self, secret: str, cookie: str | None, *, origin: str) -> OpenSession:
        """Open the session behind *secret*, for the browser that brings its *cookie*.

        The first browser to come is the one. Call it for each request, as it counts as
        activity. *origin* is where the sandbox answers that browser.

        Raises:
            LinkExpired: It is another browser, or too late, or there is no session.
        """
        self._due_events.catch_up(origin)
        with self._store.lock:
            partition, session = self._session(secret)
            context = self._context(partition, origin)
            now = self._clock.now()
            if self._is_expired(session, cookie, now) or self._is_orphaned(
                context, session
            ):
                raise self._refusal(context, session)
            seen = {**session, "seen": now}
            if session["opened"] is None:
                seen |= {"opened": now, "browser": secrets.token_urlsafe(24)}
            if session["opened"] is None or now - session["seen"] >= _NOTED:
                with self._store.transaction(partition):
                    partition.put(seen)
                    self._store.save()
            customer = context.get("customer", session["customer"])
            there = in_time_of(context, customer)
            return OpenSession(there, session["id"], seen["browser"])

    def login_page(self, token: str, *, origin: str) -> LoginPage:
        """Return the shareable login page whose link ends in *token*.

        Raises:
            PageGone: There is none, or its configuration has it disabled.
        """
        self._due_events.catch_up(origin)
        with self._store.lock:
            for partition in self._store.partitions():
                for each in partition.all("billing_portal.configuration"):
                    url = each["login_page"]["url"] or ""
                    if each["active"] and token and url.endswith(f"/p/login/{token}"):
                        return LoginPage(self._context(partition, origin), each)
        raise PageGone

    def recovery(self, secret: str, *, origin: str) -> LoginPage:
        """Return the page on which the customer of an expired session signs in again.

        Raises:
            PageGone: The session does not allow that, or no longer.
        """
        with self._store.lock:
            try:
                partition, session = self._session(secret)
            except LinkExpired:
                raise PageGone from None
            context = self._context(partition, origin)
            if self._is_orphaned(context, session) or not self._is_recoverable(session):
                raise PageGone
            kind = "billing_portal.configuration"
            configuration = context.get(kind, session["configuration"])
            return LoginPage(context, configuration, session)

    def contexts(self, origin: str) -> list[Context]:
        """Return the places of all accounts and modes, for links that name none."""
        self._due_events.catch_up(origin)
        with self._store.lock:
            return [self._context(each, origin) for each in self._store.partitions()]

    def invoice(self, account: str, secret: str, *, origin: str) -> OpenInvoice:
        """Find the invoice behind a link.

        Raises:
            PageGone: There is none.
        """
        self._due_events.catch_up(origin)
        with self._store.lock:
            for partition in self._store.partitions():
                if partition.account != account:
                    continue
                for each in partition.all("invoice"):
                    if hmac.compare_digest(each["secret"].encode(), secret.encode()):
                        context = in_time_of(self._context(partition, origin), each)
                        return OpenInvoice(context, each["id"])
        raise PageGone

    def file(self, id_: str) -> tuple[str, bytes] | None:
        """Return the media type and the content of a company's logo or icon."""
        with self._store.lock:
            return file_of(self._store, id_)

    def _session(self, secret: str) -> tuple[Partition, Json]:
        for partition, session in self._sessions():
            if hmac.compare_digest(session["secret"].encode(), secret.encode()):
                return partition, session
        raise LinkExpired

    def _sessions(self) -> Iterator[tuple[Partition, Json]]:
        for partition in self._store.partitions():
            for session in partition.all(_SESSION):
                yield partition, session

    def _is_expired(self, session: Json, cookie: str | None, now: int) -> bool:
        if session["opened"] is None:
            return bool(now >= session["created"] + self.link_life)
        given = (cookie or "").encode()
        same = hmac.compare_digest(session["browser"].encode(), given)
        return not same or now >= session["seen"] + _IDLE

    def _is_orphaned(self, context: Context, session: Json) -> bool:
        customer = context.partition.get("customer", session["customer"]) or {}
        return bool(customer.get("deleted", not customer))

    def _refusal(self, context: Context, session: Json) -> LinkExpired:
        return LinkExpired(
            recoverable=self._is_recoverable(session)
            and not self._is_orphaned(context, session),
            return_url=session["return_url"],
            branding=branding(context, session),
        )

    def _is_recoverable(self, session: Json) -> bool:
        after = session["after_expiration"]
        if after is None:
            return False
        until = after["customer_login"]["expires_at"]
        return until is None or self._clock.now() < until

    def _context(self, partition: Partition, origin: str) -> Context:
        return Context(
            store=self._store,
            clock=self._clock,
            partition=partition,
            resources=self._resources,
            origin=origin,
        )
