"""Previews made by hand: steps of resources, and the review of them."""

from __future__ import annotations

import copy
from typing import Any

from pulumi_stripe_portal.review import markdown, read_plan, report_of

from .leaves import BASES, Values, preview_of, state_of

__all__ = ["DEFAULT", "ENDPOINT", "PORTAL", "resource", "review", "step", "updated"]

PORTAL = "PortalConfiguration"
DEFAULT = "DefaultPortalConfiguration"
ENDPOINT = "WebhookEndpoint"


def resource(
    kind: str, inputs: Values | None = None, name: str = "it", **outputs: Any
) -> Values:
    """Return a resource of this name as a state has it."""
    state = state_of(kind, copy.deepcopy(inputs or BASES[kind]), **outputs)
    state["urn"] = state["urn"].removesuffix("it") + name
    return state


def step(op: str, state: Values) -> Values:
    """Return what happens to one resource."""
    side = "oldState" if op == "delete" else "newState"
    return {"op": op, "urn": state["urn"], side: state}


def review(*steps: Values, diagnostics: Any = ()) -> str:
    """Return the review of a preview with these steps."""
    told = {"config": {}, "steps": [*steps], "diagnostics": [*diagnostics]}
    return markdown(report_of([read_plan(told)]))


def updated(kind: str, old: Values, new: Values, **outputs: Any) -> str:
    """Return the review of an update."""
    states = resource(kind, old, **outputs), resource(kind, new)
    return markdown(report_of([read_plan(preview_of("update", *states))]))
