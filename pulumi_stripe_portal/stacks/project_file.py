"""A Pulumi project as `Pulumi.yaml` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi_stripe_portal.errors import SettingsError

__all__ = ["ProjectFile", "find_file", "find_project", "read_names"]

_NAMES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


@dataclass(frozen=True)
class ProjectFile:
    """What `Pulumi.yaml` says of a project.

    https://www.pulumi.com/docs/iac/concepts/projects/project-file/
    """

    folder: Path
    """Where the file is."""
    name: str
    runtime: str
    main: Path
    """The folder, or the file, of the program."""
    stack_folder: Path
    """Where the files of the stacks are."""
    config: Mapping[str, Any]
    """What the project itself says of its settings."""


def find_project(path: Path) -> ProjectFile:
    """Read the project of a path: its own `Pulumi.yaml`, or the nearest one above.

    Args:
        path: A folder or file of the project.

    Raises:
        SettingsError: There is none, or it can't be read.
    """
    file = find_file(path)
    return _of(file.parent, read_names(file))


def find_file(path: Path) -> Path:
    """Return the `Pulumi.yaml` of a path, or the nearest one above.

    Args:
        path: A folder or file of the project.

    Raises:
        SettingsError: There is none.
    """
    path = path.absolute()
    for folder in (path, *path.parents) if path.exists() else ():
        for name in _NAMES:
            if (folder / name).is_file():
                return folder / name
    raise SettingsError(
        f"{path}: there is no Pulumi.yaml here or above; give the folder that has it"
    )


def _of(folder: Path, said: Mapping[str, Any]) -> ProjectFile:
    runtime, config = said.get("runtime"), said.get("config")
    if isinstance(runtime, Mapping):
        runtime = runtime.get("name")
    placed = config if isinstance(config, str) else said.get("stackConfigDir")
    return ProjectFile(
        folder=folder,
        name=str(said.get("name") or folder.name),
        runtime=str(runtime),
        main=folder / str(said.get("main") or ""),
        stack_folder=folder / str(placed or ""),
        config=config if isinstance(config, Mapping) else {},
    )


def read_names(file: Path) -> dict[str, Any]:
    """Read a file of `name: value` lines.

    Raises:
        SettingsError: It is no such file.
    """
    import yaml  # type: ignore[import-untyped]

    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingsError(f"{file}: it is no YAML; correct it: {error}") from None
    except OSError as error:
        raise SettingsError(
            f"{file}: it can't be read; allow that: {error.strerror}"
        ) from None
    if said is not None and not isinstance(said, dict):
        raise SettingsError(f"{file}: it holds no names; write `name: value` lines")
    return {str(name): value for name, value in (said or {}).items()}
