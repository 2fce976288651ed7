"""Reads what `pulumi preview --json` prints into changes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from pulumi_stripe_portal.schema.resources import PORTAL, type_name
from pulumi_stripe_portal.schema.tree import Node
from pulumi_stripe_portal.stacks.preview import (
    Message,
    Step,
    messages_of,
    preview_of,
)
from pulumi_stripe_portal.stacks.recorded import is_provider, own_provider, state_of
from pulumi_stripe_portal.stripe_api.settings import NAMESPACE, whole_names

from .prices import PriceBook
from .states import (
    SCHEMAS,
    Key,
    declared_part,
    inputs_of,
    is_imported,
    key_of,
    outputs_of,
    program_inputs,
)
from .text import clean
from .values import UNKNOWN, Values, conceal, differences, reveal

__all__ = ["Change", "Op", "Plan", "read_plan"]

Op = Literal["create", "adopt", "update", "replace", "delete", "release", "remake"]
"""What happens to a resource: `adopt` takes an existing object under code as it is,
`release` lets go of one, `remake` makes one again that is gone at Stripe."""

_UNTOLD: Values = {f"{NAMESPACE}:apiKey": UNKNOWN}
"""The settings of an explicit provider that a preview doesn't show: it is unchanged."""
_OPS: Mapping[str, Op] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
}


@dataclass(frozen=True)
class Change:
    """What a preview says about one resource."""

    key: Key
    op: Op
    recorded: Values | None
    """The inputs of the last `up`; None for what is new."""
    found: Values | None
    """The same as a refresh found it at Stripe; None where it is gone."""
    after: Values | None
    """The inputs of the program now; None where it no longer has the resource."""
    outputs: Values = field(default_factory=dict)
    """What the state remembers besides, e.g. `is_default`."""
    own_settings: Values | None = None
    """Those of its explicit provider; None where the stack's serve it."""
    becomes_default: bool = False
    """Whether the provider warned that it becomes the account's default for ever."""
    announcements: tuple[str, ...] = ()
    """What the provider warns of, e.g. what it would take back."""
    markers: tuple[str, str, str] = ("", "", "")
    """The ownership marker as recorded, as found at Stripe, and as it will be."""
    book: PriceBook = field(default_factory=PriceBook)
    """The prices, and other names, of its account and mode as far as they are known."""
    default: Values | None = None
    """What the account's default is set to today, where that was asked."""

    @property
    def root(self) -> Node:
        """The tree of the resource's inputs."""
        return SCHEMAS[self.key.type]

    @property
    def is_default(self) -> bool:
        """Whether sessions that name no configuration show it."""
        return self.key.is_default or self.outputs.get("is_default") is True

    @property
    def mode(self) -> str:
        """`test` or `live`, "" where the preview doesn't tell."""
        livemode = self.outputs.get("livemode")
        if isinstance(livemode, bool):
            return "live" if livemode else "test"
        if self.own_settings is None or self.own_settings == _UNTOLD:
            return ""
        named = self.own_settings.get(f"{NAMESPACE}:mode")
        return "live" if named == "live" else "test"

    @cached_property
    def drifted(self) -> bool:
        """Whether a refresh found it otherwise than the last `up` left it."""
        if self.recorded is None or self.found is None:
            return self.op == "remake"
        if self.recorded == self.found:
            return False
        return any(differences(self.root, self.recorded, self.found))

    @property
    def remarked(self) -> bool:
        """Whether an update writes another ownership marker."""
        _, found, will = self.markers
        return self.op == "update" and bool(will) and found != will

    @cached_property
    def by_code(self) -> bool:
        """Whether the code asks for more than to undo what drifted."""
        if self.op != "update" or not self.drifted or self.remarked:
            return True
        return any(differences(self.root, self.recorded or {}, self.after or {}))


