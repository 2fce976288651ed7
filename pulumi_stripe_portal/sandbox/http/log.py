"""The log of requests: what was asked and how it was answered, without secrets."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

__all__ = ["Log", "Request", "cut", "redact"]

_KEPT = 10_000
_SHOWN = 5_000
"""Characters of a text that are kept."""
_SECRETS = frozenset({"secret", "client_secret", "number", "cvc", "token"})


@dataclass(frozen=True)
class Request:
    """One request as the sandbox saw it; keys and secrets are never part of it.

    Attributes:
        method: `GET`, `POST` or `DELETE`.
        path: The path without the query.
        params: The parameters as sent, query and body together, values as strings.
        status: The HTTP status of the answer; 0 where the connection was cut.
        account: The account whose data was asked for, None if the key was refused.
        livemode: The mode of the key, None if the key was refused.
        idempotency_key: The header `Idempotency-Key`.
        request_id: The `req_…` of the answer.
        stripe_version: The header `Stripe-Version`.
        user_agent: The header `User-Agent`.
        unsupported: What Stripe has and the sandbox has not, if that was asked for.
        fault: The fault that was injected, if any.
        replayed: Whether the answer was that of an earlier idempotent request.
    """

    method: str
    path: str
    params: dict[str, Any]
    status: int
    account: str | None
    livemode: bool | None
    idempotency_key: str | None
    request_id: str
    stripe_version: str | None
    user_agent: str | None
    unsupported: str | None = None
    fault: str | None = None
    replayed: bool = False


class Log:
    """The requests since the start or the last `clear`, in the order of answers.

    Of many, the newest 10,000 are kept; all are counted.
    """

    def __init__(self) -> None:
        """Begin with no request."""
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque(maxlen=_KEPT)
        self._counts: Counter[str] = Counter()

    def add(self, request: Request) -> None:
        """Append *request*."""
        with self._lock:
            self._requests.append(request)
            self._counts[request.method] += 1

    def all(self) -> list[Request]:
        """Return a copy of what was logged."""
        with self._lock:
            return list(self._requests)

    def counts(self) -> Counter[str]:
        """Count the requests, by method."""
        with self._lock:
            return Counter(self._counts)

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()
            self._counts.clear()


def cut(text: str) -> str:
    """Return a text without what would fill the memory."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def redact(params: dict[str, Any]) -> dict[str, Any]:
    """Make *params* fit to be kept: lists as lists, and nothing that is secret."""
    return {
        cut(name): "[redacted]" if name in _SECRETS else _keep(value)
        for name, value in params.items()
    }


def _keep(value: Any) -> Any:
    if not isinstance(value, dict):
        return cut(value)
    if list(value) == [str(place) for place in range(len(value))]:
        return [_keep(each) for each in value.values()]
    return redact(value)
