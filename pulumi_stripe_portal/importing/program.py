"""Writes the program that takes existing objects under code. Pure."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_stripe_portal.events import PORTAL_EVENTS, SUBSCRIPTION_EVENTS
from pulumi_stripe_portal.schema.resources import (
    RESOURCE_TYPES,
    WEBHOOK_ENDPOINTS,
    ResourceType,
    type_of,
)
from pulumi_stripe_portal.schema.visible import visible
from pulumi_stripe_portal.stacks.recorded import Recorded
from pulumi_stripe_portal.stripe_api.owners import Owner, is_marker_of, owner_of

from .declaring import PriceNames, inputs_of
from .literals import WIDTH, Call, Code, write_expression
from .names import Name, Names, suggestions

__all__ = ["Adopter", "Existing", "Imported", "Program", "import_file", "program"]

Values = Mapping[str, Any]

_FIRST = (
    "name",
    "business_profile",
    "default_return_url",
    "login_page",
    "url",
    "enabled_events",
    "description",
)
_LAST = ("metadata", "active", "disabled", "features")
"""The order of the arguments, as in the example; others stand between."""
_PRESETS = {
    "PORTAL_EVENTS": sorted(PORTAL_EVENTS),
    "SUBSCRIPTION_EVENTS": sorted(SUBSCRIPTION_EVENTS),
}
_SECRETS = """\
# Stripe tells an endpoint's secret only when it is made. Give the stack the ones that
# you have, and they are the outputs `secret` here:
#   pulumi config set --secret {setting}
config = pulumi.Config()
"""


@dataclass(frozen=True)
class Existing:
    """An object as Stripe has it."""

    found: Values
    names: Sequence[str] = ()
    """What it is called elsewhere, the best first; kept where that is free."""


@dataclass(frozen=True)
class Adopter:
    """The stack that is to run the program, as far as it is known."""

    managed: Sequence[Recorded] = ()
    """What it manages already: these are left out, and their names are taken."""
    owner: str = ""
    """`project/stack`, as ownership markers begin; "" where that isn't known."""
    release: str = "stripe-portal release"
    """The command that clears markers with this stack's key."""

    def holder(self, id_: str) -> Recorded | None:
        """Return the resource that manages an object."""
        return next((each for each in self.managed if each.id == id_), None)


@dataclass(frozen=True)
class Imported:
    """A resource of the program."""

    type: ResourceType
    id: str
    name: Name
    inputs: Values
    owner: Owner | None = None
    """Another resource, that the object's marker names; `import_` is refused then."""

    def failures(self) -> list[str]:
        """Return what a preview would refuse, though Stripe has it so."""
        return [failure.text() for failure in self.type.failures(self.inputs)]

    @property
    def is_endpoint(self) -> bool:
        """Whether it is a webhook endpoint, whose secret Stripe doesn't tell."""
        return self.type.kind is WEBHOOK_ENDPOINTS


@dataclass(frozen=True)
class Program:
    """A program, and what is in it."""

    text: str
    resources: Sequence[Imported]


_ALONE = Adopter()


def program(
    objects: Sequence[Existing],
    names: PriceNames,
    origin: str = "Stripe",
    adopter: Adopter = _ALONE,
) -> Program:
    """Return the program that adopts the objects.

    `origin` says where they were read. The default comes first, then the
    configurations and the endpoints, the oldest first.
    """
    given = Names(each.name for each in adopter.managed)
    resources = [
        _import(each, names, given, adopter.owner)
        for each in sorted(objects, key=_order)
    ]
    profiles = Counter(map(_profile_key, resources))
    profiles.pop(None, None)
    shared = next((key for key, count in profiles.most_common(1) if count > 1), None)
    blocks = [_docstring(origin), _imports(resources, shared)]
    endpoint = next((each for each in resources if each.is_endpoint), None)
    if endpoint is not None:
        blocks.append(_SECRETS.format(setting=endpoint.name.setting))
    if shared is not None:
        owner = next(each for each in resources if _profile_key(each) == shared)
        blocks.append(_assignment("profile: BusinessProfile", _profile(owner)))
    blocks += [
        _release_note(each, adopter) + _declaration(each, shared) for each in resources
    ]
    blocks.append("".join(map(_export, resources)))
    return Program("\n".join(filter(None, blocks)), resources)


