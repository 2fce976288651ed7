"""The only module that talks to Stripe: requests, retries, errors, per-process caches.

`import stripe` costs more than a whole unchanged `pulumi up` of ours, so it waits for
the first request.
"""

from __future__ import annotations

import functools
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from . import _engine
from ._remedies import remedy
from ._settings import Settings
from .errors import OtherAccount, RequestRefused

if TYPE_CHECKING:
    import stripe

T = TypeVar("T")

__all__ = ["API_VERSION", "CONFIGURATIONS", "WEBHOOK_ENDPOINTS", "Connection", "Kind"]

API_VERSION = "2026-10-28.endive"
"""The API version that every request carries; that of stripe 16.1."""

_TRIES = 6
_LONGEST_WAIT = 20.0  # seconds


@dataclass(frozen=True)
class Kind:
    """A kind of object at Stripe, and how it is asked for."""

    noun: str
    """What Stripe calls one, e.g. `portal configuration`."""
    prefix: str
    """What its ids begin with."""
    service: str
    """The attribute path of its service in `StripeClient.v1`."""
    expand: tuple[str, ...] = ()
    """What Stripe returns only when it is asked to."""
    can_be_inactive: bool = False
    """Whether objects are deactivated rather than deleted, and lists filter by it."""


# Products are write-only unless expanded, on every verb:
# https://github.com/stripe/terraform-provider-stripe/issues/53
CONFIGURATIONS = Kind(
    "portal configuration",
    "bpc_",
    "billing_portal.configurations",
    ("features.subscription_update.products",),
    can_be_inactive=True,
)
WEBHOOK_ENDPOINTS = Kind("webhook endpoint", "we_", "webhook_endpoints")


