"""Whether Pulumi finds this package's plugin, where a program's resources need it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from pulumi_stripe_portal.errors import SettingsError
from pulumi_stripe_portal.plugin.installing import EXECUTABLE, plugin_folder
from pulumi_stripe_portal.schema.resources import DISTRIBUTION, PLUGIN
from pulumi_stripe_portal.stacks.commands import run
from pulumi_stripe_portal.stacks.project_file import find_file, read_names
from pulumi_stripe_portal.stacks.reading import json_object, mapping, mappings
from pulumi_stripe_portal.stripe_api.settings import NAMESPACE

from .findings import Finding

__all__ = ["check_plugin"]

Setting = Mapping[str, Any]

_INSTALL = "`stripe-portal plugin install`"


def check_plugin(
    about: Mapping[str, Any], config: Mapping[str, Setting]
) -> Iterator[Finding]:
    """Look where Pulumi does, and ask the plugin there for its version.

    Args:
        about: What the CLI says about itself and the project; its language host tells
            which plugins the program uses.
        config: The stack's settings, {} without a stack.
    """
    wanted = next(
        (
            each
            for each in mappings(about.get("plugins"))
            if each.get("name") == PLUGIN and each.get("kind") == "resource"
        ),
        None,
    )
    chosen = config.get(f"{NAMESPACE}:engine", {}).get("value") == "plugin"
    if wanted is None and not chosen:
        return
    yield _finding(str(mapping(wanted).get("version") or "").removeprefix("v"))


def _finding(wanted: str) -> Finding:
    """Look for the plugin, in the version that the program's SDK names, if any."""
    ours = version(DISTRIBUTION)
    named = _find_in_project()
    found, where = named or shutil.which(EXECUTABLE), "on PATH"
    if named:
        where = "where Pulumi.yaml says"
    elif found is None:
        found, where = _find_installed(wanted), "in Pulumi's plugin folder"
    if found is None:
        text = f"{EXECUTABLE} is neither on PATH nor in Pulumi's plugin folder"
        if wanted and wanted != ours:
            text += f" in version {wanted}, which the program's SDK is of"
        return Finding("plugin", text, _remedy(wanted, ours))
    told = _version_of(found)
    in_folder = where.startswith("in ")
    if not told:
        again = f"{_INSTALL[:-1]} --force`" if in_folder else _elsewhere(ours)
        return Finding("plugin", f"{EXECUTABLE} {where} doesn't run: {found}", again)
    text = f"{EXECUTABLE} {told} is {where}: {found}"
    if told != ours:
        todo = _remedy(wanted, ours, told) if in_folder else _elsewhere(ours)
        return Finding("plugin", f"{text}; this package is {ours}", todo)
    return Finding("plugin", text)


def _remedy(wanted: str, ours: str, told: str = "") -> str:
    """Return how the plugin folder gets what the program needs."""
    if wanted and wanted != ours:
        return f"make the SDK anew from version {ours}, after {_INSTALL}"
    if told and _order(told) > _order(ours):
        return (
            f"install pulumi-stripe-portal {told}, or `pulumi plugin rm resource "
            f"{PLUGIN} {told}` and {_INSTALL}"
        )
    return _INSTALL


def _elsewhere(ours: str) -> str:
    """Return what to do about a plugin that Pulumi takes before its own folder's."""
    return f"install pulumi-stripe-portal {ours} there, or take it away and {_INSTALL}"


def _find_installed(wanted: str) -> str | None:
    """Return the executable that the engine takes of those in the plugin folder.

    That is the very version that the program's SDK names, or the newest.
    """
    folder = plugin_folder(wanted or "*")
    there = {
        _order(each.name): found
        for each in folder.parent.glob(folder.name)
        if (found := shutil.which(str(each / EXECUTABLE)))
    }
    return there[max(there)] if there else None


def _order(name: str) -> Version:
    """Return the version in a folder's name; one that is none is the oldest."""
    try:
        return Version(name.rpartition("-v")[2])
    except InvalidVersion:
        return Version("0.dev0")


def _find_in_project() -> str | None:
    """Return the executable in the folder that Pulumi.yaml names for the plugin."""
    try:
        project = find_file(Path.cwd())
        read = read_names(project)
    except SettingsError:
        return None  # Pulumi's CLI has its own words for that
    for each in mappings(mapping(read.get("plugins")).get("providers")):
        if each.get("name") == PLUGIN and isinstance(each.get("path"), str):
            named = str(project.parent / each["path"] / EXECUTABLE)
            return shutil.which(named) or named
    return None


def _version_of(executable: str) -> str:
    """Start a plugin as Pulumi does, and return its version, "" where it fails."""
    cli = shutil.which("pulumi") or "pulumi"
    done = run([cli, "package", "get-schema", executable])
    told = (json_object(done.stdout if done else "") or {}).get("version")
    return told[:40] if isinstance(told, str) else ""