def import_file(resources: Iterable[Imported]) -> str:
    """Return what `pulumi import --file` takes, for programs in every language.

    Args:
        resources: Those of a program.

    Returns:
        The file, see https://www.pulumi.com/docs/iac/cli/commands/pulumi_import/.
    """
    wanted = [
        {"type": each.type.tokens[1], "name": each.name.resource, "id": each.id}
        for each in resources
    ]
    return f"{json.dumps({'resources': wanted}, indent=2)}\n"


def _order(each: Existing) -> tuple[int, int, str]:
    found = each.found
    kind = RESOURCE_TYPES.index(type_of(found))
    return kind, found.get("created") or 0, found["id"]


def _import(each: Existing, names: PriceNames, given: Names, here: str) -> Imported:
    found = each.found
    name = given.give(each.names or suggestions(found, names), found["id"])
    type_, owner = type_of(found), owner_of(found)
    own = f"{here}/{type_.name}/{name.resource}"
    if owner and here and is_marker_of(owner.marker, own):
        owner = None
    return Imported(type_, found["id"], name, inputs_of(found, names), owner)


def _docstring(origin: str) -> str:
    text = (
        f"Adopts what exists at {origin}. Once `pulumi up` has done so, the lines with "
        "`import_` can go."
    )
    told = textwrap.fill(visible(text), WIDTH)
    told = told.replace("\\", "\\\\").replace('"', '\\"')
    return f'''"""Stripe's customer portal as code, made by `stripe-portal import`.

{told}
"""
'''


def _imports(resources: Sequence[Imported], shared: str | None) -> str:
    constants = {preset for each in resources if (preset := _preset(each))}
    classes = {each.type.name for each in resources}
    names = [*sorted(constants), *sorted(classes)]
    line = f"from pulumi_stripe_portal import {', '.join(names)}"
    if len(line) > WIDTH:
        listed = "".join(f"    {name},\n" for name in names)
        line = f"from pulumi_stripe_portal import (\n{listed})"
    lines = ["import pulumi", line]
    if shared is not None:
        lines.append("from pulumi_stripe_portal.inputs import BusinessProfile")
    return "".join(f"{line}\n" for line in lines)


def _assignment(target: str, value: Any) -> str:
    return f"{target} = {write_expression(value, column=len(target) + 3)}\n"


def _profile(each: Imported) -> Any:
    return each.inputs.get("business_profile")


def _profile_key(each: Imported) -> str | None:
    profile = _profile(each)
    return repr(sorted(profile.items())) if profile else None


def _preset(each: Imported) -> str | None:
    """Return the constant that is the endpoint's events, None where none is."""
    events = sorted(each.inputs.get("enabled_events") or ())
    return next((name for name, those in _PRESETS.items() if those == events), None)


def _release_note(each: Imported, adopter: Adopter) -> str:
    """Return the comment on what another resource's marker says is its own."""
    if each.owner is None:
        return ""
    text = (
        f"Its marker says that {each.owner.text()} manages it, so that `import_` is "
        "refused. Once that has let go of it:"
    )
    lines = textwrap.wrap(text, WIDTH - 2, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in [*lines, f"  {adopter.release} {each.id}"])


def _declaration(each: Imported, shared: str | None) -> str:
    arguments = [("", each.name.resource), *_arguments(each, shared)]
    options = [("import_", each.id)]
    adoption = Call("pulumi.ResourceOptions", options, tall=False)
    call = Call(each.type.name, [*arguments, ("opts", adoption)])
    return _assignment(each.name.variable, call)


def _export(each: Imported) -> str:
    if each.is_endpoint:
        return ""
    id_ = Code(f"{each.name.variable}.id")
    arguments = [("", each.name.resource), ("", id_)]
    return f"{write_expression(Call('pulumi.export', arguments, tall=False))}\n"


def _arguments(each: Imported, shared: str | None) -> Iterator[tuple[str, Any]]:
    values = dict(each.inputs)
    if shared is not None and _profile_key(each) == shared:
        values["business_profile"] = Code("profile")
    preset = _preset(each)
    if preset:
        values["enabled_events"] = Code(preset)
    if each.is_endpoint:
        setting = ("", each.name.setting)
        values["secret"] = Call("config.get_secret", [setting], tall=False)
    between = [name for name in values if name not in (*_FIRST, *_LAST)]
    for name in (*_FIRST, *between, *_LAST):
        if name in values:
            yield name, values[name]
