"""The only module that asks Stripe for anything; has the caches of a process too.

`import stripe` costs more than an unchanged `pulumi up`: it waits for a first request.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.errors import OtherAccount, RequestRefused, SettingsError
from pulumi_stripe_portal.schema.resources import Kind
from pulumi_stripe_portal.stripe_api import retries
from pulumi_stripe_portal.stripe_api.answers import (
    NotStripe,
    check_deleted,
    check_object,
    check_page,
)
from pulumi_stripe_portal.stripe_api.clock import Clock
from pulumi_stripe_portal.stripe_api.keys import is_organization_key
from pulumi_stripe_portal.stripe_api.refusals import refusal
from pulumi_stripe_portal.stripe_api.settings import Settings
from pulumi_stripe_portal.stripe_api.shared_limit import limit_of

if TYPE_CHECKING:
    import stripe

    from pulumi_stripe_portal.stripe_api.transport import Transport

T = TypeVar("T")

__all__ = ["API_VERSION", "Connection"]

API_VERSION = "2026-10-28.endive"
"""The API version that every request carries; that of stripe 16.1."""


class Connection:
    """Stripe, as one account and mode of one process sees it."""

    _all: dict[tuple[Settings, str | None], Connection] = {}  # noqa: RUF012
    _all_lock = threading.Lock()

    @classmethod
    def to(cls, settings: Settings, account: object) -> Connection:
        """Return the one of this process; an account is a text, or there is none."""
        named = account if isinstance(account, str) else None
        key = (settings, named or settings.account)
        with cls._all_lock:
            return cls._all.setdefault(key, cls(*key))

    def __init__(self, settings: Settings, account: str | None) -> None:
        """Take the settings, and the connected account that requests are for."""
        self.settings = settings
        self.account = account
        self.lock = threading.RLock()
        self._account_id: str | None = None
        self._clock = Clock(settings.api_base)
        self._shared: dict[str, Any] = {}
        self._client: stripe.StripeClient | None = None
        self._transport: Transport | None = None
        # Nothing is waited for under it: `lock` may be held through a whole request.
        self._client_lock = threading.Lock()

    def share(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` made for this name; one for all of the process."""
        with self.lock:
            if name not in self._shared:
                self._shared[name] = make()
            found: T = self._shared[name]
            return found

    def forget(self, name: str) -> None:
        """Have what was made for this name made again."""
        with self.lock:
            self._shared.pop(name, None)

    @property
    def client(self) -> stripe.StripeClient:
        """The client; made, and the key asked for, at the first request."""
        with self._client_lock:
            if self._client is None:
                self._client = self._make_client()
            return self._client

    def _make_client(self) -> stripe.StripeClient:
        key = self.settings.require_key()
        if is_organization_key(key) and not self.account:
            raise SettingsError(
                "the key is an organisation's, which says nothing about the account; "
                "name it with `pulumi config set stripe-portal:account acct_…`, or "
                "give a key of the account itself. Nothing was sent"
            )
        import stripe

        from pulumi_stripe_portal.stripe_api.transport import Transport

        self._transport = Transport(retries.ONE_TRY)
        # Retries are ours: the package's own know neither 429 nor Retry-After.
        return stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses={"api": self.settings.api_base},
            http_client=self._transport,
            max_network_retries=0,
        )

    def create(self, kind: Kind, params: Mapping[str, Any]) -> dict[str, Any]:
        """Create an object and return it, expanded."""
        return self._object(kind, "create", params=params)

    def update(self, kind: Kind, id_: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Update an object and return it, expanded."""
        return self._object(kind, "update", id_, params=params)

    def retrieve(self, kind: Kind, id_: str) -> dict[str, Any]:
        """Return an object, expanded."""
        return self._object(kind, "retrieve", id_)

    def delete(self, kind: Kind, id_: str) -> None:
        """Delete an object (webhook endpoints; configurations have no delete)."""
        self._call(
            self._service(kind).delete,
            id_,
            check=lambda found: check_deleted(found, id_),
        )

    def list_all(
        self, kind: Kind, filters: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield all objects that match, newest first, 100 a request."""
        expand = [f"data.{path}" for path in kind.expand]
        method = self._service(kind).list
        yield from self.pages(method, filters, expand, kind=kind.object)

    def pages(
        self,
        method: Callable[..., Any],
        filters: Mapping[str, Any] | None = None,
        expand: list[str] | None = None,
        kind: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield what a list method returns, page by page."""
        params: dict[str, Any] = {"limit": 100, **(filters or {})}
        if expand:
            params["expand"] = expand
        seen: set[str] = set()

        def check(page: Any) -> None:
            check_page(page, kind, expand or (), seen)

        while True:
            page = self._call(method, params=params, check=check)
            for found in page["data"]:
                self._check_mode(found)
                seen.add(found["id"])
                yield found
            if not page["has_more"]:
                return
            params["starting_after"] = page["data"][-1]["id"]

    def find(self, method: Callable[..., Any], id_: str) -> dict[str, Any] | None:
        """Return what a retrieve method finds, None where Stripe has no such object."""
        try:
            found: dict[str, Any] = self._call(
                method, id_, check=lambda found: check_object(found, id_=id_)
            )
        except RequestRefused as refused:
            if refused.code == "resource_missing":
                return None
            raise
        self._check_mode(found)
        return found

    def account_id(self) -> str | None:
        """Return the id of the account that requests reach, None if it can't be told.

        A restricted key may not read the account, but the refusal names it.
        """
        with self.lock:
            if self._account_id is None:
                ask = self.client.v1.accounts.retrieve_current
                try:
                    found = self._call(
                        ask, check=lambda found: check_object(found, "account")
                    )
                    self._account_id = found["id"]
                except RequestRefused as refused:
                    named = re.search(r"\bacct_\w+", str(refused))
                    if not refused.lacks_permission:
                        raise
                    self._account_id = named.group() if named else None
            return self._account_id

    def _service(self, kind: Kind) -> Any:
        service: Any = self.client.v1
        for name in kind.service.split("."):
            service = getattr(service, name)
        return service

    def _object(
        self, kind: Kind, verb: str, *args: str, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        sent = dict(params or {})
        if kind.expand:
            sent["expand"] = list(kind.expand)
        method = getattr(self._service(kind), verb)

        def check(found: Any) -> None:
            check_object(found, kind.object, *args)

        found: dict[str, Any] = self._call(method, *args, params=sent, check=check)
        self._check_mode(found)
        return found

    def _check_mode(self, found: Mapping[str, Any]) -> None:
        if found.get("livemode", self.settings.livemode) != self.settings.livemode:
            other = "live" if found["livemode"] else "test"
            raise OtherAccount(
                f"Stripe answered with an object of {other} mode, but the stack's "
                f"mode is {self.settings.mode}; the key is of the other mode"
            )

    def _call(
        self,
        method: Callable[..., Any],
        *args: Any,
        check: Callable[[Any], None],
        **named: Any,
    ) -> Any:
        """Make one request, again where Stripe or the network asks for it."""
        import stripe

        others = ("list", "retrieve", "retrieve_current", "delete")
        key, post = self.settings.require_key(), method.__name__ not in others
        options = retries.request_options(key, self.account, post=post)
        patience = retries.Patience(limit_of(self.settings))

        def question() -> Any:
            answer = self._ask(method, args, options, named)
            found = answer.to_dict()
            check(found)
            self._clock.take(answer)
            return found

        def require_engine() -> None:
            # Nobody would know of what is written for an engine that was killed, and
            # the next run may be looking already for what this one has left.
            if post and engine.door().is_gone():
                raise RequestRefused("Pulumi's engine has ended; nothing was sent")

        try:
            return patience.persist(question, require_engine)
        except (stripe.StripeError, NotStripe) as error:
            raise refusal(error, self.settings, str(patience)) from None

    def _ask(
        self,
        method: Callable[..., Any],
        args: tuple[Any, ...],
        options: Mapping[str, Any],
        named: Mapping[str, Any],
    ) -> Any:
        """Make one request through the `stripe` package, which believes any answer."""
        import stripe

        try:
            return method(*args, options=options, **named)
        except (stripe.StripeError, NotStripe):
            raise
        except Exception:
            if self._transport is None or not self._transport.has_answered:
                raise
            raise NotStripe("an object with fields of another type") from None

    def now(self) -> float:
        """Return the time by Stripe's clock, as its last answer told it."""
        return time.time() + self.ahead

    @property
    def ahead(self) -> float:
        """How far Stripe's clock is ahead of the local one (seconds)."""
        return self._clock.ahead
