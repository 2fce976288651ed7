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

LINKS = 5
"""So many links may be asked for, in the same time."""

_MAILED = 24 * 3600
"""Seconds that the stand-in for a mail service keeps a mail."""

_NOBODY = hash_password(new_token())
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

        That ends their sessions and tokens: who has the old password may have some.

        Returns whether they were new.

        Raises:
            sqlite3.IntegrityError: The billing record is somebody else's.
        """
        with self._store.transaction() as db:
            old = _find(db, email)
            if old is not None:
                db.execute("DELETE FROM tokens WHERE user = ?", [old["id"]])
            db.execute(
                "INSERT INTO users (email, password, customer) VALUES (?, ?, ?) "
                "ON CONFLICT (email) DO UPDATE SET "
                "password = excluded.password, customer = excluded.customer",
                [_normal(email), hash_password(password), customer],
            )
        return old is None

    def keep_customer(self, user: User, customer: str) -> str:
        """Keep somebody's new billing record, and return the one that they have."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE users SET customer = ? WHERE id = ? AND customer IS NULL",
                [customer, user.id],
            )
            found = db.execute("SELECT customer FROM users WHERE id = ?", [user.id])
            kept: str = found.fetchone()["customer"]
        return kept

    def by_password(self, email: str, password: str) -> User | None:
        """Return who has that address and password.

        Raises:
            TooManyAttemptsError: Whether or not there is somebody with that address.
        """
        address = digest(_normal(email))
        with self._store.transaction() as db:
            # Before it is known whether it is right: others may come meanwhile.
            _attempt(db, address, ATTEMPTS)
            row = _find(db, email)
        matches = password_matches(password, row["password"] if row else _NOBODY)
        if row is None or not matches:
            return None
        with self._store.transaction() as db:
            db.execute("DELETE FROM attempts WHERE digest = ?", [address])
        return _user(row)

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

        For an unknown address the same is written, to nobody: neither the answer nor
        the time that it takes tells who has an account.

        Raises:
            TooManyAttemptsError: Whether or not there is somebody with that address.
        """
        token, now = new_token(), int(time.time())
        with self._store.transaction() as db:
            _attempt(db, digest(f"link to {_normal(email)}"), LINKS)
            known = _find(db, email)
            anybody = known or db.execute("SELECT * FROM users LIMIT 1").fetchone()
            if anybody is None:
                return  # without users there is nothing to tell
            kind = "link" if known else "nobody's"
            lasting = [digest(token), kind, anybody["id"], now + LIFETIMES["link"]]
            db.execute("DELETE FROM tokens WHERE expires < ?", [now])
            db.execute("INSERT INTO tokens VALUES (?, ?, ?, ?)", lasting)
            db.execute("DELETE FROM mails WHERE sent < ?", [now - _MAILED])
            db.execute(
                "INSERT INTO mails (recipient, link, sent) VALUES (?, ?, ?)",
                [known["email"] if known else "", address + token, now],
            )

    def mails(self) -> list[Mail]:
        """Return the newest mails."""
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT recipient, link, sent FROM mails WHERE recipient != '' "
                "ORDER BY id DESC LIMIT 20"
            )
            return [Mail(*row) for row in rows]


def _normal(email: str) -> str:
    return email.strip().casefold()


def _find(db: sqlite3.Connection, email: str) -> sqlite3.Row | None:
    found = db.execute("SELECT * FROM users WHERE email = ?", [_normal(email)])
    row: sqlite3.Row | None = found.fetchone()
    return row


def _attempt(db: sqlite3.Connection, about: str, most: int) -> None:
    """Count an attempt.

    Raises:
        TooManyAttemptsError: There were so many a short time ago.
    """
    now = int(time.time())
    db.execute("DELETE FROM attempts WHERE at <= ?", [now - WAIT])
    made = db.execute("SELECT count(*) FROM attempts WHERE digest = ?", [about])
    if made.fetchone()[0] >= most:
        raise TooManyAttemptsError
    db.execute("INSERT INTO attempts VALUES (?, ?)", [about, now])


def _holder(db: sqlite3.Connection, token: str, kind: str) -> User | None:
    row = db.execute(
        "SELECT users.* FROM tokens JOIN users ON users.id = tokens.user "
        "WHERE digest = ? AND kind = ? AND expires > ?",
        [digest(token), kind, int(time.time())],
    ).fetchone()
    return _user(row) if row else None


def _user(row: sqlite3.Row) -> User:
    return User(row["id"], row["email"], row["customer"])
