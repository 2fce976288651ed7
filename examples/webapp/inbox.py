"""Events between receiving and processing: a table, and the thread that empties it."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .billing import Billing
    from .store import Store

__all__ = ["Inbox", "Received", "Worker"]

_KEPT = 90 * 24 * 60 * 60
"""Seconds; Stripe repeats a delivery for three days, events can be resent for 30."""

_ODD = 100

_log = logging.getLogger(__name__)


class Received(NamedTuple):
    """What matters of an event. The rest of its payload is not kept."""

    id: str
    type: str
    subject: str
    created: int


class Inbox:
    """The table of events: each is in it once, and stays until it is processed."""

    def __init__(self, store: Store) -> None:
        """Keep the events in a store."""
        self._store = store

    def add(self, event: Received) -> bool:
        """Keep an event; False for one that has been received before."""
        with self._store.transaction() as db:
            added = db.execute(
                "INSERT OR IGNORE INTO inbox (event, type, subject, created) "
                "VALUES (?, ?, ?, ?)",
                event,
            )
            return added.rowcount == 1

    def add_odd(self, payload: bytes) -> None:
        """Keep what has a shape that isn't known, the newest hundred, to look at."""
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO odd VALUES (?, ?, ?)",
                [hashlib.sha256(payload).hexdigest(), payload, int(time.time())],
            )
            db.execute(
                "DELETE FROM odd WHERE digest NOT IN "
                "(SELECT digest FROM odd ORDER BY received DESC, rowid DESC LIMIT ?)",
                [_ODD],
            )

    def ask(self, subject: str) -> None:
        """Have the present state of a customer or a portal asked for, by no event."""
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO inbox (event, type, subject, created) "
                "VALUES (?, 'app.asked', ?, ?)",
                [f"app:{subject}", subject, int(time.time())],
            )

    def waiting(self, now: float) -> dict[str, list[str]]:
        """Return the events that are due, by subject."""
        found: dict[str, list[str]] = {}
        with self._store.transaction() as db:
            for row in db.execute(
                "SELECT subject, event FROM inbox "
                "WHERE processed IS NULL AND due <= ? ORDER BY rowid",
                [now],
            ):
                found.setdefault(row["subject"], []).append(row["event"])
        return found

    def next_due(self) -> int | None:
        """Tell when the next event is due; None when all are processed."""
        with self._store.transaction() as db:
            row = db.execute("SELECT min(due) FROM inbox WHERE processed IS NULL")
            due: int | None = row.fetchone()[0]
        return due

    def done(self, events: list[str]) -> None:
        """Note that they are processed, and drop those of long ago."""
        now = int(time.time())
        with self._store.transaction() as db:
            db.executemany(
                "UPDATE inbox SET processed = ? WHERE event = ?",
                [(now, event) for event in events],
            )
            db.execute("DELETE FROM inbox WHERE processed < ?", [now - _KEPT])

    def postpone(self, events: list[str]) -> None:
        """Try them again later: after 1, 2, 4, … seconds, at most five minutes."""
        now = int(time.time())
        with self._store.transaction() as db:
            db.executemany(
                "UPDATE inbox SET due = ? + min(300, 1 << min(attempts, 9)), "
                "attempts = attempts + 1 WHERE event = ?",
                [(now, event) for event in events],
            )

    def of(self, subject: str | None, limit: int = 8) -> list[Received]:
        """Return the newest events of a customer."""
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT event, type, subject, created FROM inbox "
                "WHERE subject = ? AND type NOT LIKE 'app.%' "
                "ORDER BY created DESC, rowid DESC LIMIT ?",
                [subject, limit],
            ).fetchall()
        return [Received(*row) for row in rows]


class Worker:
    """One thread that processes what waits, also what an earlier process left."""

    def __init__(self, inbox: Inbox, billing: Billing) -> None:
        """Hand what waits in the inbox to billing, once started."""
        self._inbox = inbox
        self._billing = billing
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)

    def start(self) -> None:
        """Begin with what is there."""
        self._thread.start()

    def wake(self) -> None:
        """Tell it that something came."""
        self._wake.set()

    def stop(self) -> None:
        """End it; what waits is there for the next start."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                pause = self._empty()
            except sqlite3.Error:  # as when the disk is full; without it nobody works
                _log.exception("the inbox can't be read now")
                pause = 5.0
            self._wake.wait(pause)

    def _empty(self) -> float | None:
        """Process what is due, and return the seconds until something else is."""
        for subject, events in self._inbox.waiting(time.time()).items():
            if not self._stopping:
                self._process(subject, events)
        due = self._inbox.next_due()
        return None if due is None else max(0.0, due - time.time())

    def _process(self, subject: str, events: list[str]) -> None:
        """Ask once for the present state, which is what all of the events led to."""
        try:
            self._billing.sync(subject)
        except Exception:
            # Whatever it is, the other customers' events must not wait for it.
            _log.exception("%s can't be brought up to date now", subject)
            self._inbox.postpone(events)
        else:
            self._inbox.done(events)
