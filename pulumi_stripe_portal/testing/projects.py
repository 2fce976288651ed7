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

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.stacks.project_file import find_project, is_encrypted

__all__ = ["Project", "of_function", "read_project"]


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
    found = find_project(path)
    if found.runtime != "python":
        raise SettingsError(
            f"{found.folder}: a program of the runtime {found.runtime!r} can't be run "
            "here, only one in Python; from the shell, `stripe-portal sandbox run -- "
            "pulumi up` runs it against a sandbox"
        )
    main = path.absolute() if path.is_file() else found.main
    program = main / "__main__.py" if main.is_dir() else main
    if not program.is_file():
        raise SettingsError(
            f"{program}: there is no such program; correct `main` in Pulumi.yaml"
        )
    whole = found.settings(stack)
    encrypted = frozenset(key for key in whole if is_encrypted(whole[key]))
    plain = {key: _text(whole[key]) for key in whole if key not in encrypted}
    return Project(found.name, _runner(program), plain, encrypted)


def _text(value: Any) -> str:
    """Return a setting as programs are given it."""
    return value if isinstance(value, str) else json.dumps(value)


def _runner(program: Path) -> Callable[[], None]:
    """Return what runs a program, as `python` would, anew each time."""

    def run() -> None:
        with _import_from(program.parent):
            runpy.run_path(str(program), run_name="__main__")

    return run


@contextmanager
def _import_from(folder: Path) -> Iterator[None]:
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
