"""What a sandbox has at one moment, to begin from there as often as is needed."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.sandbox.data.store import Partition, Store

__all__ = ["Kept"]


class Kept:
    """The data of a sandbox as they are now: made once, where making them is long."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._store = _copy(sandbox._store)

    def restore(self) -> None:
        """Let the sandbox be as it was; its requests and faults go, as at a reset."""
        self._sandbox.reset()
        self._sandbox._store.become(_copy(self._store))
        self._sandbox._clock.offset = self._store.offset


def _copy(store: Store) -> Store:
    """Return the same data, apart: objects are never changed in place."""
    copy = Store(None, store._seed)
    copy.accounts, copy.keys = dict(store.accounts), dict(store.keys)
    copy.brandings, copy.counters = dict(store.brandings), dict(store.counters)
    copy.offset = store.offset
    for each in store.partitions():
        partition = Partition(**each.as_json())
        partition.objects = {kind: dict(it) for kind, it in each.objects.items()}
        partition.idempotency = dict(each.idempotency)
        copy._partitions[each.account, each.livemode] = partition
    return copy
