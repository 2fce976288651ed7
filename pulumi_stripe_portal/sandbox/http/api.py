"""The path of a request to `/v1`: key, faults, idempotency, contract, handler, log."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request as HttpRequest

from pulumi_stripe_portal.sandbox.billing.clock_of import latest_time
from pulumi_stripe_portal.sandbox.billing.due_events import DueEvents
from pulumi_stripe_portal.sandbox.data import accounts
from pulumi_stripe_portal.sandbox.data.clock import Clock
from pulumi_stripe_portal.sandbox.data.datafile import DataFileError
from pulumi_stripe_portal.sandbox.data.store import API_VERSION, Json, Store
from pulumi_stripe_portal.sandbox.errors import (
    StripeError,
    not_saved,
    sandbox_bug,
    unsupported,
)
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.contract import shape_of
from pulumi_stripe_portal.sandbox.objects.resource import Call, Operation
from pulumi_stripe_portal.sandbox.routes import OPERATIONS, RESOURCES

from .accepted_params import AcceptedParams
from .faults import Fault, Faults
from .idempotency import Idempotency, fingerprint
from .log import Log, Request, cut, redact
from .parameters import parameters
from .rate_limit import RateLimit
from .stripe_routes import stripe_has
from .turns import Turns
from .validation import coerce

__all__ = ["Answer", "Api"]


@dataclass
class Answer:
    """A status, a JSON body and the headers that are not on every answer."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class _Notes:
    """What becomes known about a request on its way, for the log."""

    params: dict[str, Any] = field(default_factory=dict)
    account: str | None = None
    livemode: bool | None = None
    fault: Fault | None = None


