"""Whether what is installed fits together: Python packages, Pulumi's CLI, plugin."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Generator, Mapping
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.version import InvalidVersion, Version

from pulumi_stripe_portal.schema.resources import DISTRIBUTION
from pulumi_stripe_portal.stacks.commands import run
from pulumi_stripe_portal.stacks.reading import json_object, mapping, mappings

from .findings import Finding

__all__ = ["check_tools"]

_OLDEST_CLI = "3.230"  # as the Python SDK that is required
_PLUGIN = "pulumi-resource-pulumi-python"
_LONGEST = 40


def check_tools() -> Generator[Finding, None, Mapping[str, Any]]:
    """Look at the Python packages, the CLI, its plugin and the program's Python.

    Returns what the CLI says about itself and the project, {} without one.
    """
    yield _packages()
    cli = shutil.which("pulumi")
    if cli is None:
        yield Finding(
            "Pulumi CLI",
            "the command `pulumi` is not on PATH",
            "install it: https://www.pulumi.com/docs/install/",
        )
        return {}
    about = _about(cli)
    told = mapping(about.get("cliAbout")).get("version")
    found = str(told or "of unknown version")[:_LONGEST]
    old = _is_older(found, _OLDEST_CLI)
    update = f"install {_OLDEST_CLI} or newer" if old else ""
    yield Finding("Pulumi CLI", found, update)
    yield _plugin(cli, about)
    runtime = mapping(about.get("runtime"))
    executable = runtime.get("executable")
    # That of another language is no Python: its programs need the package's plugin.
    if runtime.get("language", "python") == "python" and isinstance(executable, str):
        yield _programs_python(executable)
    return about


def _packages() -> Finding:
    """Say which versions there are; pip may have been told to ignore what is needed."""
    found, wrong = [], []
    for name in (DISTRIBUTION, "pulumi", "stripe"):
        found.append(f"{name} {version(name)}")
    for needed in map(Requirement, requires(DISTRIBUTION) or ()):
        limits = needed.specifier
        if needed.name not in ("pulumi", "stripe"):
            continue
        if not limits.contains(version(needed.name), prereleases=True):
            wrong.append(f"pip install '{needed.name}{limits}'")
    text = f"{', '.join(found)}, Python {platform.python_version()}"
    return Finding("Python packages", text, " and ".join(wrong))


def _is_older(found: str, oldest: str) -> bool:
    """Tell whether a version is known to be older; a CLI of one's own may have none."""
    try:
        return Version(found) < Version(oldest)
    except InvalidVersion:
        return False


def _plugin(cli: str, about: Mapping[str, Any]) -> Finding:
    """Find what runs dynamic providers: it comes with the CLI, and stays beside it."""
    beside = Path(cli).resolve().with_name(_PLUGIN)
    path = shutil.which(_PLUGIN) or (str(beside) if beside.exists() else None)
    plugins = mappings(about.get("plugins"))
    host = next((each for each in plugins if each.get("kind") == "language"), None)
    parts = (host.get("name"), host.get("version")) if host else ()
    names = " ".join(str(each) for each in parts if each)
    shown = f", language host {names}" if names else ""
    if path is None:
        return Finding(
            "Pulumi plugin",
            f"{_PLUGIN} is missing",
            "install the Pulumi CLI again, whole: it comes with it",
        )
    return Finding("Pulumi plugin", f"{_PLUGIN} is there{shown}")


def _programs_python(executable: str) -> Finding:
    """Ask the Python that runs the project's program whether it has this package."""
    code = f"from importlib.metadata import version; print(version({DISTRIBUTION!r}))"
    done = run([executable, "-c", code])
    topic = "the program's Python"
    if done is None or done.returncode != 0:
        return Finding(
            topic,
            f"{executable} has no {DISTRIBUTION}",
            f"`{executable} -m pip install {DISTRIBUTION}`, or name the right virtual "
            "environment in Pulumi.yaml (runtime: options: virtualenv)",
        )
    return Finding(topic, f"{executable} has {DISTRIBUTION} {done.stdout.strip()}")


def _about(cli: str) -> Mapping[str, Any]:
    done = run([cli, "about", "-j"])
    return json_object(done.stdout if done else "") or {}
