"""Reads what `pulumi preview --json` prints into changes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi_stripe_portal._recorded import own_provider
from pulumi_stripe_portal._schema import Node, schema_of
from pulumi_stripe_portal._settings import NAMESPACE
from pulumi_stripe_portal._values import tidy
from pulumi_stripe_portal.inputs import (
    DefaultPortalConfigurationInputs,
    PortalConfigurationInputs,
    WebhookEndpointInputs,
)

from .messages import Message, Messages, messages_of
from .values import UNKNOWN, changed, revealed

__all__ = [
    "SCHEMAS",
    "Change",
    "Key",
    "NotAPreview",
    "Op",
    "Plan",
    "inputs_of",
    "key_of",
    "read_plan",
]

Values = Mapping[str, Any]
Op = Literal["create", "adopt", "update", "replace", "delete", "release", "remake"]
"""What happens to a resource: `adopt` takes an existing object under code as it is,
`release` lets go of one, `remake` makes one again that is gone at Stripe."""

SCHEMAS: Mapping[str, Node] = {
    "PortalConfiguration": schema_of(PortalConfigurationInputs),
    "DefaultPortalConfiguration": schema_of(DefaultPortalConfigurationInputs),
    "WebhookEndpoint": schema_of(WebhookEndpointInputs),
}
"""The resources that a review tells of, by the last word of their type."""

_PROVIDER = "pulumi:providers:pulumi-python"
_UNTOLD: Values = {f"{NAMESPACE}:apiKey": UNKNOWN}
"""The settings of an explicit provider that a preview doesn't show: it is unchanged."""
_PREFIX = "pulumi-python:dynamic/stripe-portal:"
_ANNOUNCING = ("takes back", "deletes", "replaces", "adopts", "manages")
_OPS: Mapping[str, Op] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
}


class NotAPreview(ValueError):
    """The JSON is not what `pulumi preview --json` prints."""


@dataclass(frozen=True, order=True)
class Key:
    """Which resource of a program, in whichever stack."""

    type: str
    name: str
    parent: str = ""
    """The types of the components that it is in."""


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
    """What the provider says it will do besides, e.g. `takes back bpc_…`."""
    markers: tuple[str, str, str] = ("", "", "")
    """The ownership marker as recorded, as found at Stripe, and as it will be."""

    @property
    def root(self) -> Node:
        """The tree of the resource's inputs."""
        return SCHEMAS[self.key.type]

    @property
    def is_endpoint(self) -> bool:
        """Whether it is a webhook endpoint rather than a portal."""
        return self.key.type == "WebhookEndpoint"

    @property
    def is_default(self) -> bool:
        """Whether sessions that name no configuration show it."""
        known = self.key.type == "DefaultPortalConfiguration"
        return known or self.outputs.get("is_default") is True

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

    @property
    def drifted(self) -> bool:
        """Whether a refresh found it otherwise than the last `up` left it."""
        if self.recorded is None or self.found is None:
            return self.op == "remake"
        if self.recorded == self.found:
            return False
        return any(changed(self.root, self.recorded, self.found))

    @property
    def remarked(self) -> bool:
        """Whether an update writes another ownership marker."""
        _, found, will = self.markers
        return self.op == "update" and bool(will) and found != will

    @property
    def by_code(self) -> bool:
        """Whether the code asks for more than to undo what drifted."""
        if self.op != "update" or not self.drifted or self.remarked:
            return True
        return any(changed(self.root, self.recorded or {}, self.after or {}))


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
    """The states of all resources that are known, for the names in them."""


def read_plan(preview: Any, stack: str = "", states: Iterable[Values] = ()) -> Plan:
    """Return what a preview says; `stack` names it where the preview does not.

    `states` are those of the stack's resources: a preview shows only what changes.

    Raises:
        NotAPreview: if it is some other JSON.
    """
    if not isinstance(preview, Mapping) or not (
        isinstance(preview.get("steps"), list)
        or isinstance(preview.get("diagnostics"), list)
    ):
        raise NotAPreview(
            "it has no `steps`, so `pulumi preview --json` didn't make it"
        )
    steps = [step for step in preview.get("steps") or () if isinstance(step, Mapping)]
    of_stack, project = _origin(str(step.get("urn")) for step in steps)
    messages = messages_of(preview.get("diagnostics") or ())
    ours: dict[Key, list[Values]] = {}
    others: Counter[str] = Counter()
    for step in steps:
        urn = str(step.get("urn"))
        key = key_of(urn)
        if key is not None:
            ours.setdefault(key, []).append(step)
        elif "::pulumi:pulumi:Stack::" not in urn and "::pulumi:providers:" not in urn:
            others.update(filter(None, [_OPS.get(str(step.get("op")))]))
    known = [*states, *_states(steps)]
    told = tuple(revealed(state) for state in known)
    providers = {
        str(state.get("urn")): state.get("inputs") or {}
        for state in told
        if state.get("type") == _PROVIDER
    }
    found = (_change(key, ours[key], messages, providers) for key in sorted(ours))
    changes = tuple(change for change in found if change is not None)
    return Plan(
        stack=of_stack or stack,
        project=project,
        mode=_mode(preview.get("config"), changes),
        changes=changes,
        errors=messages.errors,
        warnings=messages.warnings,
        others=dict(sorted(others.items())),
        states=told,
    )