class Api:
    """Stripe's API over a `Store`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Answer from a store, at the time of a clock."""
        self.store = store
        self.clock = clock
        self.due_events = DueEvents(store, clock, RESOURCES)
        self.log = Log()
        self.faults = Faults()
        self.rate_limit = RateLimit()
        self.accepted = AcceptedParams()
        self._idempotency = Idempotency()
        self.turns = Turns()

    def clear_faults(self) -> None:
        """Let nothing go wrong any more."""
        self.faults.clear()
        self.rate_limit.clear()

    def answer(self, http: HttpRequest) -> Answer:
        """Answer one request and log it.

        Raises:
            ConnectionCut: A fault wants the connection closed instead.
        """
        with self.turns:
            return self._logged(http)

    def _logged(self, http: HttpRequest) -> Answer:
        with self.store.lock:
            request_id = self.store.new_id("req_", length=14)
        notes = _Notes()
        answer = Answer(0, {})
        try:
            answer = self._answer(http, request_id, notes)
        except StripeError as error:
            answer = _refusal(error, request_id, livemode=bool(notes.livemode))
        except DataFileError as error:
            live = bool(notes.livemode)
            answer = _refusal(not_saved(error), request_id, livemode=live)
        finally:
            self._log(http, request_id, notes, answer)
        answer.headers["Request-Id"] = request_id
        # Whatever version is asked for: the header says what is answered in.
        answer.headers["Stripe-Version"] = API_VERSION
        return answer

    def refuse(self, error: StripeError) -> Answer:
        """Answer what doesn't come so far as to be a request, by *error*."""
        with self.store.lock:
            request_id = self.store.new_id("req_", length=14)
        answer = _refusal(error, request_id, livemode=False)
        answer.headers["Request-Id"] = request_id
        return answer

    def _answer(self, http: HttpRequest, request_id: str, notes: _Notes) -> Answer:
        key = accounts.authenticate(self.store, http.headers.get("Authorization"))
        notes.livemode = key.livemode
        account = accounts.target_account(
            self.store, key, http.headers.get("Stripe-Account")
        )
        notes.account = account
        if "Stripe-Context" in http.headers:
            raise unsupported("the header Stripe-Context")
        params, upload = parameters(http)
        notes.params = redact(params)
        self.rate_limit.take(key.secret)
        notes.fault = fault = self.faults.take(http.method, http.path)
        origin = http.host_url.rstrip("/")
        with self.store.lock:
            self.due_events.catch_up(origin)
            partition = self.store.partition(account, livemode=key.livemode)
        call = Call(
            method=http.method,
            path=http.path,
            params=params,
            arguments={},
            key=key,
            application=(
                accounts.application_of(key.account) if account != key.account else None
            ),
            request_id=request_id,
            idempotency_key=_idempotency_key(http),
            store=self.store,
            clock=self.clock,
            partition=partition,
            resources=RESOURCES,
            origin=origin,
            upload=upload,
        )
        with ExitStack() as stack:
            if call.idempotency_key:
                reserved = self._idempotency.reserve(partition, call.idempotency_key)
                stack.enter_context(reserved)
            if fault:
                with self.turns.left():
                    self.faults.delay(fault)
            stack.enter_context(self._hold_lock(call))
            answer = self._once(call, fault)
        if fault:
            fault.strike("after")
        return answer

    def _once(self, call: Call, fault: Fault | None) -> Answer:
        """Run *call*, or replay what its idempotency key stands for."""
        key, partition = call.idempotency_key, call.partition
        if key is None:
            return self._run(call, fault)
        request = fingerprint(call.method, call.path, call.params)
        now = self.clock.now()
        old = self._idempotency.find(partition, key, request, now)
        if old is not None:
            headers = {**old["headers"], "Idempotent-Replayed": "true"}
            return Answer(old["status"], old["body"], headers)
        try:
            answer = self._run(call, fault)
        except StripeError as error:
            # A 500 is a result, which a retry with the same key gets again.
            if error.status != 500 or error.code == "sandbox_bug":
                raise
            live = partition.livemode
            answer = _refusal(error, call.request_id, livemode=live)
        answer.headers |= {"Idempotency-Key": key, "Original-Request": call.request_id}
        self._idempotency.store(partition, key, request, vars(answer), now)
        return answer

    def _run(self, call: Call, fault: Fault | None) -> Answer:
        if fault:
            fault.strike("before")
        operation = self._match(call)
        accounts.permit(call.key, operation.permission, call.partition.account)
        shape = shape_of(operation.params)
        if call.method == "POST":
            call.accepted, shape = self.accepted.take(call.path, call.params, shape)
        now = latest_time(call.partition, self.clock.now())
        call.params = coerce(call.params, shape, operation.limits, now)
        try:
            return Answer(200, operation.run(call))
        except StripeError:
            raise
        except Exception as error:
            traceback.print_exc()
            raise sandbox_bug(error) from error

    def _match(self, call: Call) -> Operation:
        adapter = _routes().bind("")
        try:
            operation, arguments = adapter.match(call.path, call.method)
        except HTTPException:
            raise _unknown_route(call.method, call.path) from None
        call.arguments = dict(arguments)
        if call.arguments.get("id") == "search":
            raise _unknown_route(call.method, call.path)
        assert isinstance(operation, Operation)  # noqa: S101 - what the map holds
        return operation

    @contextmanager
    def _hold_lock(self, call: Call) -> Iterator[None]:
        """Hold the lock; make a write all or nothing, and end it on disk."""
        if call.method == "GET":
            with self.store.lock:
                yield
            return
        with self.store.transaction(call.partition):
            yield
            self.store.save()

    def _log(
        self, http: HttpRequest, request_id: str, notes: _Notes, answer: Answer
    ) -> None:
        error = answer.body.get("error", {})
        request = Request(
            method=http.method,
            path=cut(http.path),
            params=notes.params,
            status=answer.status,
            account=notes.account,
            livemode=notes.livemode,
            idempotency_key=_cut(http.headers.get("Idempotency-Key")),
            request_id=request_id,
            stripe_version=_cut(http.headers.get("Stripe-Version")),
            user_agent=_cut(http.headers.get("User-Agent")),
            unsupported=error["message"] if answer.status == 501 else None,
            fault=str(notes.fault) if notes.fault else None,
            replayed="Idempotent-Replayed" in answer.headers,
        )
        self.log.add(request)


@cache
def _routes() -> Map:
    """Return the routes, which take a while to compile, once for all sandboxes."""
    rules = [Rule(o.path, methods=[o.method], endpoint=o) for o in OPERATIONS]
    return Map(rules, merge_slashes=False)


def _idempotency_key(http: HttpRequest) -> str | None:
    """Return the key of a POST.

    An idempotency key has no effect on other methods than POST
    [DOCUMENTED: docs.stripe.com/api/idempotent_requests].
    """
    return http.headers.get("Idempotency-Key") if http.method == "POST" else None


def _cut(header: str | None) -> str | None:
    return None if header is None else cut(header)


def _refusal(error: StripeError, request_id: str, *, livemode: bool) -> Answer:
    headers = {**error.headers, "Sandbox-Evidence": str(error.basis)}
    return Answer(error.status, error.body(request_id, livemode=livemode), headers)


def _unknown_route(method: str, path: str) -> StripeError:
    if stripe_has(method, path):
        return unsupported(f"{method} {path}")
    return StripeError(
        f"Unrecognized request URL ({method}: {path}). If you are trying to list "
        "objects, remove the trailing slash. If you are trying to retrieve an object, "
        "make sure you passed a valid (non-empty) identifier in your code. Please see "
        "https://stripe.com/docs or we can help at https://support.stripe.com/.",
        Evidence.REPORTED("stripe/stripe-php #598"),
        status=404,
    )
