"""A Pulumi stack in a folder of its own, driven by the real command line."""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import textwrap
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from pulumi_stripe_portal.engine.wire import SIGNATURE
from pulumi_stripe_portal.sandbox import Sandbox

from . import warm_python

HEADER = """\
import pulumi
from pulumi import Output, ResourceOptions
from pulumi_stripe_portal import PORTAL_EVENTS, SUBSCRIPTION_EVENTS, WebhookEvent
from pulumi_stripe_portal import DefaultPortalConfiguration, PortalConfiguration
from pulumi_stripe_portal import Provider, WebhookEndpoint
"""
"""All but the sandbox, whose import takes longer than the program itself."""


@dataclass(frozen=True)
class Run:
    """What one run of the command line did."""

    code: int
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        """All that the user saw."""
        return self.stdout + self.stderr


@dataclass
class Stack:
    """A project with one program, against one sandbox."""

    folder: Path
    sandbox: Sandbox
    name: str = "test"
    environ: dict[str, str] = field(default_factory=dict)
    """Variables beside those that every run gets; "" removes one."""
    _shown: dict[str, Any] = field(default_factory=dict)
    """What outputs are in clear, by how the state has them (none twice the same)."""

    def __post_init__(self) -> None:
        (self.folder / "state").mkdir(parents=True, exist_ok=True)
        self._write_project()
        self._initialise()

    def _initialise(self) -> None:
        """Make the stack: as another one of its name, where nothing differs."""
        if self.environ.keys() & {"PULUMI_BACKEND_URL", "PULUMI_HOME", "PATH"}:
            self.pulumi("stack", "init", self.name)
            return
        shutil.copytree(_initialised(self.name), self.folder, dirs_exist_ok=True)
        place = hashlib.sha1(str(self.folder / "Pulumi.yaml").encode()).hexdigest()
        selected = Path(self.env()["PULUMI_HOME"], "workspaces")
        selected.mkdir(parents=True, exist_ok=True)
        (selected / f"shop-{place}-workspace.json").write_text(
            json.dumps({"stack": f"organization/shop/{self.name}"})
        )

    def _write_project(self, **more: Any) -> None:
        project = {"name": "shop", "runtime": "python", **more}
        (self.folder / "Pulumi.yaml").write_text(json.dumps(project))

    def provide_plugin(self) -> dict[str, Any]:
        """Write the plugin's executable; return how Pulumi.yaml tells where it is."""
        folder = self.folder / "plugin"
        folder.mkdir(exist_ok=True)
        executable = folder / "pulumi-resource-stripe-portal"
        serve = (
            f'exec "{warm_python.interpreter()}" -m pulumi_stripe_portal.plugin "$@"'
        )
        executable.write_text(f"#!/bin/sh\n{serve}\n")
        executable.chmod(0o755)
        return {"providers": [{"name": "stripe-portal", "path": "plugin"}]}

    def use_plugin(self) -> None:
        """Let the engine find the plugin, and the program choose it."""
        self._write_project(plugins=self.provide_plugin())
        self.config("stripe-portal:engine", "plugin")

    def program(self, text: str) -> None:
        """Write the program; what every program imports is imported."""
        source = HEADER + textwrap.dedent(text)
        (self.folder / "__main__.py").write_text(source)

    def env(self) -> dict[str, str]:
        """Return the whole environment of a run."""
        env = {
            **os.environ,
            "PULUMI_HOME": str(self.folder.parent / "pulumi-home"),
            "PULUMI_BACKEND_URL": (self.folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "GOGC": "1000",  # a tenth of each run was collecting Go's garbage
            "PATH": warm_python.path(),
            **self.sandbox.environ,
            **self.environ,
        }
        return {name: value for name, value in env.items() if value != ""} | {
            "PULUMI_CONFIG_PASSPHRASE": ""
        }

    def pulumi(self, *args: str, check: bool = True) -> Run:
        """Run the command line; without `check`, also where it fails."""
        pulumi = shutil.which("pulumi")
        assert pulumi, "no Pulumi CLI on PATH: run the tests with `make test`"
        return self._run([pulumi, *args, "--non-interactive"], check=check)

    def portal(self, *args: str, check: bool = True) -> Run:
        """Run `stripe-portal`, as a shell in the project's folder does."""
        portal = [warm_python.interpreter(), "-m", "pulumi_stripe_portal"]
        return self._run([*portal, *args], check=check)

    def _run(self, command: list[str], *, check: bool) -> Run:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.env(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        run = Run(done.returncode, done.stdout, done.stderr)
        assert run.code == 0 or not check, f"{' '.join(command)}:\n{run.text}"
        return run

    def up(self, program: str | None = None, *args: str, check: bool = True) -> Run:
        """Update the stack at once (no preview), to a new program if one is given."""
        if program is not None:
            self.program(program)
        return self.pulumi("up", "--yes", "--skip-preview", *args, check=check)

    def preview(self, *args: str, check: bool = True) -> Run:
        """Preview the stack."""
        return self.pulumi("preview", *args, check=check)

    def assert_converged(self) -> None:
        """Fail unless code, state and Stripe agree on everything."""
        self.preview("--refresh", "--expect-no-changes")

    def refresh(self, check: bool = True) -> Run:
        """Read the state anew from Stripe."""
        return self.pulumi("refresh", "--yes", "--skip-preview", check=check)

    def destroy(self, check: bool = True) -> Run:
        """Destroy everything."""
        return self.pulumi("destroy", "--yes", "--skip-preview", check=check)

    def config(self, key: str, value: str, *, secret: bool = False) -> None:
        """Set one of the stack's settings."""
        if secret:
            self.pulumi("config", "set", "--secret", key, value)
            return
        file = self.folder / f"Pulumi.{self.name}.yaml"
        settings = yaml.safe_load(file.read_text())
        settings.setdefault("config", {})[key] = value
        file.write_text(yaml.safe_dump(settings))

    def export(self) -> dict[str, Any]:
        """Return the state, as `pulumi stack export` has it: secrets are ciphertext."""
        backend = Path(self.env()["PULUMI_BACKEND_URL"].removeprefix("file://"))
        project = yaml.safe_load((self.folder / "Pulumi.yaml").read_text())["name"]
        file = backend / ".pulumi" / "stacks" / project / f"{self.name}.json"
        stored = json.loads(file.read_text())
        return {
            "version": stored["version"],
            "deployment": stored["checkpoint"]["latest"] or {},
        }

    def load(self, state: dict[str, Any]) -> None:
        """Put a state in place of the stack's own."""
        file = self.folder / "import.json"
        file.write_text(json.dumps(state))
        self.pulumi("stack", "import", "--file", str(file))

    def resource(self, name: str) -> dict[str, Any]:
        """Return one resource's state."""
        for item in self.export()["deployment"]["resources"]:
            if item["urn"].endswith(f"::{name}"):
                found: dict[str, Any] = item
                return found
        raise AssertionError(f"no resource {name!r} in the state")

    def output(self, name: str) -> Any:
        """Return one of the stack's outputs, secrets in clear."""
        (root,) = (
            item
            for item in self.export()["deployment"]["resources"]
            if item["type"] == "pulumi:pulumi:Stack"
        )
        outputs: dict[str, Any] = root["outputs"]
        stored = json.dumps(outputs[name])
        if SIGNATURE not in stored:
            return outputs[name]
        if stored not in self._shown:
            show = ("stack", "output", "--json", "--show-secrets")
            shown = json.loads(self.pulumi(*show).stdout)
            self._shown |= {json.dumps(outputs[each]): shown[each] for each in outputs}
        return self._shown[stored]

    def rescue(self) -> None:
        """Remove what the killed CLI has left half written beside the checkpoint.

        Pulumi's file backend writes checkpoints atomically, but not their `.attrs`,
        and then says «failed to load checkpoint: EOF» until that file is removed.
        """
        for file in (self.folder / "state").rglob("*.attrs"):
            if not file.read_text():
                file.unlink()

    def unlock(self) -> None:
        """Do what `pulumi cancel` does: remove the lock of a run that was killed."""
        locks = [*(self.folder / "state" / ".pulumi" / "locks").rglob("*.json")]
        assert locks
        for lock in locks:
            lock.unlink()

    def state_files(self) -> str:
        """Return all that is stored about the stack, as one text."""
        files = (self.folder / "state").rglob("*.json*")
        return "".join(path.read_text() for path in files if path.is_file())


@cache
def _initialised(name: str) -> Path:
    """Return a folder with what `pulumi stack init` makes, once a process."""
    folder = Path(tempfile.mkdtemp(prefix="stack-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "shop" / "state").mkdir(parents=True)
    project = folder / "shop" / "Pulumi.yaml"
    project.write_text('{"name": "shop", "runtime": "python"}')
    env = {
        **os.environ,
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (project.parent / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
    }
    init = ["pulumi", "stack", "init", name, "--non-interactive"]
    subprocess.run(init, cwd=project.parent, env=env, check=True, capture_output=True)
    project.unlink()
    return project.parent
