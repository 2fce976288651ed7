"""A Pulumi project as `Pulumi.yaml` describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.stacks.reading import mapping

__all__ = [
    "ProjectFile",
    "find_file",
    "find_project",
    "is_encrypted",
    "read_names",
]

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
    content: Mapping[str, Any]
    """All that it says."""

    def stack_file(self, stack: str) -> Path:
        """Return the file of a stack, which may be named `organization/stack`."""
        return self.stack_folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml"

    def settings(self, stack: str) -> dict[str, Any]:
        """Return what the project and the file of a stack set, by whole names.

        Args:
            stack: Its name; it may have no file.

        Raises:
            SettingsError: The file can't be read.
        """
        file = self.stack_file(stack)
        own = mapping(read_names(file).get("config")) if file.exists() else {}
        given = {**dict(self._defaults()), **own}
        return {
            key if ":" in key else f"{self.name}:{key}": value
            for key, value in given.items()
        }

    def _defaults(self) -> Iterator[tuple[str, Any]]:
        """Yield what the project itself says of its settings.

        https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
        """
        for key, said in mapping(self.content.get("config")).items():
            if not isinstance(said, Mapping):
                yield key, said
            elif "value" in said or "default" in said:
                yield key, said.get("value", said.get("default"))


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
        content=said,
    )


def is_encrypted(setting: Any) -> bool:
    """Tell whether only the stack's own key would tell a setting."""
    return isinstance(setting, Mapping) and "secure" in setting


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
