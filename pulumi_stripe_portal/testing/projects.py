"""A Pulumi project as its files have it: the program, and the settings of a stack."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from pulumi_stripe_portal.errors import SettingsError

__all__ = ["Project", "of_function", "read_project"]

_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


@dataclass(frozen=True)
class Project:
    """A program, and what its stack sets."""

    name: str
    run: Callable[[], Any]
    config: Mapping[str, str] = field(default_factory=dict)
    """The settings by their whole names, as Pulumi hands them to programs."""
    encrypted: frozenset[str] = frozenset()
    """The settings that only the stack's passphrase would tell."""


def of_function(program: Callable[[], Any], name: str) -> Project:
    """Return the project of a program that is a function.

    Args:
        program: What declares the resources.
        name: The project's name.
    """
    return Project(name, program)


def read_project(path: Path, stack: str) -> Project:
    """Read a project.

    Args:
        path: The folder of `Pulumi.yaml`, or one of the project's modules, which is run
            in place of the whole program.
        stack: The stack whose settings are read, `Pulumi.<stack>.yaml`.

    Raises:
        SettingsError: There is no such project, or none in Python.
    """
    path = path.absolute()
    folder, said = _project_file(path)
    runtime = said.get("runtime")
    runtime = runtime.get("name") if isinstance(runtime, Mapping) else runtime
    if runtime != "python":
        raise SettingsError(
            f"{folder}: a program of the runtime {runtime!r} can't be run here, only "
            "one in Python; from the shell, `stripe-portal sandbox run -- pulumi up` "
            "runs it against a sandbox"
        )
    main = path if path.is_file() else folder / str(said.get("main") or "")
    program = main / "__main__.py" if main.is_dir() else main
    if not program.is_file():
        raise SettingsError(
            f"{program}: there is no such program; correct `main` in Pulumi.yaml"
        )
    name = str(said.get("name") or folder.name)
    settings = said.get("config")
    placed = settings if isinstance(settings, str) else said.get("stackConfigDir")
    config = dict(_defaults(settings if isinstance(settings, Mapping) else {}))
    stack_file = folder / str(placed or "") / f"Pulumi.{stack}.yaml"
    config |= _mapping(stack_file).get("config") or {} if stack_file.exists() else {}
    whole = {
        (key if ":" in key else f"{name}:{key}"): value for key, value in config.items()
    }
    sealed = {key for key, value in whole.items() if _is_sealed(value)}
    plain = {key: _text(whole[key]) for key in whole if key not in sealed}
    return Project(name, _running(program), plain, frozenset(sealed))


def _project_file(path: Path) -> tuple[Path, dict[str, Any]]:
    """Return the folder of `Pulumi.yaml`, at a path or above it, and what it says."""
    for folder in (path, *path.parents) if path.exists() else ():
        for name in _PROJECT_FILES:
            if (folder / name).is_file():
                return folder, _mapping(folder / name)
    raise SettingsError(
        f"{path}: there is no Pulumi.yaml here or above; give the folder that has it"
    )


def _mapping(file: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: it is no YAML; correct it: {error}") from None
    if said is not None and not isinstance(said, dict):
        raise SettingsError(f"{file}: it holds no names; write `name: value` lines")
    return said or {}


def _defaults(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what the project itself says of its settings.

    https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
    """
    for key, said in settings.items():
        if not isinstance(said, Mapping):
            yield key, said
        elif "value" in said or "default" in said:
            yield key, said.get("value", said.get("default"))


def _is_sealed(value: Any) -> bool:
    return isinstance(value, Mapping) and "secure" in value


def _text(value: Any) -> str:
    """Return a setting as programs are given it."""
    return value if isinstance(value, str) else json.dumps(value)


def _running(program: Path) -> Callable[[], None]:
    """Return what runs a program, as `python` would, anew each time."""

    def run() -> None:
        with _importing_from(program.parent):
            runpy.run_path(str(program), run_name="__main__")

    return run


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Let a program import the modules beside it; forget them again.

    The next run is to declare anew what they declare.
    """
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if _is_inside(folder, name):
                del sys.modules[name]


def _is_inside(folder: Path, module: str) -> bool:
    """Tell whether a module is of a program in a folder, and not of a package there."""
    file = getattr(sys.modules[module], "__file__", None)
    own = module.partition(".")[0] == __name__.partition(".")[0]
    if own or not file or "site-packages" in Path(file).parts:
        return False
    return Path(file).is_relative_to(folder)
