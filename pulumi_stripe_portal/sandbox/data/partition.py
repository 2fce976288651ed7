"""The objects of one account in one mode, and how changes to them are undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Json", "Partition"]

Json = dict[str, Any]


@dataclass
class Partition:
    """One account's objects in one mode.

    Objects are never changed in place: `put` a changed copy. So what a change takes to
    be undone is what stood there before, however many others there are.
    """

    account: str
    livemode: bool
    objects: dict[str, dict[str, Json]] = field(default_factory=dict)
    idempotency: dict[str, Json] = field(default_factory=dict)
    version: int = field(default=0, init=False)
    """Another one after each change, within this process."""
    _undo: list[tuple[str, str, Any]] | None = field(default=None, init=False)
    """Kind, id and what it was, None for nothing; without an id, all of the kind."""
    _mark: int = field(default=0, init=False)
    """Where the innermost block that can be undone begins."""

    def all(self, kind: str) -> list[Json]:
        """Return the objects of *kind* (`price`, `event`, ...), newest first."""
        return list(self.newest_first(kind))

    def newest_first(self, kind: str) -> Iterator[Json]:
        """Go through the objects of *kind*, while nothing changes."""
        return reversed(self.objects.get(kind, {}).values())

    def get(self, kind: str, id_: str) -> Json | None:
        """Return the object of *kind* with the id *id_*, None where there is none."""
        return self.objects.get(kind, {}).get(id_)

    def put(self, item: Json) -> None:
        """Add *item*, or replace the one with its `object` and `id`."""
        kind, id_ = item["object"], item["id"]
        items = self.objects.setdefault(kind, {})
        if self._undo is not None:
            self._undo.append((kind, id_, items.get(id_)))
        self.version += 1
        items[id_] = item

    def remove(self, item: Json) -> None:
        """Forget *item*."""
        kind = item["object"]
        if self._undo is not None:
            # Their order is to come back as well.
            whole = (each[:2] == (kind, "") for each in self._undo[self._mark :])
            if not any(whole):
                self._undo.append((kind, "", dict(self.objects[kind])))
        self.version += 1
        del self.objects[kind][item["id"]]

    @contextmanager
    def undoable(self) -> Iterator[Callable[[], None]]:
        """Give what undoes all that was changed within; such blocks may be nested."""
        outer, mark = self._undo, self._mark
        done = self._undo = [] if outer is None else outer
        self._mark = len(done)

        def undo() -> None:
            while len(done) > self._mark:
                kind, id_, before = done.pop()
                if not id_:
                    self.objects[kind] = before
                elif before is None:
                    self.objects[kind].pop(id_, None)
                else:
                    self.objects[kind][id_] = before
            self.version += 1

        try:
            yield undo
        finally:
            self._undo, self._mark = outer, mark

    def as_json(self) -> Json:
        """Return what is kept of it, for `Partition(**…)`."""
        names = ("account", "livemode", "objects", "idempotency")
        return {name: getattr(self, name) for name in names}
