"""The example's programs in other languages, each as a project of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .stack import Stack

__all__ = ["LANGUAGES", "TYPESCRIPT", "YAML", "Language", "lay_out"]

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
