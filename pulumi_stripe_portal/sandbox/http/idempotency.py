"""Idempotency keys: the same answer again, for 24 hours."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json, Partition
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence

__all__ = ["Idempotency", "fingerprint"]

_LIFETIME = 24 * 60 * 60
_LONGEST = 255
_MOST = 5_000
"""
Answers that are kept.

At Stripe none is dropped for at least 24 hours; here the newest 5,000 of an account and
mode are kept [OURS: retries come soon, and tests make many requests in little time].
"""
_PAGE = "https://docs.stripe.com/api/idempotent_requests"


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    """Return what has to be the same for an answer to be replayed."""
    asked = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


@dataclass
class Idempotency:
    """Stored answers, per account and mode, and the keys in use right now.

    Under an idempotency key successes and 500s are stored; refusals are not, so a
    corrected request may use its key again
    [DOCUMENTED: docs.stripe.com/api/idempotent_requests].
    """

    _running: set[tuple[str, bool, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def reserve(self, partition: Partition, key: str) -> Iterator[None]:
        """Claim *key* for one request.

        Raises:
            StripeError: The key is too long; 409, another request with this key is not
                answered yet.
        """
        if len(key) > _LONGEST:
            raise _too_long()
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
        kept = partition.idempotency
        kept.pop(key, None)
        kept[key] = {**answer, "request": request, "at": now}
        # The clock only moves forward: the oldest stand first.
        while len(kept) > _MOST or now - next(iter(kept.values()))["at"] >= _LIFETIME:
            del kept[next(iter(kept))]


def _too_long() -> StripeError:
    return StripeError(
        f"Idempotency keys are up to {_LONGEST} characters long.",
        Evidence.DOCUMENTED(f"{_PAGE}; our words"),
        type="idempotency_error",
    )


def _other_request(key: str) -> StripeError:
    return StripeError(
        "Keys for idempotent requests can only be used with the same parameters they "
        f"were first used with. Try using a key other than '{key}' if you meant to "
        "execute a different request.",
        Evidence.DOCUMENTED(_PAGE),
        type="idempotency_error",
    )


def _in_use(key: str) -> StripeError:
    return StripeError(
        "There is currently another in-progress request using this Idempotent Key "
        "(that probably means you submitted twice, and the other request is still "
        f"going through): {key}. Please try again later.",
        Evidence.REPORTED(
            "public code, and https://docs.stripe.com/error-codes#idempotency-key-in-use"
        ),
        code="idempotency_key_in_use",
        status=409,
        type="idempotency_error",
    )