@dataclass(frozen=True)
class Plan:
    """One preview of one stack."""

    stack: str
    project: str
    mode: str
    """`test` or `live`."""
    changes: tuple[Change, ...]
    errors: tuple[Message, ...] = ()
    """Why the preview failed."""
    warnings: tuple[Message, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    """How many resources of other packages change, by operation."""
    states: tuple[Values, ...] = ()
    """The states of all resources that may have names, or tell of those that have."""
    config: Mapping[str, str] = field(default_factory=dict)
    """The stack's settings, less those that are secret."""
    unread: tuple[str, ...] = ()
    """The places of the preview that have no form that they can have."""


def read_plan(preview: Any, stack: str = "", states: Iterable[Values] = ()) -> Plan:
    """Return what a preview says; `stack` names it where the preview does not.

    `states` are those of the stack's resources: a preview shows only what changes.

    Raises:
        NotAPreview: If it is some other JSON.
    """
    told = preview_of(preview)
    of_stack, project = _origin(told.steps)
    errors, warned = messages_of(told.diagnostics)
    ours: dict[Key, list[Step]] = {}
    others: Counter[str] = Counter()
    for step in told.steps:
        key = key_of(step.urn)
        if key is not None:
            ours.setdefault(key, []).append(step)
        elif step.op in _OPS and not any(each in step.urn for each in _OF_PULUMI):
            others[_OPS[step.op]] += 1
    known = tuple(_informants(states, told.steps))
    providers = {
        state["urn"]: whole_names(state["inputs"])
        for state in known
        if is_provider(state["type"])
    }
    texts: dict[tuple[str, str], list[str]] = {}
    for each in warned:
        texts.setdefault((each.kind, each.resource), []).append(each.text)
    found = (
        _change(key, ours[key], texts.get((key.type, key.name), []), providers)
        for key in sorted(ours)
    )
    changes = tuple(filter(None, found))
    return Plan(
        stack=of_stack or stack,
        project=project,
        mode=_mode(told.config, changes),
        changes=changes,
        errors=errors,
        warnings=warned,
        others=dict(sorted(others.items())),
        states=known,
        config=told.config,
        unread=told.unread,
    )


_OF_PULUMI = ("::pulumi:pulumi:Stack::", "::pulumi:providers:")
"""What Pulumi itself has in every stack."""


def _informants(given: Iterable[Values], steps: Iterable[Step]) -> Iterator[Values]:
    """Yield the states that may tell names; of this package's, only the ids do."""
    sides = (state for step in steps for state in (step.old, step.new))
    for state in (*map(state_of, given), *sides):
        type_ = state["type"] if state else ""
        if state and type_name(type_):
            yield state
        elif state and (type_.endswith((":Price", ":Product")) or is_provider(type_)):
            shown = {name: reveal(state[name]) for name in ("inputs", "outputs")}
            yield {**state, **shown}


def _origin(steps: Iterable[Step]) -> tuple[str, str]:
    """Return the stack and project that the first URN names."""
    for step in steps:
        parts = step.urn.split("::", 2)
        if len(parts) == 3 and parts[0].startswith("urn:pulumi:"):
            return clean(parts[0].removeprefix("urn:pulumi:")), clean(parts[1])
    return "", ""


def _mode(config: Mapping[str, str], changes: Iterable[Change]) -> str:
    for change in changes:
        if change.mode and change.own_settings is None:
            return change.mode
    return "live" if config.get(f"{NAMESPACE}:mode") == "live" else "test"


def _change(
    key: Key,
    steps: list[Step],
    warnings: Sequence[str],
    providers: Mapping[str, Values],
) -> Change | None:
    """Return what the steps of one resource come to, None where nothing happens."""
    # Pulumi itself imports: alone, or before an update to what the code has otherwise.
    imports = (step for step in steps if step.op == "import")
    main = next((step for step in steps if step.op in _OPS), next(imports, None))
    if main is None:
        return None
    refreshed = next((step for step in steps if step.op == "refresh"), None)
    op = _OPS.get(main.op, "adopt")
    if op == "create" and refreshed:
        op = "remake"
    elif op == "create" and main.new and main.new["inputs"].get("adopt"):
        op = "adopt"
    elif op == "delete" and main.old and main.old["retainOnDelete"]:
        op = "release"
    provider = own_provider(main.provider)
    found = inputs_of(key.type, main.old)
    old = refreshed.old if refreshed else main.old
    recorded = inputs_of(key.type, old) if refreshed else found
    after = program_inputs(key.type, main.new)
    markers = _marker(old), _marker(main.old), _marker(main.new)
    if found is not None and after is not None and is_imported(main.old):
        found = recorded = declared_part(key.resource_type, found, after)
        markers = (markers[-1],) * 3
    return Change(
        key=key,
        op=op,
        recorded=conceal(recorded, after),
        found=conceal(found, after),
        after=after,
        outputs={**outputs_of(key.type, old, recorded), **_newest(main.old)},
        own_settings=providers.get(provider, _UNTOLD) if provider else None,
        becomes_default=op in ("create", "remake")
        and key.resource_type is PORTAL
        and any("first one becomes its default" in text for text in warnings),
        announcements=tuple(warnings),
        markers=markers,
    )


def _newest(state: Values | None) -> Values:
    """Return what a refresh tells that no declared field does."""
    outputs = state["outputs"] if state else {}
    return {k: reveal(v) for k, v in outputs.items() if k == "undeclared_on"}


def _marker(state: Values | None) -> str:
    marker = state["inputs"].get("marker") if state else None
    return marker if isinstance(marker, str) else ""
