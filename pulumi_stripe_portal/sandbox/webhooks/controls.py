"""What `Sandbox.deliveries` offers: the log of deliveries, and ways to disturb them."""

from __future__ import annotations

import time

from pulumi_stripe_portal.sandbox.data.store import Store

from .forwards import Forwards
from .records import Attempt, Delivery, all_deliveries, to_delivery
from .request import post, to_bytes
from .sender import Sender
from .signature import signature

__all__ = ["Deliveries"]


_MOST_COPIES = 100


class Deliveries:
    """The deliveries of all accounts and modes.

        sandbox.deliveries.settle()              # all that is due has been tried
        sandbox.deliveries.all()[-1].status      # 'delivered'
        sandbox.deliveries.copies = 2            # each delivery arrives twice
        sandbox.deliveries.hold()                # nothing leaves …
        sandbox.deliveries.release(reverse=True) # … and now all, newest first
        sandbox.deliveries.resend(id, age=600)   # a recorded one, ten minutes old

    What is answered with anything but 2xx within ten seconds has failed, and is tried
    again up to ten times: after 1, 2, 4, 8, 16 and 32 seconds and then each minute, or
    as soon as `Sandbox.advance` moves the time by an hour. Then it stays `failed`.
    """

    def __init__(self, store: Store, sender: Sender, forwards: Forwards) -> None:
        """Look at what a sandbox delivers; it makes this itself.

        Args:
            store: Its data, the deliveries among them.
            sender: What sends them.
            forwards: Where they go.
        """
        self._store = store
        self._sender = sender
        self._forwards = forwards

    def all(self) -> list[Delivery]:
        """Return what is known about each delivery, oldest first."""
        with self._store.lock:
            return [to_delivery(each) for _, each in all_deliveries(self._store)]

    def settle(self, timeout: float = 5.0) -> bool:
        """Wait until each delivery that is due now was tried.

        Retries of failed ones are not waited for; `Sandbox.advance` brings them.

        Args:
            timeout: How long to wait at most, in seconds.

        Returns:
            Whether all were tried in that time.
        """
        return self._sender.settle(timeout)

    @property
    def copies(self) -> int:
        """How many times each delivery is sent: 1, or more for duplicates.

        Raises:
            ValueError: It is set to less than one, or more than a hundred.
        """
        return self._sender.copies

    @copies.setter
    def copies(self, count: int) -> None:
        if not 1 <= count <= _MOST_COPIES:
            raise ValueError(
                f"A delivery is sent at least once, at most {_MOST_COPIES} times."
            )
        self._sender.copies = count

    def hold(self) -> None:
        """Keep back all that is to be sent, until `release`."""
        self._sender.is_held = True

    def release(self, *, reverse: bool = False) -> None:
        """Send what was kept back, and hold no longer.

        Args:
            reverse: Whether the newest goes first, as Stripe keeps no order.
                https://docs.stripe.com/webhooks#event-ordering
        """
        with self._store.lock:
            waiting = [
                self._sender.due_delivery(partition, each)
                for partition, each in all_deliveries(self._store)
                if each["status"] == "pending"
            ]
        if reverse:
            waiting.reverse()
        for due in filter(None, waiting):
            self._sender.send(due)
        self._sender.is_held = False

    def resend(
        self, id: str, *, age: int = 0, forged: bool = False, truncated: bool = False
    ) -> Attempt:
        """Send a delivery once more; it is not counted among the delivery's attempts.

        Args:
            id: The `id` of the `Delivery`.
            age: How many seconds its signature is dated back, as in a replayed request.
                https://docs.stripe.com/webhooks#replay-attacks
            forged: Whether it is signed with another secret.
            truncated: Whether its body is cut in half, after it was signed.

        Returns:
            How that went.

        Raises:
            ValueError: There is no such delivery, its endpoint is gone or disabled,
                its address is not forwarded, or *age* is no time in the past.
        """
        now = int(time.time())
        if not 0 <= age <= now:
            raise ValueError("The age of a signature is 0 or more seconds.")
        with self._store.lock:
            found = [
                each for each in all_deliveries(self._store) if each[1]["id"] == id
            ]
            due = self._sender.due_delivery(*found[0]) if found else None
        if due is None:
            raise ValueError(f"The sandbox has no delivery {id!r} that can be resent.")
        target = self._forwards.target(due.delivery["url"])
        if target is None:
            raise ValueError(f"{due.delivery['url']} is not forwarded anywhere.")
        payload = to_bytes(due.event)
        secret = "whsec_forged" if forged else due.endpoint["secret"]
        signed = signature(payload, secret, now - age)
        if truncated:
            payload = payload[: len(payload) // 2]
        status, error = post(target, payload, signed)
        return Attempt(at=now, status=status, error=error)

    def clear(self) -> None:
        """Take back what `hold` and `copies` have set."""
        self._sender.is_held = False
        self._sender.copies = 1
