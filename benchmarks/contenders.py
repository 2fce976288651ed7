"""Who is measured side by side: each makes and keeps N portal configurations.

| contender | what it is |
|---|---|
| dynamic | this package, as a Python program has it |
| plugin | the same, with `stripe-portal:engine: plugin` |
| bare | a dynamic resource with the same inputs and outputs that asks nobody: Pulumi's share |
| script | what a team would write on the `stripe` package, one call after the other |
| script 16 | the same with 16 threads |
"""  # noqa: E501

from __future__ import annotations

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from pathlib import Path

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.stack import Stack

__all__ = ["NAMES", "OPERATIONS", "Contender", "contender"]

OPERATIONS = (
    "create",
    "no-op",
    "update one",
    "update all",
    "refresh",
    "drift",
    "destroy",
)
"""What is measured, in this order: `drift` is an edit at Stripe, found and reverted."""

RUN = ("--yes", "--skip-preview", "--parallel", "32")

FEATURES = {
    "payment_method_update": {"enabled": True},
    "subscription_update": {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
    },
}

PROGRAM = """
FEATURES = {features!r}
for n in range({count}):
    name = {one!r} if n == 0 else {others!r}
    PortalConfiguration(f"c{{n}}", name=name, features=FEATURES)
"""

BARE = """
from bare import Bare

FEATURES = {features!r}
for n in range({count}):
    name = {one!r} if n == 0 else {others!r}
    Bare(f"c{{n}}", name=name, features=FEATURES)
"""

BARE_MODULE = """
import uuid
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider
from pulumi.dynamic import ReadResult, UpdateResult

OUTPUTS = {"is_default": False, "livemode": False, "created": 1, "updated": 1}

class Provider(ResourceProvider):
    serialize_as_secret_always = False
    def create(self, props):
        return CreateResult("bpc_" + uuid.uuid4().hex, {**props, **OUTPUTS})
    def diff(self, id_, olds, news):
        changed = any(olds.get(key) != news[key] for key in ("name", "features"))
        return DiffResult(changes=changed)
    def update(self, id_, olds, news):
        return UpdateResult({**news, **OUTPUTS})
    def read(self, id_, props):
        return ReadResult(id_, props)

class Bare(Resource):
    def __init__(self, resource_name, **props):
        outputs = dict.fromkeys(OUTPUTS)
        super().__init__(Provider(), resource_name, {**props, **outputs})
"""
"""Beside the program: with 300 of them in it, Pulumi's pickling recurses too deep."""


class Contender(ABC):
    """One way to have N configurations at Stripe, and to change them."""

    def __init__(self, name: str, folder: Path, sandbox: Sandbox, count: int) -> None:
        """Begin in an empty folder, with an account that has its default."""
        self.name = name
        self.sandbox = sandbox
        self.count = count
        self.home = folder
        features = {"invoice_history": {"enabled": True}}
        configurations = sandbox.client().v1.billing_portal.configurations
        configurations.create({"features": features})  # type: ignore[typeddict-item]

    @abstractmethod
    def run(self, operation: str) -> None:
        """Do one of the operations."""

    def edit(self) -> None:
        """Change one of the configurations behind its back."""
        configurations = self.sandbox.client().v1.billing_portal.configurations
        newest = configurations.list({"active": True}).data[0]
        configurations.update(newest.id, {"name": "Edited"})


class Pulumi(Contender):
    """A stack of the real command line."""

    def __init__(self, name: str, folder: Path, sandbox: Sandbox, count: int) -> None:
        """Make the stack."""
        super().__init__(name, folder, sandbox, count)
        self.stack = Stack(folder / "shop", sandbox)
        self.stack.environ["GOGC"] = ""  # as users have it
        if name == "plugin":
            self.stack.use_plugin()
        if name == "bare":
            (self.stack.folder / "bare.py").write_text(BARE_MODULE)

    def run(self, operation: str) -> None:
        """Run `pulumi`."""
        one, others = {
            "update one": ("Two", "One"),
            "update all": ("Three", "Three"),
        }.get(operation, ("One", "One"))
        text = BARE if self.name == "bare" else PROGRAM
        program = text.format(
            features=FEATURES, count=self.count, one=one, others=others
        )
        if operation in ("destroy", "refresh"):
            self.stack.pulumi(operation, *RUN)
        elif operation in ("no-op", "drift"):
            self.stack.pulumi("up", *RUN, *(["--refresh"] * (operation == "drift")))
        else:
            self.stack.program(program)
            self.stack.pulumi("up", *RUN)


class Script(Contender):
    """A program on the `stripe` package."""

    def run(self, operation: str) -> None:
        """Run it in a process of its own, as Pulumi's are."""
        threads = "16" if self.name.endswith("16") else "1"
        folder = str(self.home)
        command = [sys.executable, "-m", "benchmarks.script"]
        subprocess.run(
            [*command, operation, str(self.count), threads, folder],
            check=True,
            capture_output=True,
            env={**os.environ, **self.sandbox.environ, "PULUMI_HOME": f"{folder}/"},
        )


NAMES = ("dynamic", "plugin", "bare", "script", "script 16")


def contender(name: str, folder: Path, sandbox: Sandbox, count: int) -> Contender:
    """Return one of them, ready to create."""
    folder.mkdir(parents=True)
    kind = Script if name.startswith("script") else Pulumi
    return kind(name, folder, sandbox, count)
