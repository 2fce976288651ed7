"""The built wheel, installed where nothing else is; thoroughly, on each Python."""

from __future__ import annotations

import email
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest
from filelock import FileLock

from pulumi_stripe_portal.sandbox import Sandbox
from tests.docs.pages import links
from tests.engine.languages import YAML, lay_out
from tests.engine.stack import Stack

ROOT = Path(__file__).parent.parent
PROJECT = (ROOT / "pyproject.toml").read_text()
PYTHONS = re.findall(r"Programming Language :: Python :: (3\.\d+)", PROJECT)
OWN = f"3.{sys.version_info.minor}"
HOME = "https://git.example.com/shop/portal"
"""Where the release is from."""
TEST = """
def test_fixture(stripe_sandbox):
    client = stripe_sandbox.client()
    made = client.v1.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )
    assert made.is_default
"""
MADE_BY_HAND = """
import os
from stripe import StripeClient
api = {"api": os.environ["STRIPE_API_BASE"]}
client = StripeClient(os.environ["STRIPE_API_KEY"], base_addresses=api)
features = {"invoice_history": {"enabled": True}}
client.v1.billing_portal.configurations.create({"features": features})
"""
COMMANDS = (
    "doctor --stack test",
    "review --stack test --html review.html",
    "import --all --stack test --out found.py",
)
"""What is run on a stack that is up."""
IGNORED = ("--ignore", "default_return_url", "--ignore", "url")

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Installed:
    """An environment that has nothing of this checkout, or of the tests'."""

    home: Path

    @classmethod
    def made(cls, home: Path, python: str, *packages: str) -> Installed:
        """Make it, with packages of which the tests pin what they need themselves."""
        subprocess.run([python, "-m", "venv", str(home)], check=True)
        installed = cls(home)
        installed.pip("install", *packages)
        return installed

    @property
    def python(self) -> str:
        """Its Python."""
        return str(self.home / "bin" / "python")

    def run(self, *command: str, cwd: Path | None = None, **environ: str) -> str:
        """Run a command in it; return all that it prints."""
        path = f"{self.home / 'bin'}:{os.environ['PATH']}"
        constraints = str(ROOT / "tools" / "constraints.txt")
        # Of what is installed, most is never imported: compiled is what is.
        pip = {"PIP_CONSTRAINT": constraints, "PIP_COMPILE": "0"}
        env = {**os.environ, "PATH": path, **pip, **environ}
        env.pop("PYTHONPATH", None)
        done = subprocess.run(
            command,
            cwd=cwd or self.home.parent,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}"
        return done.stdout

    def pip(self, *arguments: str) -> None:
        """Run pip in it."""
        quiet = ("-q", "--disable-pip-version-check")
        self.run(self.python, "-m", "pip", *quiet, *arguments)


