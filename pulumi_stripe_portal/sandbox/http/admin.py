"""The sandbox's own routes under `/_sandbox`, for use from other processes.

All take and return JSON:

| route | effect |
|---|---|
| `GET /_sandbox` | account, keys, clock |
| `GET /_sandbox/requests` | the log of requests |
| `DELETE /_sandbox/requests` | clears the log |
| `POST /_sandbox/reset` | back to a fresh sandbox |
| `POST /_sandbox/faults` | lays a fault in wait; fields as `Sandbox.fail` |
| `POST /_sandbox/rate_limit` | `{"per_second": 25}`, null for none |
| `POST /_sandbox/accounts` | `{"id": …, "connected": false}` makes an account |
| `POST /_sandbox/restricted_keys` | `{"permissions": […], "livemode": false}` |
| `POST /_sandbox/clock` | `{"advance": seconds}` |
| `POST /_sandbox/demo` | two customers with subscriptions; `{"livemode": false}` |
| `GET /_sandbox/outbox` | the mails that customers would have got |
| `GET /_sandbox/forwards` | where deliveries to webhook endpoints go |
| `POST /_sandbox/forwards` | `{"address": origin or URL, "target": loopback URL}` |
| `GET /_sandbox/deliveries` | the log of deliveries |
| `POST /_sandbox/deliveries` | `{"copies": 2}` sends twice, `{"hold": true}` none |
| `POST /_sandbox/deliveries/release` | sends what was held; `{"reverse": false}` |
| `POST /_sandbox/deliveries/resend` | `{"id": …}`; more as `Deliveries.resend` |
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from inspect import signature
from typing import TYPE_CHECKING, Any

from pulumi_stripe_portal.sandbox.data.datafile import DataFileError

from .api import Answer
from .typed import check_types

if TYPE_CHECKING:
    from werkzeug.wrappers import Request as HttpRequest

    from pulumi_stripe_portal.sandbox import Sandbox

__all__ = ["ADMIN", "Admin"]

ADMIN = "/_sandbox"


class Admin:
    """The routes over the `Sandbox`, each a call of the method of that name."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Route to the methods of a sandbox."""
        self._sandbox = sandbox
        self._making = threading.Lock()
        self._routes: dict[tuple[str, str], Callable[..., dict[str, Any]]] = {
            ("GET", ""): self._describe,
            ("GET", "/requests"): self._requests,
            ("DELETE", "/requests"): self._clear,
            ("POST", "/reset"): self._reset,
            ("POST", "/faults"): self._fail,
            ("POST", "/rate_limit"): self._limit,
            ("POST", "/accounts"): self._add_account,
            ("POST", "/restricted_keys"): self._restricted_key,
            ("POST", "/clock"): self._clock,
            ("POST", "/demo"): self._demo,
            ("GET", "/outbox"): self._outbox,
            ("GET", "/forwards"): self._forwards,
            ("POST", "/forwards"): self._forward,
            ("GET", "/deliveries"): self._deliveries,
            ("POST", "/deliveries"): self._disturb,
            ("POST", "/deliveries/release"): self._release,
            ("POST", "/deliveries/resend"): self._resend,
        }

    def answer(self, http: HttpRequest) -> Answer:
        """Answer one request; wrong fields are a 400 that says which."""
        route = self._routes.get((http.method, http.path.removeprefix(ADMIN)))
        if route is None:
            return _error(404, f"The sandbox has no route {http.method} {http.path}.")
        try:
            return Answer(200, route(**_fields(route, http.get_data())))
        except (TypeError, ValueError) as error:
            return _error(400, str(error))
        except DataFileError as error:
            return _error(500, str(error))

    def _describe(self) -> dict[str, Any]:
        sandbox = self._sandbox
        return {
            "account": sandbox.account,
            "api_key": sandbox.api_key,
            "live_api_key": sandbox.live_api_key,
            "now": sandbox.now,
        }

    def _requests(self) -> dict[str, Any]:
        return {"requests": [asdict(each) for each in self._sandbox.requests]}

    def _clear(self) -> dict[str, Any]:
        self._sandbox.clear_requests()
        return {}

    def _reset(self) -> dict[str, Any]:
        self._sandbox.reset()
        return {}

    def _fail(self, **fault: Any) -> dict[str, Any]:
        self._sandbox.fail(**fault)
        return {}

    def _limit(self, per_second: int | None) -> dict[str, Any]:
        self._sandbox.limit_requests(per_second)
        return {}

    def _add_account(self, id: str, *, connected: bool = False) -> dict[str, Any]:
        make = self._sandbox.connect if connected else self._sandbox.add_account
        return asdict(make(id))

    def _restricted_key(
        self, permissions: list[str], *, livemode: bool = False
    ) -> dict[str, Any]:
        key = self._sandbox.restricted_key(livemode=livemode, permissions=permissions)
        return {"key": key}

    def _clock(self, *, advance: int) -> dict[str, Any]:
        return {"now": self._sandbox.advance(seconds=advance)}

    def _demo(self, *, livemode: bool = False) -> dict[str, Any]:
        # Made by requests to this very server: one at a time, or none were answered.
        if not self._making.acquire(blocking=False):
            raise ValueError("The two customers are just being made.")
        try:
            return dict(self._sandbox.demo(livemode=livemode))
        finally:
            self._making.release()

    def _outbox(self) -> dict[str, Any]:
        return {"mails": [asdict(mail) for mail in self._sandbox.outbox]}

    def _forwards(self) -> dict[str, Any]:
        return {"forwards": self._sandbox.forwards}

    def _forward(self, address: str, target: str) -> dict[str, Any]:
        self._sandbox.forward(address, target)
        return self._forwards()

    def _deliveries(self) -> dict[str, Any]:
        return {"deliveries": [asdict(one) for one in self._sandbox.deliveries.all()]}

    def _disturb(self, *, copies: int = 1, hold: bool = False) -> dict[str, Any]:
        self._sandbox.deliveries.copies = copies
        if hold:
            self._sandbox.deliveries.hold()
        return {}

    def _release(self, *, reverse: bool = False) -> dict[str, Any]:
        self._sandbox.deliveries.release(reverse=reverse)
        return {}

    def _resend(
        self, id: str, *, age: int = 0, forged: bool = False, truncated: bool = False
    ) -> dict[str, Any]:
        attempt = self._sandbox.deliveries.resend(
            id, age=age, forged=forged, truncated=truncated
        )
        return asdict(attempt)


def _fields(route: Callable[..., Any], body: bytes) -> dict[str, Any]:
    """Read the arguments of *route* from JSON.

    Raises:
        TypeError: One has another type, is unknown, or is not there.
        ValueError: It is no JSON.
    """
    try:
        given = json.loads(body or b"{}")
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None
    if not isinstance(given, dict):
        raise TypeError("The body is no JSON object.")
    parameters = signature(route).parameters.values()
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return given  # what it calls looks at them
    required = [each.name for each in parameters if each.default is each.empty]
    check_types(given, route, required)
    return given


def _error(status: int, message: str) -> Answer:
    return Answer(status, {"error": {"message": message, "type": "sandbox_error"}})
