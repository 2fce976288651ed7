"""Who may sign in, and the tokens of who has."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .security import digest, hash_password, new_token, password_matches

if TYPE_CHECKING:
    import sqlite3

    from .store import Store

__all__ = ["LIFETIMES", "WAIT", "Mail", "TooManyAttemptsError", "User", "Users"]

LIFETIMES = {"session": 12 * 3600, "api": 3600, "link": 15 * 60}
"""Seconds that each kind of token is good for."""

ATTEMPTS = 10
WAIT = 15 * 60
"""So many passwords may be tried for an address, in so many seconds."""

_NOBODY = hash_password("")
"""Checked where there is no such user, so that the time taken doesn't tell."""


class TooManyAttemptsError(Exception):
    """Passwords are being guessed; the right one is no good either for a while."""


@dataclass(frozen=True)
class User:
    """Somebody who can sign in, with their billing record if they have one."""

    id: int
    email: str
    customer: str | None


@dataclass(frozen=True)
class Mail:
    """A mail with a link to sign in, in the stand-in for a mail service."""

    recipient: str
    link: str
    sent: int


class Users:
    """The tables `users`, `tokens`, `attempts` and `mails`."""

    def __init__(self, store: Store) -> None:
        """Keep them in a store."""
        self._store = store

    def put(self, email: str, password: str, customer: str | None) -> bool:
        """Add somebody, or give them another password and billing record.

        Returns whether they were new.

        Raises:
            sqlite3.IntegrityError: The billing record is somebody else's.
        """
        with self._store.transaction() as db:
            new = _find(db, email) is None
            db.execute(
                "INSERT INTO users (email, password, customer) VALUES (?, ?, ?) "
                "ON CONFLICT (email) DO UPDATE SET "
                "password = excluded.password, customer = excluded.customer",
                [_normal(email), hash_password(password), customer],
            )
        return new

    def by_password(self, email: str, password: str) -> User | None:
        """Return who has that address and password.

        Raises:
            TooManyAttemptsError: Whether or not there is somebody with that address.
        """
        address, now = digest(_normal(email)), int(time.time())
        with self._store.transaction() as db:
            db.execute("DELETE FROM attempts WHERE at <= ?", [now - WAIT])
            made = "SELECT count(*) FROM attempts WHERE digest = ?"
            if db.execute(made, [address]).fetchone()[0] >= ATTEMPTS:
                raise TooManyAttemptsError
            # Before it is known whether it is right: others may come meanwhile.
            db.execute("INSERT INTO attempts VALUES (?, ?)", [address, now])
            row = _find(db, email)
        if not password_matches(password, row["password"] if row else _NOBODY):
            return None
        with self._store.transaction() as db:
            db.execute("DELETE FROM attempts WHERE digest = ?", [address])
        return _user(row) if row else None

    def issue(self, user: User, kind: str) -> str:
        """Make a token that stands for somebody, and return it: only here is it."""
        token = new_token()
        now = int(time.time())
        with self._store.transaction() as db:
            db.execute("DELETE FROM tokens WHERE expires < ?", [now])
            db.execute(
                "INSERT INTO tokens VALUES (?, ?, ?, ?)",
                [digest(token), kind, user.id, now + LIFETIMES[kind]],
            )
        return token

    def by_token(self, token: str, kind: str) -> User | None:
        """Return whom a token stands for, if it is good."""
        with self._store.transaction() as db:
            return _holder(db, token, kind)

    def redeem(self, token: str, kind: str) -> User | None:
        """Return whom a token stands for, this once."""
        with self._store.transaction() as db:
            user = _holder(db, token, kind)
            db.execute("DELETE FROM tokens WHERE digest = ?", [digest(token)])
        return user

    def send_link(self, email: str, address: str) -> None:
        """Mail somebody a link to sign in: *address* and a token.

        Nothing happens for an unknown address, and nobody is told so.
        """
        with self._store.transaction() as db:
            row = _find(db, email)
        if row is None:
            return
        user = _user(row)
        link = address + self.issue(user, "link")
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO mails (recipient, link, sent) VALUES (?, ?, ?)",
                [user.email, link, int(time.time())],
            )

    def mails(self) -> list[Mail]:
        """Return the newest mails."""
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT recipient, link, sent FROM mails ORDER BY id DESC LIMIT 20"
            )
            return [Mail(*row) for row in rows]


def _normal(email: str) -> str:
    return email.strip().casefold()


def _find(db: sqlite3.Connection, email: str) -> sqlite3.Row | None:
    found = db.execute("SELECT * FROM users WHERE email = ?", [_normal(email)])
    row: sqlite3.Row | None = found.fetchone()
    return row


def _holder(db: sqlite3.Connection, token: str, kind: str) -> User | None:
    row = db.execute(
        "SELECT users.* FROM tokens JOIN users ON users.id = tokens.user "
        "WHERE digest = ? AND kind = ? AND expires > ?",
        [digest(token), kind, int(time.time())],
    ).fetchone()
    return _user(row) if row else None


def _user(row: sqlite3.Row) -> User:
    return User(row["id"], row["email"], row["customer"])