class Connection:
    """Stripe, as one account and mode of one process sees it."""

    _all: dict[tuple[Settings, str | None], Connection] = {}  # noqa: RUF012
    _all_lock = threading.Lock()

    @classmethod
    def to(cls, settings: Settings, account: str | None) -> Connection:
        """Return the connection for these settings and connected account.

        There is one in a process, so that its caches serve every resource.
        """
        key = (settings, account or settings.account)
        with cls._all_lock:
            return cls._all.setdefault(key, cls(*key))

    def __init__(self, settings: Settings, account: str | None) -> None:
        self.settings = settings
        self.account = account
        self.lock = threading.RLock()
        self._account_id: str | None = None
        self.ahead = 0.0
        """How far Stripe's clock is ahead of the local one (seconds)."""
        self._shared: dict[str, Any] = {}

    def shared(self, name: str, make: Callable[[], T]) -> T:
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

    @functools.cached_property
    def client(self) -> stripe.StripeClient:
        """The client; made, and the key asked for, at the first request."""
        key = self.settings.require_key()
        import stripe

        # Retries are ours: the package's own know neither 429 nor Retry-After.
        return stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses={"api": self.settings.api_base},
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
        self._call(self._service(kind).delete, id_)

    def list_all(
        self, kind: Kind, filters: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield all objects that match, newest first, 100 a request."""
        expand = [f"data.{path}" for path in kind.expand]
        yield from self.pages(self._service(kind).list, filters, expand)

    def pages(
        self,
        method: Callable[..., Any],
        filters: Mapping[str, Any] | None = None,
        expand: list[str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield what a list method returns, page by page."""
        params: dict[str, Any] = {"limit": 100, **(filters or {})}
        if expand:
            params["expand"] = expand
        while True:
            page = self._call(method, params=params)
            for found in page["data"]:
                self._check_mode(found)
                yield found
            if not page["has_more"] or not page["data"]:
                return
            params["starting_after"] = page["data"][-1]["id"]

    def find(self, method: Callable[..., Any], id_: str) -> dict[str, Any] | None:
        """Return what a retrieve method finds, None where Stripe has no such object."""
        try:
            found: dict[str, Any] = self._call(method, id_)
        except RequestRefused as refused:
            if refused.code == "resource_missing":
                return None
            raise
        return found

    def account_id(self) -> str | None:
        """Return the id of the account that requests reach, None if it can't be told.

        A restricted key may not read the account, but the refusal names it.
        """
        with self.lock:
            if self._account_id is None:
                try:
                    found = self._call(self.client.v1.accounts.retrieve_current)
                    self._account_id = found["id"]
                except RequestRefused as refused:
                    named = re.search(r"\bacct_\w+", str(refused))
                    if refused.status != 403:
                        raise
                    self._account_id = named.group() if named else None
            return self._account_id

    def _service(self, kind: Kind) -> Any:
        service: Any = self.client.v1
        for name in kind.service.split("."):
            service = getattr(service, name)
        return service

    def _object(
        self, kind: Kind, verb: str, *args: Any, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        sent = dict(params or {})
        if kind.expand:
            sent["expand"] = list(kind.expand)
        method = getattr(self._service(kind), verb)
        found: dict[str, Any] = self._call(method, *args, params=sent)
        self._check_mode(found)
        return found

    def _check_mode(self, found: Mapping[str, Any]) -> None:
        if found.get("livemode", self.settings.livemode) != self.settings.livemode:
            other = "live" if found["livemode"] else "test"
            raise OtherAccount(
                f"Stripe answered with an object of {other} mode, but the stack's "
                f"mode is {self.settings.mode}; the key is of the other mode"
            )

    def _call(self, method: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Make one request, again where Stripe or the network asks for it.

        The idempotency key is random and serves only the tries of this one call: a
        key made from the content would replay an old answer for 24 hours, and so
        swallow a change back (https://docs.stripe.com/api/idempotent_requests).
        """
        import stripe

        options: dict[str, Any] = {"idempotency_key": str(uuid.uuid4())}
        if method.__name__ in ("list", "retrieve", "retrieve_current", "delete"):
            options = {}
        if self.account:
            options["stripe_account"] = self.account
        for left in reversed(range(_TRIES)):
            self._require_engine(options)
            try:
                answer = method(*args, options=options, **named)
            except stripe.StripeError as error:
                if left < _spare_tries(error):
                    raise self._refused(error) from None
                time.sleep(_wait(error, _TRIES - left))
            else:
                self._set_clock(answer)
                return answer.to_dict()
        raise AssertionError("unreachable")

    @staticmethod
    def _require_engine(options: Mapping[str, Any]) -> None:
        """Refuse to write for an engine that has been killed: nobody would know of it.

        The next run may be looking already for what this one has left.
        """
        if "idempotency_key" in options and _engine.is_gone():
            raise RequestRefused("Pulumi's engine has ended; nothing was sent")

    def now(self) -> float:
        """Return the time by Stripe's clock, as its last answer told it."""
        return time.time() + self.ahead

    def _set_clock(self, answer: Any) -> None:
        headers = getattr(answer.last_response, "headers", None) or {}
        try:
            told = parsedate_to_datetime(headers["Date"]).timestamp()
        except (KeyError, TypeError, ValueError):
            return
        self.ahead = told - time.time()

    def _refused(self, error: stripe.StripeError) -> RequestRefused:
        """Say what Stripe said, without anything secret."""
        import stripe

        if isinstance(error, stripe.APIConnectionError):
            return RequestRefused(
                f"Stripe could not be reached at {self.settings.api_base} "
                f"({_reason(error)}); check the network, a proxy, or STRIPE_API_BASE, "
                "and run again"
            )
        words = self._without_key(str(error.user_message or error).strip())
        request = f" (request {error.request_id})" if error.request_id else ""
        return RequestRefused(
            f"{remedy(error.http_status, words)}. Stripe: {words}{request}",
            status=error.http_status,
            code=error.code,
            type=getattr(error.error, "type", None),
            param=getattr(error.error, "param", None),
        )

    def _without_key(self, words: str) -> str:
        """Blank out keys and webhook secrets that a message repeats."""
        key = self.settings.api_key
        words = words.replace(key, "[hidden]") if key else words
        return re.sub(r"\b(whsec|[sr]k_(test|live))_\w{4,}", "[hidden]", words)


def _spare_tries(error: stripe.StripeError) -> int:
    """Return how many tries must be left for another one to be made.

    A rate limit is waited for as long as we ever wait, an unreachable Stripe is not.
    """
    import stripe

    if not _worth_another_try(error):
        return _TRIES
    unreachable = isinstance(error, stripe.APIConnectionError)
    return _TRIES // 2 if unreachable else 1


def _worth_another_try(error: stripe.StripeError) -> bool:
    """Follow https://docs.stripe.com/error-low-level and /rate-limits."""
    import stripe

    headers = {str(k).lower(): v for k, v in (error.headers or {}).items()}
    if headers.get("idempotent-replayed") == "true":
        return False  # the answer to this write is kept, a fault of Stripe's too
    advice = headers.get("stripe-should-retry")
    if advice in ("true", "false"):
        return advice == "true"
    if isinstance(error, stripe.APIConnectionError):
        return True
    status = error.http_status or 0
    return status in (409, 429) or status >= 500


def _wait(error: stripe.StripeError, tries: int) -> float:
    """Return the seconds to wait: what `Retry-After` says, else longer each time."""
    headers = {str(k).lower(): v for k, v in (error.headers or {}).items()}
    try:
        asked = float(headers.get("retry-after", ""))
    except ValueError:
        asked = 0.0
    jitter = random.uniform(0.5, 1)  # noqa: S311
    return min(max(asked, 0.25 * float(2**tries) * jitter), _LONGEST_WAIT)


def _reason(error: stripe.StripeError) -> str:
    """Return the network's own reason in a few words."""
    text = str(error)
    for words in ("Connection refused", "Name or service not known", "timed out"):
        if words.lower() in text.lower():
            return words.lower()
    return "the connection failed"
