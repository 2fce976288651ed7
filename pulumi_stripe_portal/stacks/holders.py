"""Which objects the stack's own state holds, as the Pulumi CLI tells it.

The engine never tells a provider about other resources of the stack. So the state is
read, once in a process, and only where an object at Stripe carries the marker of a
resource that is to be created: a marker says who made it, not who uses it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine.urn import Urn

__all__ = ["Holders", "holders", "is_held", "note_stack"]


@dataclass(frozen=True)
class Holders:
    """What a stack's state knows."""

    urns: Mapping[str, str] = field(default_factory=dict)
    """The URN of the resource that holds an object, by the object's id."""
    reads: frozenset[str] = frozenset()
    """The ids of the objects that are read only, by `get`."""
    since: float | None = None
    """When the oldest resource in the state was made, by the local clock (seconds):
    what is older was made by another state. None where that is not known."""
    trouble: str = ""
    """Why the state could not be read."""


_lock = threading.Lock()
_stack: str | None = None
_known: Holders | None = None


def note_stack(reference: object) -> None:
    """Remember which stack this process works for, as `organization/project/stack`."""
    global _stack
    if isinstance(reference, str) and reference:
        _stack = reference


def holders() -> Holders | None:
    """Return what the stack's state holds, None outside of a provider process."""
    global _known
    if not engine.door().is_installed():
        return None
    with _lock:
        if _known is None:
            _known = _read()
        return _known


def is_held(*ids: str) -> bool:
    """Tell whether the state has one of the objects for the resource in question.

    The engine asks about a resource that it has as if it were new only where it is to
    be replaced.
    """
    known, urn = holders(), engine.door().resource_urn()
    held = known.urns if known else {}
    return any(id_ in held and held[id_] == urn for id_ in ids)


def _read() -> Holders:
    from pulumi_stripe_portal.stacks.pulumi_cli import StackError, resources

    urn = Urn.of(engine.door().resource_urn() or "")
    stack = _stack or (urn.stack if urn else "")
    if not stack:
        return Holders(trouble="its name is not known")
    try:
        found = resources(stack)
    except StackError as error:
        return Holders(trouble=str(error))
    made = [_seconds(each.get("created")) for each in found]
    known = [moment for moment in made if moment is not None]
    since = min(known, default=None if found else float("inf"))
    reads = frozenset(str(each.get("id")) for each in found if each.get("external"))
    managed = [each for each in found if each.get("id") and not each.get("external")]
    urns = {str(each["id"]): str(each.get("urn")) for each in managed}
    return Holders(urns, reads, since)


def _seconds(moment: object) -> float | None:
    """Return when a state says that a resource was made."""
    text = str(moment or "").replace("Z", "+00:00")
    head, dot, tail = text.partition(".")
    digits, plus, zone = tail.partition("+")
    try:  # Python 3.10 reads six digits of a second, and Go writes nine
        whole = f"{head}.{digits[:6]:0<6}+{zone}" if dot and plus else text
        return datetime.fromisoformat(whole).timestamp()
    except ValueError:
        return None
