"""Puts the plugin into Pulumi's plugin folder, with a Python environment of its own.

The environment lies beside the launcher, so that it lives as long as the plugin does
(`pulumi plugin rm` removes both), whatever becomes of the one that made it. It stands
on the same Python, which is all that has to stay.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pulumi_stripe_portal.schema.resources import DISTRIBUTION, PLUGIN
from pulumi_stripe_portal.stacks.commands import run
from pulumi_stripe_portal.stacks.pulumi_cli import StackError

__all__ = [
    "EXECUTABLE",
    "InstallError",
    "Origin",
    "current",
    "install",
    "pack",
    "plugin_folder",
]

EXECUTABLE = f"pulumi-resource-{PLUGIN}"
"""What Pulumi looks for on PATH, and in its plugin folder."""
_ON_WINDOWS = os.name == "nt"
_PYTHON = Path("venv/Scripts/python.exe" if _ON_WINDOWS else "venv/bin/python")
# The flag -I, here and below: nothing of the caller's PYTHONPATH gets in.
_LAUNCHER = f"""\
#!/bin/sh
python="${{0%/*}}/{_PYTHON.as_posix()}"
if ! [ -x "$python" ]; then
  echo "the Python of this plugin is gone: run stripe-portal plugin install" >&2
  exit 1
fi
exec "$python" -I -m pulumi_stripe_portal.plugin "$@"
"""
_WINDOWS_LAUNCHER = f'@"%~dp0{_PYTHON}" -I -m pulumi_stripe_portal.plugin %*\n'
_VERSION = (
    "import importlib.metadata, pulumi_stripe_portal.plugin.servicer; "
    f"print(importlib.metadata.version({DISTRIBUTION!r}))"
)

Say = Callable[[str], None]
"""Tells the user what is being done."""


class InstallError(Exception):
    """The plugin can't be installed; the message says why, in one line."""


class Origin:
    """The package that this process runs: which version, and where it came from."""

    def __init__(self) -> None:
        """Read what pip has noted, see https://peps.python.org/pep-0610/."""
        found = distribution(DISTRIBUTION)
        told = json.loads(found.read_text("direct_url.json") or "{}")
        self.version = found.version
        """The version of the package, and of the plugin."""
        self.url: str = told.get("url", "")
        """Where pip was told to find it, "" where an index has it."""
        self.is_source = "dir_info" in told
        """Whether that is a folder, where the same version may change."""
        vcs = told.get("vcs_info")
        if vcs:
            self.url = f"{vcs['vcs']}+{self.url}@{vcs['commit_id']}"

    @property
    def requirement(self) -> str:
        """What pip is to install, so that it is the same again."""
        if self.url:
            return f"{DISTRIBUTION} @ {self.url}"
        return f"{DISTRIBUTION}=={self.version}"

    def is_gone(self) -> bool:
        """Tell whether the file or folder is no longer there."""
        address = urlsplit(self.url)
        return address.scheme == "file" and not os.path.exists(  # noqa: PTH110
            url2pathname(address.path)
        )


def plugin_folder(version: str) -> Path:
    """Return where Pulumi keeps this plugin, in this version."""
    home = os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi"
    return Path(home, "plugins", f"resource-{PLUGIN}-v{version}")


def current(origin: Origin) -> bool:
    """Tell whether the plugin is there, works, and is the same as would be installed.

    One that was made from a folder never counts: the folder may have changed since.
    """
    folder = plugin_folder(origin.version)
    return not origin.is_source and _tells_version(folder) == origin.version


def install(origin: Origin, say: Say) -> Path:
    """Make the plugin, in place of one that is there.

    Args:
        origin: What is to be installed.
        say: Told what takes a while.

    Returns:
        The plugin's folder.

    Raises:
        StackError: If there is no Pulumi CLI.
        InstallError: If it can't be done; what was there before stays.
    """
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise StackError("the command `pulumi` is not on PATH; install the Pulumi CLI")
    if origin.is_gone():
        raise InstallError(
            f"this package was installed from {origin.url}, which is gone; "
            "install it anew"
        )
    folder = plugin_folder(origin.version)
    home = folder.parent.parent
    try:
        home.mkdir(parents=True, exist_ok=True)
        # Beside the plugins, from where one rename leads to its place.
        with tempfile.TemporaryDirectory(prefix=".stripe-portal-", dir=home) as scratch:
            made = Path(scratch)
            _make_environment(made, origin, say)
            archive = pack(made)
            say("Handing the plugin to Pulumi")
            command = [pulumi, "plugin", "install", "resource", PLUGIN, origin.version]
            _do([*command, "--file", str(archive), "--reinstall"], "pulumi")
            shutil.rmtree(folder / "venv", ignore_errors=True)
            (made / "venv").rename(folder / "venv")
    except OSError as error:
        raise InstallError(f"{error.filename or home}: {error.strerror}") from None
    return folder


def _make_environment(made: Path, origin: Origin, say: Say) -> None:
    say("Making a Python environment for the plugin")
    # The Python that a virtual environment stands on, which outlives that.
    base: str = getattr(sys, "_base_executable", sys.executable)
    _do([base, "-I", "-m", "venv", str(made / "venv")], "python -m venv")
    say(f"Installing {origin.requirement}")
    pip = [str(made / _PYTHON), "-I", "-m", "pip", "install", "--no-input"]
    _do([*pip, "--disable-pip-version-check", origin.requirement], "pip install")
    if _tells_version(made) != origin.version:
        raise InstallError(
            f"{origin.requirement} is not the {origin.version} that runs here; "
            "install the package anew"
        )


def _tells_version(folder: Path) -> str:
    """Return the version that an environment has, "" where that doesn't work."""
    done = run([str(folder / _PYTHON), "-I", "-c", _VERSION])
    return done.stdout.strip() if done and done.returncode == 0 else ""


def pack(made: Path) -> Path:
    """Pack the launcher, as Pulumi unpacks plugins."""
    launcher = made / (f"{EXECUTABLE}.cmd" if _ON_WINDOWS else EXECUTABLE)
    launcher.write_text(_WINDOWS_LAUNCHER if _ON_WINDOWS else _LAUNCHER)
    launcher.chmod(0o755)
    archive = made / f"{EXECUTABLE}.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(launcher, launcher.name)
    return archive


def _do(command: Sequence[str], name: str) -> None:
    """Run a command to its end; tell its last words where it fails."""
    # Else pip refuses to install into an environment where its settings say `user`.
    done = run(command, seconds=None, environ={**os.environ, "PIP_USER": "0"})
    if done is not None and done.returncode == 0:
        return
    lines = (done.stderr or done.stdout).strip().splitlines() if done else []
    errors = [each for each in lines if each.lower().startswith("error")] or lines
    raise InstallError(f"`{name}` failed: {errors[-1] if errors else 'it did not run'}")
