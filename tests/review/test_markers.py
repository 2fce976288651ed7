"""The ownership marker follows the resource, and a review says so."""

from __future__ import annotations

from typing import Any

from .leaves import BASES, preview_of
from .steps import PORTAL, resource, review, updated


def _text(old: str, new: str, **changes: Any) -> str:
    base = BASES[PORTAL]
    return updated(PORTAL, {**base, "marker": old}, {**base, "marker": new, **changes})


def test_alone() -> None:
    """Nothing else changes: said as what it is, and no secret is suspected."""
    text = _text(
        "shop/test/PortalConfiguration/old", "shop/test/PortalConfiguration/it"
    )

    assert ": 1 changed\n" in text
    assert (
        "- Stripe is told the resource's new name, stack or project (the ownership "
        "marker); nothing changes for customers.\n"
    ) in text
    assert (
        "| Ownership marker<br>`metadata.pulumi` | "
        "`shop/test/PortalConfiguration/old` | `shop/test/PortalConfiguration/it` |"
    ) in text
    assert "does not show" not in text


def test_beside_others() -> None:
    """With other changes it is said besides."""
    text = _text("shop/test/it", "shop/live/it", name="Other")

    assert "(the ownership marker).\n" in text
    assert "nothing changes for customers" not in text


def test_the_same() -> None:
    """A marker that stays is not spoken of."""
    assert "marker" not in _text("shop/test/it", "shop/test/it", name="Other")


def test_lost_at_stripe() -> None:
    """One that a refresh doesn't find is written again."""
    known = {**BASES[PORTAL], "marker": "shop/test/it"}
    states = resource(PORTAL, known), resource(PORTAL), resource(PORTAL, known)
    refresh = {
        "op": "refresh",
        "urn": states[0]["urn"],
        "oldState": states[0],
        "newState": states[1],
    }
    [update] = preview_of("update", *states[1:])["steps"]
    text = review(refresh, update)

    assert "The ownership marker is written again, which somebody changed or" in text
