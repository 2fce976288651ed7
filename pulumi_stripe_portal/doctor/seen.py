"""What an account has, as far as it can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_stripe_portal._ownership import objects_of
from pulumi_stripe_portal._shapes import odd_field
from pulumi_stripe_portal._stripe import Connection, Kind

__all__ = ["Seen", "seen"]


@dataclass(frozen=True)
class Seen:
    """The objects of one kind."""

    whole: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By id."""
    odd: dict[str, str] = field(default_factory=dict)
    """By id, the first field that is not as Stripe documents it."""


def seen(connection: Connection, kind: Kind) -> Seen:
    """Return the objects of a kind; asked for once in a process.

    Raises:
        RequestRefused: if Stripe refuses.
    """
    found = Seen()
    for each in objects_of(connection, kind).all():
        odd = odd_field(each)
        if odd is None:
            found.whole[each["id"]] = each
        else:
            found.odd[str(each.get("id"))] = odd
    return found
