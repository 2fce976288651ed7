"""How long one call to Stripe is tried, and what is worth another try.

https://docs.stripe.com/error-low-level and https://docs.stripe.com/rate-limits
"""

from __future__ import annotations

import math
import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.stripe_api.answers import NotStripe
from pulumi_stripe_portal.stripe_api.keys import account_option

if TYPE_CHECKING:
    import stripe

    from pulumi_stripe_portal.stripe_api.rate_limit import RateLimit

T = TypeVar("T")

__all__ = ["ONE_TRY", "Patience", "request_options"]

DEADLINE = 120.0
"""Seconds that a call may take, all its tries and waits together."""
ONE_TRY = 40.0
"""Seconds after which a try that has no whole answer counts as failed."""
TALK = 10.0
"""Seconds after which the user is told what is waited for."""
FIRST_WAIT = 0.25
LONGEST_WAIT = 20.0

RATE_LIMIT = "its rate limit"
REQUEST = "request to Stripe"
"""The name of a try's thread."""
LOCK = "another request that changes the same object"

_TRIES = 6
_UNREACHABLE = 4  # tries; a rate limit passes by itself, a missing network does not


def request_options(key: str, account: str | None, *, post: bool) -> dict[str, str]:
    """Return the options of one request, for all of its tries.

    The idempotency key is random and serves only the tries of this one call: a key made
    from the content would replay an old answer for 24 hours, and so swallow a change
    back (https://docs.stripe.com/api/idempotent_requests).

    Args:
        key: The API key.
        account: Another account than the key's, None for that.
        post: Whether it is a POST, the one that Stripe would do once more otherwise.
    """
    options = {"idempotency_key": str(uuid.uuid4())} if post else {}
    return options | (account_option(key, account) if account else {})


class Patience:
    """One call to Stripe: its tries, its waits, and the end of both."""

    def __init__(self, limit: RateLimit) -> None:
        """Begin now; `limit` says when a try may."""
        self._limit = limit
        self._began = time.monotonic()
        self._said = False
        self._tries = 0
        self._why = "no answer yet"

    def __str__(self) -> str:
        """Say how long it was tried, "" where once."""
        if self._tries < 2 and self._seconds_spent < TALK:
            return ""
        tries = "1 try" if self._tries == 1 else f"{self._tries} tries"
        return f"{tries} in {max(round(self._seconds_spent), 1)} s"

    @property
    def _seconds_spent(self) -> float:
        return time.monotonic() - self._began

    def ask(self, question: Callable[[], T]) -> T:
        """Ask once more; give up at the end of the time, whatever still arrives.

        In a thread of its own: a timeout of the network's counts from byte to byte.
        What waits for the rate limit does so before, for else it would be sent after
        it was given up.

        Raises:
            NotStripe: There is no whole answer in time.
        """
        self._tries += 1
        answers: list[T] = []
        errors: list[BaseException] = []
        done = threading.Event()
        counted = ExitStack()
        counted.enter_context(self._limit.request())

        def run() -> None:
            try:
                with counted:
                    answers.append(question())
            except BaseException as error:
                errors.append(error)
            finally:
                done.set()

        threading.Thread(target=run, name=REQUEST, daemon=True).start()
        limit = max(min(ONE_TRY, DEADLINE - self._seconds_spent), 0.0)
        self._wait(limit, done)
        if errors:
            raise errors[0]
        if not answers:
            raise NotStripe(f"there was no whole answer within {limit:.0f} seconds")
        return answers[0]

    def persist(
        self, question: Callable[[], T], require: Callable[[], None] = lambda: None
    ) -> T:
        """Ask until there is an answer, or another try is worth nothing.

        Args:
            question: What is asked, in a thread of its own.
            require: Raises where there is no reason any more to ask, in this thread.

        Raises:
            stripe.StripeError: The last refusal, or what kept from asking.
            NotStripe: What answered last was something else.
        """
        import stripe

        while True:
            require()
            try:
                return self.ask(question)
            except (stripe.StripeError, NotStripe) as error:
                if not self.again(error):
                    raise

    def again(self, error: stripe.StripeError | NotStripe) -> bool:
        """Wait before another try; False where none is worth it, or time is up."""
        if self._tries >= _worthy_tries(error):
            return False
        wait = _retry_after(error)
        jitter = random.uniform(0.5, 1)  # noqa: S311
        wait = min(max(wait, FIRST_WAIT * 2**self._tries * jitter), LONGEST_WAIT)
        if self._seconds_spent + wait >= DEADLINE:
            return False
        self._why = _reason(error)
        if self._why == RATE_LIMIT:
            self._limit.slow_down()
        self._wait(wait, threading.Event())
        return True

    def _wait(self, seconds: float, done: threading.Event) -> None:
        """Wait, and say once that it takes long."""
        until = self._seconds_spent + seconds
        if not self._said and until > TALK:
            if done.wait(max(TALK - self._seconds_spent, 0.0)):
                return
            self._said = True
            engine.tell(
                f"still waiting for Stripe after {self._seconds_spent:.0f} seconds "
                f"({self._why}); gives up after {DEADLINE:.0f}"
            )
        done.wait(max(until - self._seconds_spent, 0.0))


def _worthy_tries(error: stripe.StripeError | NotStripe) -> int:
    """Return after how many tries no other is made."""
    import stripe

    if isinstance(error, NotStripe):
        return _TRIES
    if isinstance(error, stripe.APIConnectionError):
        return _UNREACHABLE if error.should_retry else 1
    # The rest has Stripe's own error object, so its status is Stripe's as well.
    headers = _headers(error)
    if headers.get("idempotent-replayed") == "true":
        return 1  # the answer to this write is kept, a fault of Stripe's too
    advice = headers.get("stripe-should-retry")
    status = error.http_status or 0
    worthy = status in (409, 429) or status >= 500
    if advice in ("true", "false"):
        worthy = advice == "true"
    return _TRIES if worthy else 1


def _headers(error: stripe.StripeError | NotStripe) -> Mapping[str, str]:
    return {str(name).lower(): text for name, text in (error.headers or {}).items()}


def _retry_after(error: stripe.StripeError | NotStripe) -> float:
    """Return the seconds that the answer asks to wait."""
    try:
        asked = float(_headers(error).get("retry-after", ""))
    except ValueError:
        return 0.0
    return asked if math.isfinite(asked) else 0.0


def _reason(error: stripe.StripeError | NotStripe) -> str:
    import stripe

    if isinstance(error, NotStripe):
        return str(error)
    if isinstance(error, stripe.APIConnectionError):
        return "it can't be reached"
    if error.http_status == 429:  # two may change one object at the same time, too
        return LOCK if error.code == "lock_timeout" else RATE_LIMIT
    return "a fault of its own"
