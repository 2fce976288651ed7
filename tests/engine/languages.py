"""The example's programs in other languages, each as a project of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pulumi_stripe_portal.plugin.servicer import schema

from .stack import Stack

__all__ = [
    "EXAMPLES",
    "LANGUAGES",
    "PYTHON",
    "TYPESCRIPT",
    "YAML",
    "Language",
    "generate_sdks",
    "install_packages",
    "lay_out",
]

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Language:
    """How a language writes what the tests change in the example."""

    folder: str
    """Where the example is."""
    program: str
    """The file that holds the program."""
    secret: Mapping[str, str]
    """What makes the headline a secret, TOPSECRET."""
    rename: Mapping[str, str]
    """What changes the name of one configuration."""
    typo: Mapping[str, str]
    """What misspells a nested input."""
    refusal: str
    """The words that refuse it, with its place, as a regular expression."""

    def change(self, stack: Stack, changes: Mapping[str, str]) -> None:
        """Change texts of a stack's program, all of which it has."""
        path = stack.folder / self.program
        text = path.read_text()
        for before, after in changes.items():
            assert before in text, before
            text = text.replace(before, after)
        path.write_text(text)


YAML = Language(
    "languages/yaml",
    "Pulumi.yaml",
    secret={"Manage your subscription": "{ fn::secret: TOPSECRET }"},
    rename={"name: Basic and Pro": "name: Basic, Pro"},
    typo={"proration_behavior": "proration_behaviour"},
    refusal=r"proration_behaviour does not exist on .*\s+on Pulumi\.yaml line \d+",
)
TYPESCRIPT = Language(
    "languages/typescript",
    "index.ts",
    secret={'"Manage your subscription"': 'pulumi.secret("TOPSECRET")'},
    rename={'name: "Basic and Pro"': 'name: "Basic, Pro"'},
    typo={"proration_behavior": "proration_behaviour"},
    refusal=r"index\.ts\W+\d+.*proration_behaviour",
)
LANGUAGES = (YAML, TYPESCRIPT)
PYTHON = Language(
    "portal",
    "__main__.py",
    secret={'"Manage your subscription"': 'pulumi.Output.secret("TOPSECRET")'},
    rename={'name="Basic and Pro"': 'name="Basic, Pro"'},
    typo={},
    refusal="",
)


def lay_out(language: Language, stack: Stack, *, plugin: bool = True) -> None:
    """Make an example a stack's project, perhaps with the plugin of this checkout.

    Its name is the one that the stack has been made with.
    """
    for file in (EXAMPLES / language.folder).glob("*.*"):
        shutil.copy(file, stack.folder)
    for name in ("Pulumi.yaml", f"Pulumi.{stack.name}.yaml"):
        path = stack.folder / name
        path.write_text(path.read_text().replace("stripe-portal-example", "shop"))
    if plugin:
        with (stack.folder / "Pulumi.yaml").open("a") as project:
            project.write(f"plugins: {json.dumps(stack.provide_plugin())}\n")


def generate_sdks(folder: Path, *languages: str) -> None:
    """Write the SDKs of languages, as a normal Pulumi's `package gen-sdk` does."""
    generator = shutil.which("generate-sdks")
    assert generator, "no generate-sdks on PATH: run the tests with `make test`"
    file = folder / "schema.json"
    file.write_text(schema())
    subprocess.run([generator, str(file), str(folder / "sdks"), *languages], check=True)


def install_packages(folder: Path) -> None:
    """Do what the example's README does before a TypeScript program can run.

    Installing the SDK compiles it.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no node with npm on PATH")
    shutil.copy(EXAMPLES / TYPESCRIPT.folder / "package.json", folder)
    generate_sdks(folder, "nodejs")
    done = subprocess.run(
        [npm, "install"], cwd=folder, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