def _states(steps: Iterable[Values]) -> Iterator[Values]:
    for step in steps:
        for state in (step.get("oldState"), step.get("newState")):
            if isinstance(state, Mapping):
                yield state


def _origin(urns: Iterable[str]) -> tuple[str, str]:
    """Return the stack and project that the first URN names."""
    for urn in urns:
        parts = urn.split("::", 2)
        if len(parts) == 3 and parts[0].startswith("urn:pulumi:"):
            return parts[0].removeprefix("urn:pulumi:"), parts[1]
    return "", ""


def key_of(urn: str) -> Key | None:
    """Return which of our resources a URN names, None for any other."""
    parts = urn.split("::", 3)
    if len(parts) != 4:
        return None
    parent, _, token = parts[2].rpartition("$")
    kind = token.removeprefix(_PREFIX)
    known = token != kind and kind in SCHEMAS
    return Key(kind, parts[3], parent) if known else None


def _mode(config: Any, changes: Iterable[Change]) -> str:
    for change in changes:
        if change.mode and change.own_settings is None:
            return change.mode
    named = config.get(f"{NAMESPACE}:mode") if isinstance(config, Mapping) else None
    return "live" if named == "live" else "test"


def _change(
    key: Key,
    steps: list[Values],
    messages: Messages,
    providers: Mapping[str, Values],
) -> Change | None:
    """Return what the steps of one resource come to, None where nothing happens."""
    main = next((step for step in steps if step.get("op") in _OPS), None)
    if main is None:
        return None
    refreshed = next((step for step in steps if step.get("op") == "refresh"), None)
    old, new = main.get("oldState"), main.get("newState")
    op = _OPS[str(main["op"])]
    recorded = refreshed.get("oldState") if refreshed else old
    if op == "create" and refreshed:
        op = "remake"
    elif op == "create" and ((new or {}).get("inputs") or {}).get("adopt"):
        op = "adopt"
    elif op == "delete" and (old or {}).get("retainOnDelete"):
        op = "release"
    provider = own_provider(main.get("provider"))
    warned = [each.text for each in messages.warnings if each.resource == key.name]
    return Change(
        key=key,
        op=op,
        recorded=inputs_of(key.type, recorded),
        found=inputs_of(key.type, old),
        after=_declared(key, new),
        outputs=revealed({**_outputs(recorded), **_newest(old)}),
        own_settings=providers.get(provider, _UNTOLD) if provider else None,
        becomes_default=op in ("create", "remake")
        and key.type == "PortalConfiguration"
        and any("first one becomes its default" in text for text in warned),
        announcements=tuple(text for text in warned if text.startswith(_ANNOUNCING)),
        markers=(_marker(recorded), _marker(old), _marker(new)),
    )


def _outputs(state: Any) -> Values:
    outputs = state.get("outputs") if isinstance(state, Mapping) else None
    return outputs if isinstance(outputs, Mapping) else {}


def _newest(state: Any) -> Values:
    """Return what a refresh tells that no declared field does."""
    return {k: v for k, v in _outputs(state).items() if k == "undeclared_on"}


def _marker(state: Any) -> str:
    inputs = state.get("inputs") if isinstance(state, Mapping) else None
    marker = inputs.get("marker") if isinstance(inputs, Mapping) else None
    return marker if isinstance(marker, str) else ""


def inputs_of(kind: str, state: Any) -> Values | None:
    """Return the inputs that a recorded state stands for, None without a state.

    What Stripe was last known to hold counts, which is in the outputs: they differ
    from the inputs where an update came to a halt half-way.
    """
    if not isinstance(state, Mapping):
        return None
    inputs = revealed(state.get("inputs") or {})
    outputs = revealed(state.get("outputs") or {})
    values = {
        name: inputs.get(name)
        if child.mark.ours
        else outputs.get(name, inputs.get(name))
        for name, child in SCHEMAS[kind].children.items()
    }
    return _tidied(kind, values)


def _declared(key: Key, state: Any) -> Values | None:
    """Return the inputs that the program declares, None where it no longer does."""
    if not isinstance(state, Mapping):
        return None
    inputs = revealed(state.get("inputs") or {})
    kept = {name: inputs.get(name) for name in SCHEMAS[key.type].children}
    return _tidied(key.type, kept)


def _tidied(kind: str, values: Values) -> Values:
    tidied: Values = tidy(SCHEMAS[kind], values)
    return tidied
