"""SQLite: the schema, and transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Store"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,      -- the sign-in address; Stripe never changes it
  password TEXT NOT NULL,
  customer TEXT UNIQUE             -- cus_…, where there is a billing record
);
CREATE TABLE IF NOT EXISTS tokens (
  digest TEXT PRIMARY KEY,         -- of a token that only its holder has
  kind TEXT NOT NULL,              -- session, api or link
  user INTEGER NOT NULL REFERENCES users,
  expires INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS attempts (
  digest TEXT NOT NULL,            -- of the address, which may be anything
  at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS mails (
  id INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL,
  link TEXT NOT NULL,
  sent INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS inbox (
  event TEXT PRIMARY KEY,          -- evt_…: a second delivery finds it taken
  type TEXT NOT NULL,
  subject TEXT NOT NULL,           -- cus_… or bpc_…: whose present state to ask for
  created INTEGER NOT NULL,
  processed INTEGER,               -- NULL until the state was asked for and kept
  attempts INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS odd (
  digest TEXT PRIMARY KEY,         -- of the payload: a second delivery finds it taken
  payload BLOB NOT NULL,           -- signed by Stripe, and of a shape unknown here
  received INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS inbox_subject ON inbox (subject, created);
CREATE INDEX IF NOT EXISTS inbox_waiting ON inbox (due) WHERE processed IS NULL;
CREATE TABLE IF NOT EXISTS billing (
  customer TEXT PRIMARY KEY,
  state TEXT NOT NULL              -- JSON, see billing.State
);
CREATE TABLE IF NOT EXISTS configurations (
  id TEXT PRIMARY KEY,
  features TEXT NOT NULL           -- JSON, names of what the portal offers
);
"""


class Store:
    """A SQLite file, made where there is none."""

    def __init__(self, path: str) -> None:
        """Open the file at a path, readable by its owner alone, or make it."""
        self._path = path
        Path(path).touch(mode=0o600)
        with self.transaction() as db:
            for statement in _SCHEMA.split(";\n"):
                db.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hand out a connection for one transaction: all of it is on disk, or nothing.

        A connection of its own each time, so that threads never share one.
        """
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()  # without the COMMIT, this rolls back
