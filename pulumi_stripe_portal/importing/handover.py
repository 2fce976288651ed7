"""How other tools let go of what a program takes over, secrets included. Pure.

Users paste what is printed here. Names out of a state stand in it only where they can
do nothing but name; where one can't be written so, a word takes the command's place.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_stripe_portal.schema.visible import is_visible, visible

from .addresses import plain_urn
from .foreign import Foreign, ForeignState, Tool

__all__ = ["Handover", "doubles", "handover"]

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
_ADOPT = "it adopts everything and writes nothing"
_UP = "pulumi up"
_RELEASES: Mapping[Tool, str] = {
    "terraform": "In Terraform, replace their `resource` blocks by these and apply; it "
    "forgets them and destroys nothing",
    "pulumi": "Make the other stack forget them, and take them out of its program "
    "before that runs again",
}

Found = tuple[ForeignState, Foreign]


@dataclass(frozen=True)
class Handover:
    """What to do so that the objects change hands, in this order."""

    folders: Sequence[str]
    """Shell variables to set to the folders of the other Pulumi projects."""
    secrets: Sequence[str]
    """Commands that give the stack the endpoints' secrets; none of them shows one."""
    by_tool: Mapping[Tool, Sequence[str]]
    """What makes each tool forget the objects without touching them: `removed` blocks
    of Terraform, commands of Pulumi."""
    files: Mapping[Tool, Sequence[str]]
    """Which files these come from, where there are several."""
    unsaid: Sequence[str] = ()
    """What to do by hand, since no command can be written for it."""
    adopter: str = _UP
    """The command that adopts them."""

    @property
    def releases(self) -> list[str]:
        """What makes the tools forget the objects."""
        return [each for releases in self.by_tool.values() for each in releases]

    def text(self) -> str:
        """Return the steps to follow."""
        steps = [f"{_SECRETS}:\n\n" + "\n".join(self.secrets)] if self.secrets else []
        steps.append(f"Run `{self.adopter}`: {_ADOPT}.\n")
        for tool, releases in self.by_tool.items():
            files = ", ".join(self.files.get(tool, ()))
            heading = f"{_RELEASES[tool]}{f' ({files})' if files else ''}"
            steps.append(f"{heading}:\n\n" + "\n".join(releases))
        numbered = [f"{number}. {step}" for number, step in enumerate(steps, 1)]
        return "\n".join([*self.folders, *numbered])


def handover(
    states: Sequence[ForeignState], settings: Mapping[str, str], stack: str | None
) -> Handover:
    """Return how the objects of states change hands.

    `settings` says under which name the program reads an endpoint's secret, by id.
    """
    return _Writer(states, stack).handover(settings)


def doubles(states: Sequence[ForeignState]) -> Iterator[str]:
    """Say which objects are managed under more than one address."""
    for id_, found in _by_id(states).items():
        if len(found) < 2:
            continue
        several = len({state.file for state, _ in found}) > 1
        places = [_place(state, each, several=several) for state, each in found]
        words = (
            f"{id_} has {len(found)} addresses: {', '.join(places)}; each of them has "
            "to let go of it, else what is left there may destroy it"
        )
        holders = _holders(found)
        if holders:
            words += f"; its secret is taken from {_place(*holders[0])}"
        if len({each.likeness for _, each in holders} - {None}) > 1:
            words += ", but they hold different ones: see which one is right"
        yield words


def _by_id(states: Sequence[ForeignState]) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for state in states:
        for each in state.objects:
            found.setdefault(each.id, []).append((state, each))
    return found


def _holders(found: Sequence[Found]) -> list[Found]:
    """Return where a secret is, those first where it can be read at once."""
    held = [(state, each) for state, each in found if each.has_secret]
    return sorted(held, key=lambda pair: pair[1].encrypted)


def _place(state: ForeignState, each: Foreign, *, several: bool = True) -> str:
    address = visible(each.address)
    return f"{address} ({visible(state.file)})" if several else address


