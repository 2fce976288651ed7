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

from .accounts import Accounts, FleetError
from .leftovers import run_folder

__all__ = ["Project", "Shard", "find_project", "folder_of"]

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

    folder: Path
    name: str
    stack: str
    content: Mapping[str, Any]
    settings: Mapping[str, Any]

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
        named = setting if ":" in setting else f"{self.name}:{setting}"
        config = {
            **(self.settings.get("config") or {}),
            named: present,
            f"{self.name}:shard": number,
        }
        return Shard(
            project=self.name,
            stack=f"{self.stack}-{number:04}",
            told=present,
            project_file=yaml.safe_dump(self.content),
            settings_file=yaml.safe_dump({**self.settings, "config": config}),
        )

    @property
    def index(self) -> Shard:
        """The stack that keeps the places; it has no program."""
        return Shard(
            project=self.name,
            stack=f"{self.stack}-places",
            told={},
            project_file=yaml.safe_dump(self.content),
            settings_file=yaml.safe_dump(dict(self.settings)),
        )

    def program_digest(self) -> str:
        """Return what changes with the program's files."""
        found = hashlib.sha256()
        for folder, inside, files in os.walk(self.folder):
            inside[:] = sorted(name for name in inside if name not in _IGNORED)
            for name in sorted(files):
                if Path(name).suffix in _SOURCES:
                    found.update(Path(folder, name).read_bytes())
        return found.hexdigest()


_SOURCES = {".py", ".ts", ".js", ".go", ".cs", ".json", ".toml", ".txt"}
_IGNORED = {".venv", "venv", "node_modules", ".git", ".fleet", ".sandbox"}


def find_project(stack: str, start: Path) -> Project:
    """Return the project of a folder, or of one above it.

    Raises:
        FleetError: There is none, or its files can't be read.
    """
    folders = [start, *start.parents]
    folder = next((each for each in folders if (each / "Pulumi.yaml").exists()), None)
    if folder is None:
        raise FleetError("no Pulumi.yaml here or above; run this in a Pulumi project")
    content = _read(folder / "Pulumi.yaml")
    name = content.get("name")
    if not isinstance(name, str):
        raise FleetError(f"{folder / 'Pulumi.yaml'}: it has no `name`")
    where = folder / str(content.get("stackConfigDir") or "")
    file = where / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    if not file.exists():
        raise FleetError(
            f"{file.name}: there is no such file; the fleet takes the settings of the "
            f"stack '{stack}', so write its settings there"
        )
    settings = _read(file)
    _require_readable(settings, file)
    return Project(folder, name, stack, _from_elsewhere(content, folder), settings)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FleetError(f"{path}: {error.strerror}") from None
    except (ValueError, yaml.YAMLError):
        raise FleetError(f"{path}: it is no YAML") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise FleetError(f"{path}: it holds no settings")
    return content


def _require_readable(settings: Mapping[str, Any], file: Path) -> None:
    """Refuse what is encrypted for one stack alone, as Pulumi Cloud does it."""
    config = settings.get("config") or {}
    secret = [
        name
        for name, value in config.items()
        if isinstance(value, dict) and "secure" in value
    ]
    if secret and not any(settings.get(name) for name in _KEPT):
        raise FleetError(
            f"{file.name}: {secret[0]} is encrypted for this stack alone; give the "
            "key as STRIPE_API_KEY, or choose a secrets provider that is the "
            "project's own: `pulumi stack change-secrets-provider passphrase`"
        )


def _from_elsewhere(content: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return what Pulumi.yaml says, for a copy in another folder."""
    moved = {name: it for name, it in content.items() if name != "stackConfigDir"}
    moved["main"] = str(folder / str(content.get("main") or ""))
    runtime = content.get("runtime")
    options = runtime.get("options") if isinstance(runtime, dict) else None
    if isinstance(runtime, dict) and isinstance(options, dict):
        where = options.get("virtualenv")
        here = {"virtualenv": str(folder / where)} if isinstance(where, str) else {}
        moved["runtime"] = {**runtime, "options": {**options, **here}}
    plugins = content.get("plugins")
    if isinstance(plugins, dict):
        moved["plugins"] = {
            kind: [{**each, "path": str(folder / each["path"])} for each in listed]
            for kind, listed in plugins.items()
        }
    return moved


@contextmanager
def folder_of(shard: Shard) -> Iterator[Path]:
    """Make a stack's folder, for as long as it is run."""
    name = shard.stack.rpartition("/")[2]
    with run_folder(f"{shard.project}-{name}") as folder:
        (folder / "Pulumi.yaml").write_text(shard.project_file, encoding="utf-8")
        settings = folder / f"Pulumi.{name}.yaml"
        settings.write_text(shard.settings_file, encoding="utf-8")
        yield folder
