"""Clears the ownership markers of objects, so that another stack may adopt them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.schema.metadata_rules import MARKER_KEY
from pulumi_stripe_portal.schema.resources import Kind, kind_of_id
from pulumi_stripe_portal.schema.visible import shown_address, visible
from pulumi_stripe_portal.stacks.recorded import Recorded
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.owners import Owner, owner_of
from pulumi_stripe_portal.stripe_api.settings import Settings

__all__ = ["Marked", "look_up", "name_managed", "release"]

Say = Callable[[str], None]
"""Tells the user how far the work is."""


@dataclass(frozen=True)
class Marked:
    """An object, and whose it is."""

    id: str
    kind: Kind
    label: str
    """Its name, or its URL without what may be secret in it."""
    owner: Owner | None
    where: str
    """Its mode and account."""
    connection: Connection

    def text(self) -> str:
        """Return what it is, in one line."""
        label = f" {self.label}" if self.label else ""
        whose = f"marked by {self.owner.text()}" if self.owner else "without a marker"
        return f"{self.id}: {self.kind.noun}{label} in {self.where}, {whose}"


def look_up(
    settings: Settings,
    ids: Sequence[str],
    managed: Sequence[Recorded],
    say: Say,
) -> list[Marked]:
    """Return the objects with these ids; what the stack manages, in its own account.

    Raises:
        RequestRefused: If one doesn't exist, with all that don't.
    """
    accounts = {each.id: each.account for each in managed}
    found: list[Marked] = []
    missing: list[str] = []
    for number, id_ in enumerate(ids, 1):
        say(f"Reading from Stripe: {number} of {len(ids)}")
        kind = kind_of_id(id_)
        assert kind is not None, id_  # noqa: S101 - the command has checked it
        connection = Connection.to(settings, accounts.get(id_))
        try:
            item = connection.retrieve(kind, id_)
        except RequestRefused as refused:
            if not refused.says_missing(id_):
                raise
            missing.append(id_)
        else:
            account = connection.account or connection.account_id()
            where = f"{settings.mode} mode{f' of {account}' if account else ''}"
            whose = owner_of(item)
            found.append(Marked(id_, kind, _label(item), whose, where, connection))
    if missing:
        raise RequestRefused(
            f"there is no {' and no '.join(missing)} in {settings.mode} mode of the "
            "key's account; nothing was written"
        )
    return found


def release(objects: Iterable[Marked]) -> Iterator[str]:
    """Clear the markers one by one, and yield the id of each that is done.

    Raises:
        RequestRefused: If Stripe refuses one; those before it are done.
    """
    for each in objects:
        # `""` removes a key: https://docs.stripe.com/api/metadata
        each.connection.update(each.kind, each.id, {"metadata": {MARKER_KEY: ""}})
        yield each.id


def name_managed(
    objects: Iterable[Marked], managed: Sequence[Recorded], stack: str
) -> Iterator[str]:
    """Say which of the objects the stack has in its state."""
    holders = {each.id: each for each in managed}
    for each in objects:
        holder = holders.get(each.id)
        if holder is not None:
            yield (
                f"stack {stack} still manages {each.id}, as {holder.type} "
                f"'{visible(holder.name)}': it writes the marker again, unless it "
                "lets go first (`retain_on_delete`, or `pulumi state delete`)"
            )


def _label(found: Mapping[str, Any]) -> str:
    url, name = found.get("url"), found.get("name")
    if isinstance(url, str):
        return shown_address(url)
    return f"'{visible(name)}'" if isinstance(name, str) and name else ""