class _Writer:
    """Writes the commands, as users paste them."""

    def __init__(self, states: Sequence[ForeignState], stack: str | None) -> None:
        self._states = states
        self._target = f" --stack {shlex.quote(stack)}" if stack else ""
        projects = [
            urn.project
            for state in states
            if state.tool == "pulumi"
            for each in state.objects
            if (urn := plain_urn(each.address))
        ]
        self._projects = list(dict.fromkeys(projects))

    def handover(self, settings: Mapping[str, str]) -> Handover:
        secrets: list[str] = []
        unsaid: list[str] = []
        for id_, found in _by_id(self._states).items():
            holders = _holders(found)
            if not holders or id_ not in settings:
                continue
            to = f"pulumi config set --secret {settings[id_]}{self._target}"
            readers = (self._reader(*holder) for holder in holders)
            reader = next((each for each in readers if each), None)
            if reader:
                secrets.append(f"{reader} |\n  {to}\n")
            else:
                unsaid.append(
                    f"the secret of {id_} is in {visible(holders[0][0].file)}, which "
                    f"no command can name: rename that file, or give it to `{to}`"
                )
        by_tool: dict[Tool, list[str]] = {}
        for state in self._states:
            if state.objects:
                by_tool.setdefault(state.tool, []).extend(self._releases(state))
            unsaid += [
                f"{_place(state, each)} can't be written as a command; make "
                f"{state.tool.capitalize()} forget {each.id} by hand"
                for each in state.objects
                if each.release is None
            ]
        written = {tool: releases for tool, releases in by_tool.items() if releases}
        return Handover(self._folders(), secrets, written, self._files(), unsaid)

    def _files(self) -> Mapping[Tool, Sequence[str]]:
        files: dict[Tool, list[str]] = {}
        for state in self._states if len(self._states) > 1 else ():
            files.setdefault(state.tool, []).append(visible(state.file))
        return files

    def _folders(self) -> list[str]:
        if len(self._projects) < 2:
            whose = "the folder of the other Pulumi project"
            return [f"export OTHER=…  # {whose}\n"] if self._projects else []
        lines = [
            f"export {self._folder(each)}=…  # the folder of the Pulumi project "
            f"{visible(each)}\n"
            for each in self._projects
        ]
        return ["".join(lines)]

    def _folder(self, project: str) -> str:
        """Return the variable that holds where a Pulumi project is."""
        one = len(self._projects) < 2
        return "OTHER" if one else f"OTHER_{self._projects.index(project) + 1}"

    def _reader(self, state: ForeignState, each: Foreign) -> str | None:
        """Return the command that prints an endpoint's secret, and nothing else."""
        if state.tool == "terraform":
            query = _query(each.id, ".secret")
            if state.file == "-":
                return f"terraform state pull | {query}"
            return _from_file(state, query)
        query = _query(
            each.id,
            ".outputs | objects | .secret | if type == "
            '"object" then .plaintext | strings | fromjson else . end',
        )
        if state.file != "-" and not each.encrypted:
            return _from_file(state, query)
        export = self._pulumi(each, "stack export", "--show-secrets")
        return export and f"{export} |\n  {query}"

    def _pulumi(self, each: Foreign, verb: str, more: str) -> str | None:
        urn = plain_urn(each.address)
        if urn is None:
            return None
        folder = self._folder(urn.project)
        return f'pulumi -C "${folder}" {verb} --stack {shlex.quote(urn.stack)} {more}'

    def _releases(self, state: ForeignState) -> list[str]:
        if state.tool == "pulumi":
            return [each for found in state.objects if (each := self._delete(found))]
        # One block for all instances: `from` takes no keys.
        targets = dict.fromkeys(each.release for each in state.objects if each.release)
        heading = f"# {visible(state.file)}\n" if len(self._states) > 1 else ""
        return [heading + _REMOVED.format(address=each) for each in targets]

    def _delete(self, each: Foreign) -> str | None:
        if each.release is None:
            return None
        force = "--force " if each.protected else ""
        urn = shlex.quote(each.release)
        return self._pulumi(each, "state delete", f"{force}--yes {urn}")


def _query(id_: str, secret: str) -> str:
    """Return a jq command for the first secret that an object with this id has."""
    found = f'.. | objects | select(.id == "{id_}") | {secret}'
    query = f'first({found} | strings | select(. != ""))'
    return f"jq -r {shlex.quote(query)}"


def _from_file(state: ForeignState, query: str) -> str | None:
    if not is_visible(state.file):
        return None
    # What begins with `-` would be an option, with `=` a command's path to zsh.
    plain = state.file[:1].isalnum() or state.file[:1] in "./_"
    path = state.file if plain else f"./{state.file}"
    if state.utf16:
        return f"iconv -f UTF-16 -t UTF-8 {shlex.quote(path)} | {query}"
    return f"{query} {shlex.quote(path)}"
