"""Changes are undone to what was there, in its order, whatever they were."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox.data.partition import Partition

ITEMS = st.builds(
    lambda kind, id_, value: {"object": kind, "id": id_, "value": value},
    st.sampled_from(["price", "event"]),
    st.sampled_from(["a", "b", "c", "d"]),
    st.integers(0, 3),
)
CHANGES = st.lists(st.tuples(st.sampled_from(["put", "remove"]), ITEMS), max_size=8)
BLOCKS: st.SearchStrategy[Any] = st.recursive(
    CHANGES,
    lambda inner: st.tuples(CHANGES, st.booleans(), inner, CHANGES),
    max_leaves=4,
)


def change(partition: Partition, changes: list[Any]) -> None:
    """Put and remove, what is there."""
    for verb, item in changes:
        if verb == "put":
            partition.put(item)
        elif partition.get(item["object"], item["id"]):
            partition.remove(item)


def do(partition: Partition, block: Any) -> None:
    """Do the changes of a block; those of one within are undone where it says so."""
    if isinstance(block, list):
        change(partition, block)
        return
    before, is_undone, inner, after = block
    change(partition, before)
    there = seen(partition)
    with partition.undoable() as undo:
        do(partition, inner)
        if is_undone:
            undo()
            assert seen(partition) == there
    change(partition, after)


def seen(partition: Partition) -> dict[str, list[Any]]:
    """Return what the partition answers, in its order."""
    return copy.deepcopy({kind: partition.all(kind) for kind in ("price", "event")})


@given(first=CHANGES, block=BLOCKS, later=CHANGES)
def test_undone_is_as_before(first: list[Any], block: Any, later: list[Any]) -> None:
    """Also where blocks within were undone, or not; and afterwards all goes on."""
    partition = Partition("acct_1", livemode=False)
    change(partition, first)
    before, version = seen(partition), partition.version
    with partition.undoable() as undo:
        do(partition, block)
        undo()
        assert seen(partition) == before
        assert partition.version > version
    change(partition, later)
    expected = Partition("acct_1", livemode=False)
    change(expected, first)
    change(expected, later)
    assert seen(partition) == seen(expected)
