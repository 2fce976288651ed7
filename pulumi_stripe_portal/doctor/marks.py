"""Whether the objects of a stack carry its markers, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.schema.resources import WEBHOOK_ENDPOINT
from pulumi_stripe_portal.stacks.recorded import Recorded
from pulumi_stripe_portal.stripe_api.markers import marker_of
from pulumi_stripe_portal.stripe_api.owners import is_marker_of, owner_of

__all__ = ["mark_problems"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def mark_problems(
    each: Recorded, found: Mapping[str, Any], everyone: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a resource's marker, and what to do about it.

    `found` is its object, `everyone` all objects of its kind.
    """
    # What was adopted is marked with the first write to it; "" is recorded where a
    # refresh found that the marker is gone.
    written = "marker" in each.outputs
    own = _text(each.outputs.get("marker")) or _text(each.inputs.get("marker"))
    owner = owner_of(found)
    if owner is None:
        if written:
            yield (
                f"{each.id} has lost the marker that says whose it is",
                "the next `pulumi up --refresh` writes it again",
            )
    elif own and not _is_own(each, own, owner.marker):
        yield (
            f"{each.id} carries the marker of {owner.text()}, which writes to it too",
            "take it out of one of the two; once that one has let go of it, "
            f"`stripe-portal release {each.id}`, and `pulumi up --refresh` here",
        )
    twins = [
        other["id"]
        for other in everyone
        if own
        and other["id"] != each.id
        and _is_live(other)
        and is_marker_of(marker_of(other) or "", own)
    ]
    if twins:
        yield (
            f"{', '.join(twins)} carries its marker as well: an interrupted run or a "
            "rotation left it, or the resource was renamed",
            "delete or deactivate what nothing uses at Stripe; what is in use, adopt "
            f"under another name, after `stripe-portal release {' '.join(twins)}`",
        )


def _is_own(each: Recorded, own: str, marker: str) -> bool:
    """Tell whether a marker is the one that the resource writes.

    An endpoint's ends with a digest. The whole is compared only where it was too long
    and so is a digest itself: of what is in it, the state may not tell all (secrets).
    """
    if is_marker_of(marker, own):
        return True
    props = {**each.outputs, **each.inputs, "marker": own}
    endpoint = each.type == WEBHOOK_ENDPOINT.name
    return endpoint and marker == WebhookEndpointProvider().mark(props)


def _is_live(found: Mapping[str, Any]) -> bool:
    return found.get("active", True) is True and found.get("status") != "disabled"


def _text(value: Any) -> str:
    """Return a marker, "" where it is none that can have been written."""
    return value if isinstance(value, str) and not _SURROGATE.search(value) else ""
