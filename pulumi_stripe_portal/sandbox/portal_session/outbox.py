"""The mails that customers would have got."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Json, Store
from pulumi_stripe_portal.sandbox.objects.resource import Context

__all__ = ["Mail", "Outbox", "send"]

_KIND = "sandbox.mail"
_KEPT = 100


@dataclass(frozen=True)
class Mail:
    """A mail that nobody sent.

    Attributes:
        to: The address.
        subject: The subject.
        text: The text.
        code: The code that is in the text.
        at: When, on the sandbox's clock, in seconds since the Unix epoch.
    """

    to: str
    subject: str
    text: str
    code: str
    at: int


class Outbox:
    """The mails of all accounts and modes."""

    def __init__(self, store: Store) -> None:
        """Read the mails of a store."""
        self._store = store

    def mails(self) -> list[Mail]:
        """Return the latest mails, newest first."""
        with self._store.lock:
            found = [
                each
                for partition in self._store.partitions()
                for each in partition.all(_KIND)
            ]
        fields = ("to", "subject", "text", "code", "at")
        mails = [Mail(**{name: each[name] for name in fields}) for each in found]
        return sorted(mails, key=lambda mail: mail.at, reverse=True)


def send(context: Context, to: str, code: str, account_name: str) -> None:
    """Put a mail with a sign-in *code* into the outbox."""
    mail: Json = {
        "id": context.new_id("mail_"),
        "object": _KIND,
        "to": to,
        "subject": f"{code} is your code to sign in to {account_name}",
        "text": f"Your code is {code}. It can be used once, within ten minutes.",
        "code": code,
        "at": context.clock.now(),
    }
    context.partition.put(mail)
    for old in context.partition.all(_KIND)[_KEPT:]:
        context.partition.remove(old)
