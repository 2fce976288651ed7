"""How another tool lets go of what a program takes over, secrets included. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .foreign import Foreign, ForeignState, Tool

__all__ = ["Handover", "handover"]

# https://developer.hashicorp.com/terraform/language/state/remove
_REMOVED = """\
removed {{
  from = {address}

  lifecycle {{
    destroy = false
  }}
}}
"""
_SECRETS = "Give the stack the endpoints' secrets"
_UP = "Run `pulumi up`: it adopts everything and writes nothing"
_RELEASES = {
    "terraform": "In Terraform, replace their `resource` blocks by these and apply; it "
    "forgets them and destroys nothing",
    "pulumi": "Make the other stack forget them, and take them out of its program "
    "before that runs again",
}
_OTHER = "export OTHER=…  # the folder of the other Pulumi project\n"


@dataclass(frozen=True)
class Handover:
    """What to do so that the objects change hands, in this order."""

    tool: Tool
    secrets: Sequence[str]
    """Commands that give the stack the endpoints' secrets; none of them shows one."""
    releases: Sequence[str]
    """What makes the other tool forget the objects without touching them: `removed`
    blocks of Terraform, commands of Pulumi."""

    def text(self) -> str:
        """Return the steps to follow."""
        steps = [f"{_SECRETS}:\n\n" + "\n".join(self.secrets)] if self.secrets else []
        steps.append(f"{_UP}.\n")
        steps.append(f"{_RELEASES[self.tool]}:\n\n" + "\n".join(self.releases))
        numbered = [f"{number}. {step}" for number, step in enumerate(steps, 1)]
        return "\n".join([*([_OTHER] if self.tool == "pulumi" else []), *numbered])


def handover(
    state: ForeignState, settings: Mapping[str, str], file: str, stack: str | None
) -> Handover:
    """Return how the objects of a state change hands.

    `settings` says under which name the program reads an endpoint's secret, by id;
    `file` is where the state was read, `-` for stdin.
    """
    target = f" --stack {shlex.quote(stack)}" if stack else ""
    secrets = [
        f"{_reader(state.tool, each, file)} |\n"
        f"  pulumi config set --secret {settings[each.id]}{target}\n"
        for each in state.objects
        if each.has_secret and each.id in settings
    ]
    if state.tool == "terraform":
        return Handover("terraform", secrets, _removed_blocks(state.objects))
    return Handover("pulumi", secrets, [_delete(each) for each in state.objects])


def _reader(tool: Tool, each: Foreign, file: str) -> str:
    """Return the command that prints an endpoint's secret, and nothing else."""
    if tool == "terraform":
        query = f'first(.. | objects | select(.id == "{each.id}") | .secret // empty)'
        if file == "-":
            return f"terraform state pull | jq -r '{query}'"
        return f"jq -r '{query}' {shlex.quote(file)}"
    query = (
        f'first(.deployment.resources[] | select(.id == "{each.id}") | .outputs.secret '
        '| if type == "object" then .plaintext | fromjson else . end)'
    )
    if file != "-" and not each.encrypted:
        return f"jq -r '{query}' {shlex.quote(file)}"
    stack = shlex.quote(_stack_of(each.address))
    export = f'pulumi -C "$OTHER" stack export --stack {stack} --show-secrets'
    return f"{export} |\n  jq -r '{query}'"


def _delete(each: Foreign) -> str:
    stack = shlex.quote(_stack_of(each.address))
    force = " --force" if each.protected else ""
    urn = shlex.quote(each.address)
    return f'pulumi -C "$OTHER" state delete --stack {stack}{force} --yes {urn}'


def _stack_of(urn: str) -> str:
    return urn.removeprefix("urn:pulumi:").split("::")[0]


def _removed_blocks(objects: Sequence[Foreign]) -> list[str]:
    # `from` takes no instance keys, of modules neither: one block for all instances.
    whole = dict.fromkeys(
        re.sub(r'\[("([^"\\]|\\.)*"|\d+)\]', "", each.address) for each in objects
    )
    return [_REMOVED.format(address=address) for address in whole]
