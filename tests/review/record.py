"""Makes the previews that the tests read, on the real engine and the sandbox.

    python -m tests.review.record            # all, a few minutes
    python -m tests.review.record pause_on   # one

Needs the Pulumi CLI on PATH. What only this machine or this minute would say is left
out: paths, times, URNs of providers.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.stack import Stack

from .scenarios import SCENARIOS, Scenario, add_reason

__all__ = ["CATALOGUE", "PREVIEWS", "prepared", "record"]

PREVIEWS = Path(__file__).parent / "previews"
CATALOGUE = Path(__file__).parent / "catalogue.json"
"""Prices of both modes, as Stripe lists them, and what else has a name."""

_STATE = ("urn", "type", "id", "inputs", "outputs", "retainOnDelete")
_OF_THE_MOMENT = ("__provider", "created", "updated")


def record(scenario: Scenario, folder: Path) -> dict[str, Any]:
    """Return what the engine's preview says about a scenario."""
    with prepared(scenario, folder) as (stack, flags):
        printed = stack.preview("--json", *flags, check=False).stdout
    return trimmed(json.loads(printed))


@contextmanager
def prepared(scenario: Scenario, folder: Path) -> Iterator[tuple[Stack, list[str]]]:
    """Yield a stack before the change of a scenario, and the flags of its preview."""
    with Sandbox() as sandbox:
        client = sandbox.client(livemode=scenario.stack == "live")
        key = sandbox.live_api_key if scenario.stack == "live" else sandbox.api_key
        stack = Stack(folder, sandbox, scenario.stack, {"STRIPE_API_KEY": key})
        stack.config("stripe-portal:mode", scenario.stack)
        made = scenario.prepare(client) if scenario.prepare else ""
        old, new = scenario.secrets
        if old:
            stack.config("policy", old, secret=True)
        stack.up(scenario.before.replace("ID", made))
        if new:
            stack.config("policy", new, secret=True)
        stack.program(scenario.after.replace("ID", made))
        if scenario.by_hand:
            scenario.by_hand(client)
        yield stack, ["--refresh"] if scenario.by_hand else []


def trimmed(preview: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a review doesn't read, and what differs from run to run."""
    steps = []
    for step in preview["steps"]:
        kept = {name: step[name] for name in ("op", "urn")}
        for side in ("oldState", "newState"):
            if side in step:
                state = {key: step[side][key] for key in _STATE if key in step[side]}
                kept[side] = _without_moment(state)
        steps.append(kept)
    diagnostics = preview.get("diagnostics") or []
    return {
        "config": preview.get("config") or {},
        "steps": steps,
        "diagnostics": [
            {**entry, "message": _without_paths(entry["message"])}
            for entry in diagnostics
        ],
    }


def _without_moment(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _without_moment(item)
            for key, item in value.items()
            if key not in _OF_THE_MOMENT
        }
    return value


def _without_paths(message: str) -> str:
    """Keep the first line of a traceback and the last."""
    head, trace, tail = message.partition("Traceback (most recent call last):\n")
    if not trace:
        return message
    return f"{head}{trace}  File …\n{tail.strip().splitlines()[-1]}\n"


def _catalogue() -> dict[str, Any]:
    prices: list[Any] = []
    with Sandbox() as sandbox:
        for livemode in (False, True):
            found = sandbox.client(livemode=livemode).v1.prices.list(
                {"limit": 100, "expand": ["data.product"]}
            )
            prices += [_without_moment(price.to_dict()) for price in found.data]
        kinds = sandbox.client().v1.payment_method_configurations.list().data[0]
        option = add_reason(sandbox.client())
    others = [
        {"id": kinds.id, "object": kinds.object, "name": "Cards only"},
        {"id": option.id, "object": option.object, "description": option.description},
    ]
    prices = [_told(price) for price in prices] + others
    return {"object": "list", "data": prices}


def _told(price: Mapping[str, Any]) -> dict[str, Any]:
    told = ("id", "object", "livemode", "lookup_key", "unit_amount", "currency")
    product = {name: price["product"][name] for name in ("id", "object", "name")}
    recurring = {n: price["recurring"][n] for n in ("interval", "interval_count")}
    kept = {name: price[name] for name in told}
    return {**kept, "recurring": recurring, "product": product}


def main() -> None:
    """Record what the command line names, or everything."""
    CATALOGUE.write_text(json.dumps(_catalogue(), indent=1) + "\n")
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or SCENARIOS:
            preview = record(SCENARIOS[name], Path(folder, name))
            text = json.dumps(preview, indent=1, ensure_ascii=False) + "\n"
            (PREVIEWS / f"{name}.json").write_text(text)
            print(name, flush=True)  # noqa: T201 - progress


if __name__ == "__main__":
    main()
