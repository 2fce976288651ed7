"""The user's project as each stack of the fleet has it: same program, own settings.

A stack's folder has two files: the project's `Pulumi.yaml`, which leads back to the
user's program, and the settings of the stack that the fleet is made from, with its own
accounts added. What is encrypted there stays so, as the key to it is in the same file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from pulumi_stripe_portal.stacks.project_file import (
    ProjectFile,
    find_project,
    is_encrypted,
    read_names,
)
from pulumi_stripe_portal.stacks.reading import mapping, mappings
from pulumi_stripe_portal.stripe_api.settings import NAMESPACE, rate_setting

from .accounts import Accounts, FleetError
from .leftovers import run_folder

__all__ = ["Project", "Shard", "folder_of", "read_project"]

_KEPT = ("encryptionsalt", "encryptedkey")
"""What makes encrypted settings readable in another stack of the same project."""


@dataclass(frozen=True, repr=False)
class Shard:
    """One stack of the fleet: all that a worker is told.

    Whatever shows a task, such as Dask's dashboard and logs, shows this: no settings.
    """

    project: str
    stack: str
    told: Accounts
    """What the program is told of each account that has its place in the stack, and is
    on the list where there is one."""
    project_file: str
    settings_file: str

    def __repr__(self) -> str:
        """Leave the settings out."""
        return f"Shard({self.stack!r}, {len(self.told)} accounts)"

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts' ids."""
        return tuple(self.told)

    @property
    def digest(self) -> str:
        """What tells it from itself with other settings."""
        told = "\0".join((self.stack, self.project_file, self.settings_file))
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, repr=False)
class Project:
    """The user's project, and the stack whose settings the fleet has."""

    file: ProjectFile
    stack: str
    settings: Mapping[str, Any]
    """What the file of the stack holds."""

    @property
    def requests_per_second(self) -> int:
        """How many requests may begin within a second, by the stack's settings."""
        setting = f"{NAMESPACE}:requestsPerSecond"
        return rate_setting(self.file.settings(self.stack).get(setting))

    def shard(
        self,
        number: int,
        places: tuple[str, ...],
        accounts: Accounts | None,
        setting: str,
    ) -> Shard:
        """Return one stack of the fleet.

        Args:
            number: Which one; the first is 1.
            places: The accounts that have their place in it.
            accounts: What the program is told of those on the list; None where no
                program runs.
            setting: The name of the setting that tells the program.
        """
        told = {id_: {} for id_ in places} if accounts is None else accounts
        present = {id_: dict(told[id_]) for id_ in places if id_ in told}
        name = self.file.name
        own = {
            setting if ":" in setting else f"{name}:{setting}": present,
            f"{name}:shard": number,
        }
        return self._stack(f"{number:04}", present, own)

    @property
    def index(self) -> Shard:
        """The stack that keeps the places; it has no program."""
        return self._stack("places", {}, {})

    def _stack(self, suffix: str, told: Accounts, own: Mapping[str, Any]) -> Shard:
        config = {**mapping(self.settings.get("config")), **own}
        return Shard(
            project=self.file.name,
            stack=f"{self.stack}-{suffix}",
            told=told,
            project_file=yaml.safe_dump(_from_elsewhere(self.file)),
            settings_file=yaml.safe_dump({**self.settings, "config": config}),
        )

    def program_digest(self) -> str:
        """Return what changes with the program's files."""
        found = hashlib.sha256()
        for folder, inside, files in os.walk(self.file.folder):
            inside[:] = sorted(name for name in inside if name not in _IGNORED)
            for name in sorted(files):
                if Path(name).suffix in _SOURCES:
                    found.update(Path(folder, name).read_bytes())
        return found.hexdigest()


_SOURCES = {".py", ".ts", ".js", ".go", ".cs", ".json", ".toml", ".txt"}
_IGNORED = {".venv", "venv", "node_modules", ".git", ".fleet", ".sandbox"}


def read_project(stack: str, start: Path) -> Project:
    """Return the project of a folder, or of one above it.

    Raises:
        SettingsError: There is none, or one of its files can't be read.
        FleetError: The stack has no file, or one that no other stack can use.
    """
    project = find_project(start)
    file = project.stack_file(stack)
    if not file.exists():
        raise FleetError(
            f"{file.name}: there is no such file; the fleet takes the settings of the "
            f"stack '{stack}', so write its settings there"
        )
    settings = read_names(file)
    _require_readable(settings, file)
    return Project(project, stack, settings)


def _require_readable(settings: Mapping[str, Any], file: Path) -> None:
    """Refuse what is encrypted for one stack alone, as Pulumi Cloud does it."""
    config = mapping(settings.get("config"))
    secret = [name for name, value in config.items() if is_encrypted(value)]
    if secret and not any(settings.get(name) for name in _KEPT):
        raise FleetError(
            f"{file.name}: {secret[0]} is encrypted for this stack alone; give the "
            "key as STRIPE_API_KEY, or choose a secrets provider that is the "
            "project's own: `pulumi stack change-secrets-provider passphrase`"
        )


def _from_elsewhere(file: ProjectFile) -> dict[str, Any]:
    """Return what Pulumi.yaml says, for a copy in another folder."""
    folder, moved = file.folder, dict(file.content)
    moved.pop("stackConfigDir", None)
    if isinstance(moved.get("config"), str):  # as that was called before
        del moved["config"]
    moved["main"] = str(file.main)
    options = mapping(mapping(moved.get("runtime")).get("options"))
    if isinstance(options.get("virtualenv"), str):
        here = {"virtualenv": str(folder / options["virtualenv"])}
        moved["runtime"] = {**moved["runtime"], "options": {**options, **here}}
    if isinstance(moved.get("plugins"), Mapping):
        moved["plugins"] = {
            kind: [_in(folder, each) for each in mappings(listed)]
            for kind, listed in moved["plugins"].items()
        }
    return moved


def _in(folder: Path, plugin: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plugin that has its path from a folder on, where it has one."""
    path = plugin.get("path")
    return {**plugin, **({"path": str(folder / path)} if isinstance(path, str) else {})}


@contextmanager
def folder_of(shard: Shard) -> Iterator[Path]:
    """Make a stack's folder, for as long as it is run."""
    name = shard.stack.rpartition("/")[2]
    with run_folder(f"{shard.project}-{name}") as folder:
        (folder / "Pulumi.yaml").write_text(shard.project_file, encoding="utf-8")
        settings = folder / f"Pulumi.{name}.yaml"
        settings.write_text(shard.settings_file, encoding="utf-8")
        yield folder
