"""What a resource that is to be created may do with the objects that carry its marker.

Nothing that is live is deleted, rewritten or deactivated because of its marker, but for
the leftover of an interrupted run: last changed within the hour by Stripe's clock, as
it was made or as the program declares it, and held by no resource that the program or
the stack's state knows.
Anything else that is live refuses the creation. Deactivated configurations, which
Stripe can't delete, are taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine.options import import_of
from pulumi_stripe_portal.errors import InvalidInputs
from pulumi_stripe_portal.stacks.holders import Holders, holders, is_held

if TYPE_CHECKING:
    from pulumi_stripe_portal.stripe_api.connection import Connection

__all__ = ["Claims", "age", "claims", "refuse_replacement", "release_command"]

Found = dict[str, Any]

_RECENTLY = 60 * 60  # seconds
_CLOCKS_APART = 2  # seconds: Stripe tells whole ones, and so does its `Date`


@dataclass(frozen=True)
class Claims:
    """What carries the marker of a resource that is to be created, newest first."""

    leftovers: Sequence[Found] = field(default_factory=list)
    """What an interrupted run left."""
    idle: Sequence[Found] = field(default_factory=list)
    """Deactivated configurations that no known resource holds."""


def claims(
    connection: Connection,
    marked: Sequence[Found],
    *,
    is_as_declared: Callable[[Found], bool] = lambda _found: False,
    default_is_managed: bool = False,
) -> Claims:
    """Sort the objects that carry the marker of a resource that is to be created.

    `is_as_declared` tells whether taking an object back would write nothing;
    `default_is_managed` that the program has a DefaultPortalConfiguration.

    Raises:
        InvalidInputs: If one is live and no leftover of an interrupted run.
    """
    if not marked:
        return Claims()
    urn = engine.door().resource_urn()
    known = holders() or Holders()
    leftovers, idle = [], []
    for found in marked:
        holder = known.urns.get(found["id"])
        if holder and holder == urn:
            if found.get("is_default"):
                raise InvalidInputs(_stays_default(found))
            # The engine creates under a URN that the state has only where it replaces
            # the object: it refuses a URN that is another resource's alias as well.
            continue
        if not found.get("active", True):
            if holder is None and not known.trouble:
                idle.append(found)
            continue
        reason = _holder(found, known) or (
            "a DefaultPortalConfiguration of this program manages it"
            if default_is_managed and found.get("is_default")
            else _in_use(connection, found, known.since, is_as_declared)
        )
        if reason:
            raise InvalidInputs(_refusal(connection, found, reason))
        leftovers.append(found)
    return Claims(leftovers, idle)


def refuse_replacement(found: Found) -> None:
    """Raise if the account's default is to be replaced by itself."""
    if is_held(found["id"]):
        raise InvalidInputs(_stays_default(found))


def _stays_default(found: Found) -> str:
    return (
        f"it can't be replaced: {found['id']} is the account's default configuration, "
        "which Stripe neither deactivates nor deletes; run without `--replace`, or "
        "take out what asks for the replacement"
    )


def _holder(found: Found, known: Holders) -> str:
    """Return which resource of the stack holds an object, "" where none does."""
    if known.trouble:
        return f"whether this stack manages it is not known ({known.trouble})"
    holder = known.urns.get(found["id"])
    if holder is None:
        return "this stack reads it with `get`" if found["id"] in known.reads else ""
    name = engine.resource_name(holder) or holder
    return (
        f"this stack manages it as {name} so far: where that is renamed, run "
        "`pulumi up` without the new resource first, and the marker follows"
    )


def _in_use(
    connection: Connection,
    found: Found,
    since: float | None,
    is_as_declared: Callable[[Found], bool],
) -> str:
    """Return why an object is no leftover of an interrupted run, "" if it is one."""
    changed = float(found.get("updated") or found["created"])
    # By the local clock; the sandbox's may have been moved since, on purpose.
    local = max(changed, changed - connection.ahead) + _CLOCKS_APART
    if since is not None and local < since:
        return "it is older than all that this stack's state holds"
    if connection.now() - changed > _RECENTLY:
        return "it has been in use for longer than an interrupted run takes"
    if changed == found["created"] or is_as_declared(found):
        return ""
    return "it was changed since"


def _refusal(connection: Connection, found: Found, reason: str) -> str:
    id_ = found["id"]
    return (
        f"{id_} carries this resource's ownership marker and is live. It was made "
        f"{age(connection, found)} ago; {reason}. It stays as it is: manage it with "
        f"{import_of(id_)}, or clear its marker with "
        f"`{release_command(id_)}` to make another one beside it"
    )


def release_command(id_: str) -> str:
    """Return the command that clears an object's marker."""
    return f"stripe-portal release {id_}"


def age(connection: Connection, found: Mapping[str, Any]) -> str:
    """Return how long ago an object was made, in words."""
    seconds = max(connection.now() - found["created"], 0)
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' * (count != 1)}"
    return "less than a minute"
