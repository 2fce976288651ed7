"""What `on_delete="restore"` writes back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import value_at
from pulumi_stripe_portal.stripe_api.views import project_onto_inputs

__all__ = ["earlier_values"]


def earlier_values(
    root: Node,
    inputs: Mapping[str, Any],
    before: Mapping[str, Any],
    switches: Iterable[str],
) -> dict[str, Any]:
    """Return the declared fields as they were, and what else was switched off.

    With them goes what Stripe takes together only, declared or not: products with
    switching, and `create_prorations` with its mode.
    """
    earlier = project_onto_inputs(root, inputs, before, switches=switches)
    told, was = (each.get("features", {}) for each in (earlier, before))
    together: dict[str, tuple[str, ...]] = {}
    if value_at(told, ("subscription_update", "enabled")):
        together["subscription_update"] = ("products", "default_allowed_updates")
    pair = ("mode", "proration_behavior")
    if not told.get("subscription_cancel", {}).keys().isdisjoint(pair):
        together["subscription_cancel"] = pair
    for feature, names in together.items():
        for name in names:
            if name in was.get(feature, {}):
                told[feature].setdefault(name, was[feature][name])
    return earlier
