"""The built wheel, installed where nothing else is; and the plugin that it installs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.languages import YAML, lay_out
from tests.engine.stack import Stack

ROOT = Path(__file__).parent.parent

TEST = """
def test_fixture(stripe_sandbox):
    client = stripe_sandbox.client()
    made = client.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    assert made.is_default
"""


pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel, and nothing of this checkout."""

    home: Path

    @property
    def python(self) -> str:
        """Its Python."""
        return str(self.home / "bin" / "python")

    def run(self, *command: str, **environ: str) -> str:
        """Run a command in it; return all that it prints."""
        path = f"{self.home / 'bin'}:{os.environ['PATH']}"
        constraints = str(ROOT / "tools" / "constraints.txt")
        env = {**os.environ, "PATH": path, "PIP_CONSTRAINT": constraints, **environ}
        env.pop("PYTHONPATH", None)
        done = subprocess.run(
            command,
            cwd=self.home.parent,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def pip(self, *arguments: str) -> None:
        """Run pip in it."""
        quiet = ("-q", "--disable-pip-version-check")
        self.run(self.python, "-m", "pip", *quiet, *arguments)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """What `pip install pulumi-stripe-portal` makes of an empty environment."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=True)
    made = Installed(folder / "venv")
    made.pip("wheel", "--no-deps", "-w", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    made.pip("install", str(wheel))
    return made


def test_the_wheel_alone_gives_every_command(
    installed: Installed, tmp_path: Path
) -> None:
    """`pip install pulumi-stripe-portal` is all that the commands and fixture need."""
    run, python = installed.run, installed.python
    listed = run("stripe-portal", "--help").split("Commands:")[1].split()
    for line in listed:
        if line in ("sandbox", "import", "review", "compare", "session", "doctor"):
            run("stripe-portal", line, "--help")
    assert "sandbox" in listed
    code = "import os; print(os.environ['STRIPE_API_BASE'])"
    served = run("stripe-portal", "sandbox", "run", "--", python, "-c", code)
    assert served.startswith("http://127.0.0.1:")

    plugin = str(installed.home / "bin" / "pulumi-resource-stripe-portal")
    own = {"PULUMI_HOME": str(tmp_path)}
    schema = json.loads(run("pulumi", "package", "get-schema", plugin, **own))
    assert schema["name"] == "stripe-portal"

    installed.pip("install", "pytest")
    (tmp_path / "test_it.py").write_text(TEST)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    run("stripe-portal", "init", "--dir", str(tmp_path))
    run(python, "-m", "pytest", "-q", str(tmp_path))


def test_the_plugin_outlives_the_environment_that_installed_it(
    installed: Installed, tmp_path: Path, stripe_sandbox: Sandbox
) -> None:
    """A YAML program then needs nothing of Python's on PATH."""
    home = tmp_path / "pulumi-home"
    install = ("stripe-portal", "plugin", "install")
    said = installed.run(*install, PULUMI_HOME=str(home))
    assert "installed from pulumi-stripe-portal @ file:///" in said
    assert "is there already" in installed.run(*install, PULUMI_HOME=str(home))
    (plugin,) = home.glob("plugins/resource-*/pulumi-resource-stripe-portal")
    assert f"{plugin.parent}\n" in said
    assert not list(home.glob(".stripe-portal-*"))

    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("pulumi", "pulumi-language-yaml"):
        found = shutil.which(name)
        assert found, f"no {name} on PATH: run the tests with `make test`"
        (programs / name).symlink_to(Path(found).resolve())
    path = f"{programs}:/usr/bin:/bin"
    assert shutil.which(plugin.name, path=path) is None
    environ = {"PATH": path, "PYTHONPATH": ""}
    stack = Stack(tmp_path / "shop", stripe_sandbox, environ=environ)
    lay_out(YAML, stack, plugin=False)
    away = installed.home.rename(tmp_path / "away")
    try:
        assert "5 created" in stack.up().stdout
    finally:
        away.rename(installed.home)
