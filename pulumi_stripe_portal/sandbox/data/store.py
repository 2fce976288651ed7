"""What the sandbox knows: accounts, keys and objects, apart by account and mode."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pulumi_stripe_portal.sandbox.errors import StripeError

from . import datafile
from .clock import LATEST
from .ids import alphanumeric
from .partition import Json, Partition

__all__ = [
    "API_VERSION",
    "Branding",
    "Json",
    "Key",
    "Partition",
    "Store",
]

API_VERSION = "2026-10-28.endive"
"""The version of Stripe's API whose shapes the sandbox answers with."""

_FORMAT = 1
"""Counts up when a data file can no longer be read by the version before."""


@dataclass(frozen=True)
class Key:
    """An API key and what it opens.

    *permissions* is None for a secret key, which may do everything; for a restricted
    key it holds Stripe's scopes, such as `rak_customer_portal_write`.
    """

    secret: str
    account: str
    livemode: bool
    permissions: tuple[str, ...] | None = None

    def allows(self, permission: str) -> bool:
        """Tell whether the key has *permission*; a write scope includes its read."""
        if self.permissions is None or permission in self.permissions:
            return True
        return permission.replace("_read", "_write") in self.permissions


@dataclass(frozen=True)
class Branding:
    """How customers see an account: its name, its colours, such as `#635bff`.

    *icon* and *logo* are the ids of files.
    """

    name: str = "Portal Sandbox"
    primary_color: str | None = None
    secondary_color: str | None = None
    icon: str | None = None
    logo: str | None = None


class Store:
    """Everything that outlives a request, behind one lock.

    With a *path* it is read from that JSON file and written back after each change,
    whole and atomically: a run that is killed leaves the file before or after it.
    *seed* fills a partition when it is first used.
    """

    def __init__(self, path: Path | None, seed: Callable[[Store, Partition], None]):
        """Keep the data at a path, None for memory alone, and seed what is new."""
        self.lock = threading.RLock()
        self.accounts: dict[str, str | None] = {}
        self.keys: dict[str, Key] = {}
        self.counters: dict[str, int] = {}
        self.offset = 0
        self.port = 0
        """Where it was served last: addresses in it keep leading to it."""
        self.brandings: dict[str, Branding] = {}
        self.older_links = False
        """Whether portal sessions have the older shape of link."""
        self.on_commit: Callable[[], None] = lambda: None
        """Called, with the lock held, whenever something has changed for good."""
        self.is_open = path is None
        """Whether what changes is kept: not before the file is read and locked."""
        self._path = path
        self._seed = seed
        self._partitions: dict[tuple[str, bool], Partition] = {}

    def partition(self, account: str, *, livemode: bool) -> Partition:
        """Return the objects of *account* in one mode, seeded if they are new."""
        found = self._partitions.get((account, livemode))
        if found is None:
            found = Partition(account, livemode)
            self._partitions[account, livemode] = found
            self._seed(self, found)
        return found

    def branding(self, account: str) -> Branding:
        """Return how customers see *account*, in both modes."""
        return self.brandings.get(account, Branding())

    def partitions(self) -> list[Partition]:
        """Return the partitions that have been used, in the order of first use."""
        return list(self._partitions.values())

    def new_id(self, prefix: str, scope: str = "", length: int = 24) -> str:
        """Make the next id with *prefix*: the same on every run, and never one again.

        *scope* keeps accounts and modes from sharing ids, as at Stripe.
        """
        number = self.counters[prefix] = self.counters.get(prefix, 0) + 1
        return prefix + alphanumeric(f"{prefix}/{scope}/{number}", length)

    @contextmanager
    def transaction(self, partition: Partition) -> Iterator[None]:
        """Hold the lock; keep what was changed, or nothing of it after an exception.

        But for a refusal that `keeps`.
        """
        with self.lock, partition.undoable() as undo:
            answers = dict(partition.idempotency)
            try:
                yield
            except BaseException as error:
                try:
                    if not (isinstance(error, StripeError) and error.keeps):
                        raise
                    self.save()
                except BaseException:
                    undo()
                    partition.idempotency = answers
                    raise
                self.on_commit()
                raise
            self.on_commit()

    @contextmanager
    def rehearsal(self, partition: Partition) -> Iterator[None]:
        """Hold the lock; keep nothing of what was changed: to see what would happen."""
        with self.lock, partition.undoable() as undo:
            counters = dict(self.counters)
            try:
                yield
            finally:
                undo()
                self.counters = counters

    def become(self, other: Store) -> None:
        """Take over everything that *other* knows."""
        self.accounts, self.keys = other.accounts, other.keys
        self.brandings = other.brandings
        self.counters, self.offset = other.counters, other.offset
        self._partitions = other._partitions

    def load(self) -> None:
        """Read the file, if there is one; the partitions in it are not seeded.

        From here on what changes is written, until `close`.

        Raises:
            DataFileError: It was not written by a sandbox.
        """
        if self._path is None:
            return
        data = datafile.read(self._path)
        if data is not None:
            try:
                self._take(data)
            except (AttributeError, KeyError, TypeError, ValueError):
                raise datafile.unknown(self._path) from None
        self.is_open = True

    def close(self) -> None:
        """Write nothing more: the file may be another sandbox's by now."""
        with self.lock:
            self.is_open = self._path is None

    def save(self) -> None:
        """Write the file; does nothing for a store that is kept in memory.

        Raises:
            DataFileError: It can't be written.
        """
        if self._path is None:
            return
        with self.lock:
            if not self.is_open:
                return
            data = {
                "format": _FORMAT,
                "counters": self.counters,
                "offset": self.offset,
                "port": self.port,
                "accounts": self.accounts,
                "brandings": {id_: vars(it) for id_, it in self.brandings.items()},
                "keys": [asdict(key) for key in self.keys.values()],
                "partitions": [each.as_json() for each in self._partitions.values()],
            }
            datafile.write(self._path, data)

    def _take(self, data: Json) -> None:
        if data["format"] != _FORMAT or not 0 <= data["offset"] <= LATEST:
            raise ValueError
        if not 0 <= data.get("port", 0) <= 65_535:
            raise ValueError
        brandings = data.get("brandings", {}).items()
        keys = [
            replace(Key(**item), permissions=scopes and tuple(scopes))
            for item in data["keys"]
            for scopes in [item["permissions"]]
        ]
        partitions = [Partition(**item) for item in data["partitions"]]
        for each in partitions:
            if not all(isinstance(items, dict) for items in each.objects.values()):
                raise TypeError
        self.counters = dict(data["counters"])
        self.offset, self.port = int(data["offset"]), int(data.get("port", 0))
        self.accounts = dict(data["accounts"])
        self.brandings |= {account: Branding(**item) for account, item in brandings}
        self.keys |= {key.secret: key for key in keys}
        self._partitions |= {(it.account, it.livemode): it for it in partitions}
