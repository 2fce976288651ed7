"""Values for every field of the declarations, and previews and states with them.

What a field can hold is read from the declarations; only what a type can't say is
written here. A field that is added is tried by itself.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from pulumi_stripe_portal.review.states import SCHEMAS
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.schema.values import same

__all__ = [
    "BASES",
    "LEAVES",
    "Path",
    "invented",
    "pairs",
    "preview_of",
    "put",
    "state_of",
    "variants",
]

Values = dict[str, Any]
Path = tuple[str, ...]


def _plan(name: str, **quantity: Any) -> Values:
    """Return a product with a monthly and a yearly price."""
    keys = (f"{name}_monthly", f"{name}_annual")
    entry: Values = {"prices": [{"lookup_key": key} for key in keys]}
    return {**entry, "adjustable_quantity": quantity} if quantity else entry


PORTAL: Values = {
    "features": {
        "customer_update": {"enabled": True, "allowed_updates": ["email"]},
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {
            "enabled": True,
            "mode": "immediately",
            "cancellation_reason": {"enabled": True, "options": ["other"]},
        },
        "subscription_pause": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price", "quantity"],
            "products": [_plan("basic"), _plan("pro")],
        },
    },
    "default_return_url": "https://acme.example/account",
    "login_page": {"enabled": True},
    "name": "Pro portal",
}
"""A portal where every feature is on: whatever differs is felt."""
ENDPOINT: Values = {
    "url": "https://acme.example/hook",
    "enabled_events": ["invoice.paid"],
}
BASES: Mapping[str, Values] = {
    "PortalConfiguration": PORTAL,
    "DefaultPortalConfiguration": PORTAL,
    "WebhookEndpoint": ENDPOINT,
}

_MONTHS = [{"interval": "month", "interval_count": count} for count in (1, 3)]
_SPECIAL: Mapping[str, list[Any]] = {
    "duration": [
        {"type": "indefinite"},
        {"type": "interval_options", "interval_options": _MONTHS[:1]},
        {"type": "interval_options", "interval_options": _MONTHS},
    ],
    "products": [
        [_plan("basic")],
        [_plan("basic"), _plan("pro")],
        [_plan("basic", enabled=False), _plan("pro")],
        [_plan("basic", enabled=True, minimum=2, maximum=50), _plan("pro")],
        [{"prices": [{"lookup_key": "basic_monthly"}]}, _plan("pro")],
    ],
    "conditions": [
        [],
        [{"type": "shortening_interval"}],
        [{"type": "shortening_interval"}, {"type": "decreasing_item_amount"}],
    ],
    "metadata": [{}, {"tier": "pro"}, {"tier": "team", "owner": "growth"}],
    "enabled_events": [["invoice.paid"], ["invoice.paid", "customer.updated"], ["*"]],
    "extra_params": [
        {},
        {"features": {"subscription_update": {"new_switch": True}}},
        {"features": {"subscription_update": {"new_switch": False}}, "new": ["a"]},
    ],
    "account": ["acct_bakery", "acct_cinema"],
}


def variants(name: str, leaf: Node) -> list[Any]:
    """Return values that a leaf can have, None for not declared among them."""
    if name in _SPECIAL:
        found = _SPECIAL[name]
    elif leaf.kind == "list":
        choices = list(leaf.choices) or ["fbo_first", "fbo_second"]
        found = [[], choices[:1], choices[:3], choices[1:]]
    elif leaf.choices:
        found = list(leaf.choices)
    elif isinstance(leaf.mark.default, bool):
        found = [True, False]
    elif leaf.mark.url:
        found = ["https://acme.example/one", "https://acme.example/two"]
    else:
        found = ["", "one", "two"]
    return (
        found
        if leaf.required and not isinstance(leaf.mark.default, bool)
        else [
            None,
            *found,
        ]
    )


def put(values: Values, path: Path, value: Any) -> Values:
    """Return a copy with the value at the path; None takes it out."""
    values = copy.deepcopy(values)
    inside = values
    for name in path[:-1]:
        inside = inside.setdefault(name, {})
    inside[path[-1]] = value
    if value is None:
        del inside[path[-1]]
    return values


def _leaves() -> Iterator[Any]:
    for kind, root in SCHEMAS.items():
        for path, leaf in root.leaves():
            default = kind == "DefaultPortalConfiguration"
            if not (default and path == ("active",)):
                yield pytest.param(kind, path, leaf, id=f"{kind}-{'.'.join(path)}")


LEAVES = list(_leaves())


def pairs(path: Path, leaf: Node) -> Iterator[tuple[Any, Any]]:
    """Yield each of a leaf's values with each other that means something else."""
    found = variants(path[-1], leaf)
    for one, other in itertools.permutations(found, 2):
        if not same(leaf, one, other):
            yield one, other


def state_of(kind: str, inputs: Values, stack: str = "test", **outputs: Any) -> Values:
    """Return a resource as a state has it."""
    type_ = f"pulumi-python:dynamic/stripe-portal:{kind}"
    return {
        "urn": f"urn:pulumi:{stack}::shop::{type_}::it",
        "id": "bpc_1",
        "inputs": inputs,
        "outputs": {**inputs, "livemode": stack == "live", **outputs},
    }


def preview_of(
    op: str, old: Values | None, new: Values | None, *more: Values
) -> Values:
    """Return a preview with one step of these states, and more steps."""
    sides = {"oldState": old, "newState": new}
    known = {side: state for side, state in sides.items() if state is not None}
    urn = next(iter(known.values()))["urn"]
    return {"config": {}, "steps": [{"op": op, "urn": urn, **known}, *more]}


def invented(root: Node, at: Path, leaf: Node) -> Node:
    """Return a tree with one leaf more, inside the object at the path."""
    inside = invented(root.children[at[0]], at[1:], leaf) if at else leaf
    children = {**root.children, (at[0] if at else leaf.name): inside}
    return replace(root, children=children)
