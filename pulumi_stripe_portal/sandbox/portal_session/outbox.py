"""The mails that customers would have got."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Branding, Json, Store
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .brand_images import BrandImages, brand_images

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
        account: The account whose name and branding it has.
    """

    to: str
    subject: str
    text: str
    code: str
    at: int
    account: str = ""


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
        fields = ("to", "subject", "text", "code", "at", "account")
        mails = [
            Mail(**{name: each[name] for name in fields if name in each})
            for each in found
        ]
        return sorted(mails, key=lambda mail: mail.at, reverse=True)

    def sender(self, mail: Mail) -> tuple[Branding, BrandImages]:
        """Return how the company looks that a mail is from."""
        with self._store.lock:
            branding = self._store.branding(mail.account)
            return branding, brand_images(self._store, branding)


def send(context: Context, to: str, code: str, account: str) -> None:
    """Put a mail with a sign-in *code* into the outbox."""
    name = context.store.branding(account).name
    mail: Json = {
        "id": context.new_id("mail_"),
        "object": _KIND,
        "to": to,
        "subject": f"{code} is your code to sign in to {name}",
        "text": f"Your code is {code}. It can be used once, within ten minutes.",
        "code": code,
        "at": context.clock.now(),
        "account": account,
    }
    context.partition.put(mail)
    for old in context.partition.all(_KIND)[_KEPT:]:
        context.partition.remove(old)
