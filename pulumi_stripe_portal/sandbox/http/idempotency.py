"""Idempotency keys: the same answer again, for 24 hours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json, Partition
from pulumi_stripe_portal.sandbox.errors import Evidence, StripeError

__all__ = ["Idempotency", "fingerprint"]

_LIFETIME = 24 * 60 * 60
_PAGE = "https://docs.stripe.com/api/idempotent_requests"


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    """Return what has to be the same for an answer to be replayed."""
    return json.dumps([method, path, params], sort_keys=True)


@dataclass
class Idempotency:
    """Stored answers, per account and mode, and the keys in use right now.

    Successes and 500s are stored; refusals are not, so a corrected request may use
    its key again [D].
    """

    _running: set[tuple[str, bool, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def reserve(self, partition: Partition, key: str) -> Iterator[None]:
        """Claim *key* for one request.

        Raises:
            StripeError: 409, another request with this key is not answered yet.
        """
        claim = (partition.account, partition.livemode, key)
        with self._lock:
            if claim in self._running:
                raise _in_use(key)
            self._running.add(claim)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(claim)

    @staticmethod
    def find(partition: Partition, key: str, request: str, now: int) -> Json | None:
        """Find the stored answer for *key*; None if there is none or it is too old.

        Raises:
            StripeError: The key was used with other parameters.
        """
        answer = partition.idempotency.get(key)
        if answer is None or now - answer["at"] >= _LIFETIME:
            return None
        if answer["request"] != request:
            raise _other_request(key)
        return answer

    @staticmethod
    def store(
        partition: Partition, key: str, request: str, answer: Json, now: int
    ) -> None:
        """Keep *answer*, and drop what is older than 24 hours."""
        kept = {
            name: old
            for name, old in partition.idempotency.items()
            if now - old["at"] < _LIFETIME
        }
        partition.idempotency = {**kept, key: {**answer, "request": request, "at": now}}


def _other_request(key: str) -> StripeError:
    return StripeError(
        400,
        "Keys for idempotent requests can only be used with the same parameters they "
        f"were first used with. Try using a key other than '{key}' if you meant to "
        "execute a different request.",
        type="idempotency_error",
        evidence=Evidence.DOCUMENTED,
        source=_PAGE,
    )


def _in_use(key: str) -> StripeError:
    return StripeError(
        409,
        "There is currently another in-progress request using this Idempotent Key "
        "(that probably means you submitted twice, and the other request is still "
        f"going through): {key}. Please try again later.",
        type="idempotency_error",
        code="idempotency_key_in_use",
        evidence=Evidence.REPORTED,
        source="https://docs.stripe.com/error-codes#idempotency-key-in-use",
    )