def interpreter(version: str) -> str | None:
    """Return a Python of this machine: the tests' own, or one on PATH or of pyenv."""
    if version == OWN:
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = [shutil.which(f"python{version}"), *pyenv.glob(f"{version}.*/bin/python")]
    for each in filter(None, found):
        asked = [str(each), "-c", "import ensurepip, sys; print(sys.version)"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.stdout.startswith(f"{version}."):
            return str(each)
    return None


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with wheel and sdist, made once as the workflow of a release does."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "built"
    with FileLock(f"{folder}.lock"):
        if not (folder / "done").exists():
            tools = Installed.made(folder / "tools", sys.executable, "hatchling")
            build = (tools.python, "-m", "hatchling", "build", "-d", str(folder))
            tools.run(*build, cwd=ROOT, RELEASED_FROM=HOME)
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """The wheel."""
    (found,) = built.glob("*.whl")
    return found


def read_metadata(wheel: Path) -> Message:
    """Return what a wheel says of itself."""
    with ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


def test_a_release_says_where_it_is_from(
    built: Path, wheel: Path, tmp_path: Path
) -> None:
    """PyPI can follow each link; who builds the sdist anew gets the same."""
    said = read_metadata(wheel)
    tag = f"v{said['Version']}"

    assert said.get_all("Project-URL") == [
        f"Documentation, {HOME}/blob/{tag}/README.md#documentation",
        f"Source, {HOME}",
        f"Changelog, {HOME}/blob/HEAD/CHANGELOG.md",
        f"Issues, {HOME}/issues",
    ]
    found = links(str(said.get_payload()))
    assert f"{HOME}/raw/{tag}/docs/pictures/review.png" in found
    assert f"{HOME}/blob/{tag}/docs/tour.md" in found
    assert [link for link in found if not link.startswith("https://")] == []
    assert not any("https://" in link.removeprefix("https://") for link in found)

    (sdist,) = built.glob("*.tar.gz")
    tools = Installed(built / "tools")
    tools.pip("wheel", "--no-deps", "-w", str(tmp_path), str(sdist))
    (again,) = tmp_path.glob("*.whl")
    assert read_metadata(again).as_string() == said.as_string()


def test_elsewhere_it_says_nothing(built: Path, tmp_path: Path) -> None:
    """A wheel of a checkout has the README as it stands, in anybody's workflow."""
    build = ("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    tools = Installed(built / "tools")
    tools.run(tools.python, *build, cwd=ROOT, GITHUB_REPOSITORY="shop/app")
    (plain,) = tmp_path.glob("*.whl")
    said = read_metadata(plain)

    assert said.get_all("Project-URL") is None
    assert said.get_payload() == (ROOT / "README.md").read_text()


@pytest.mark.parametrize("version", PYTHONS)
def test_the_wheel_alone(
    version: str, wheel: Path, tmp_path: Path, stripe_sandbox: Sandbox
) -> None:
    """`pip install pulumi-stripe-portal` is all that each Python needs.

    And the plugin outlives the environment that installed it.
    """
    if version != OWN and os.environ.get("HYPOTHESIS_PROFILE") != "thorough":
        pytest.skip("others are tried by `make test-thorough`: each takes minutes")
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version}")
    installed = Installed.made(tmp_path / "venv", python, str(wheel))
    installed.run(installed.python, "-m", "pip", "check")
    have_help(installed, "stripe-portal")
    live(installed, tmp_path / "shop")
    installed.pip("install", "pytest")
    (tmp_path / "shop" / "tests" / "test_it.py").write_text(TEST)
    run_tests = (installed.python, "-m", "pytest", "-q", "tests")
    assert "4 passed" in installed.run(*run_tests, cwd=tmp_path / "shop")
    outlive(installed, tmp_path / "plugin", stripe_sandbox)


def have_help(installed: Installed, *command: str) -> None:
    """See that a command says what it does, and those below it."""
    listed = installed.run(*command, "--help").partition("\nCommands:\n")[2]
    for name in re.findall(r"^  (\S+)", listed, re.M):
        have_help(installed, *command, name)


def live(installed: Installed, folder: Path) -> None:
    """Do with a new project what users do: with all commands, through both doors."""
    environ = {
        "PULUMI_HOME": str(folder.parent / "pulumi-home"),
        "PULUMI_BACKEND_URL": folder.parent.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }

    def run(*command: str) -> str:
        return installed.run(*command, cwd=folder, **environ)

    def at_stripe(*command: str, mode: str = "test") -> str:
        around = ("stripe-portal", "sandbox", "run", "--mode", mode, "--")
        return run(*around, *command)

    up = ("pulumi", "up", "--yes", "--skip-preview")
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    run("stripe-portal", "init")
    for mode in ("test", "live"):
        run("pulumi", "stack", "select", "--create", mode)
        assert "4 created" in at_stripe(*up, mode=mode)
    run("stripe-portal", "compare", "test", "live", *IGNORED)
    run("pulumi", "stack", "select", "test")
    assert "4 unchanged" in at_stripe(*up)
    at_stripe(installed.python, "-c", MADE_BY_HAND)
    for command in COMMANDS:
        at_stripe("stripe-portal", *command.split())
    assert "PortalConfiguration(" in (folder / "found.py").read_text()

    run("pulumi", "config", "set", "stripe-portal:engine", "plugin")
    assert "4 unchanged" in at_stripe(*up)
    plugin = str(installed.home / "bin" / "pulumi-resource-stripe-portal")
    schema = json.loads(run("pulumi", "package", "get-schema", plugin))
    assert schema["name"] == "stripe-portal"


def outlive(installed: Installed, folder: Path, sandbox: Sandbox) -> None:
    """Install the plugin, lose the environment: a YAML program needs no Python."""
    folder.mkdir()
    home = folder / "pulumi-home"
    install = ("stripe-portal", "plugin", "install")
    said = installed.run(*install, PULUMI_HOME=str(home))
    assert "installed from pulumi-stripe-portal @ file:///" in said
    assert "is there already" in installed.run(*install, PULUMI_HOME=str(home))
    (plugin,) = home.glob("plugins/resource-*/pulumi-resource-stripe-portal")
    assert f"{plugin.parent}\n" in said
    assert not list(home.glob(".stripe-portal-*"))

    programs = folder / "bin"
    programs.mkdir()
    for name in ("pulumi", "pulumi-language-yaml"):
        found = shutil.which(name)
        assert found, f"no {name} on PATH: run the tests with `make test`"
        (programs / name).symlink_to(Path(found).resolve())
    path = f"{programs}:/usr/bin:/bin"
    assert shutil.which(plugin.name, path=path) is None
    environ = {"PATH": path, "PYTHONPATH": ""}
    stack = Stack(folder / "shop", sandbox, environ=environ)
    lay_out(YAML, stack, plugin=False)
    installed.home.rename(folder / "away")

    assert "5 created" in stack.up().stdout
