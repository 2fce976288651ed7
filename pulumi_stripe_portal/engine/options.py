"""What a program is to write, in the words of its language: the one place for them.

Only a program in Python is known by its language. The others have in common how
Pulumi's documentation names its resource options: `deleteBeforeReplace`.
"""

from __future__ import annotations

import shlex

from pulumi_stripe_portal.engine import call as engine
from pulumi_stripe_portal.engine.urn import Urn

__all__ = ["IMPORT", "argument", "import_of", "option"]

IMPORT = "import_"
"""The option by which this package's classes in Python adopt what exists."""


def option(name: str, value: str = "") -> str:
    """Return a resource option of Pulumi's.

    Args:
        name: As Python spells it, e.g. `retain_on_delete`.
        value: What it is set to, as Python spells that, where it is to be named.
    """
    if engine.door().is_python():
        return f"`{name}={value}`" if value else f"`{name}`"
    first, *others = name.rstrip("_").split("_")
    return f"the resource option `{first}{''.join(map(str.title, others))}`"


def import_of(id_: str) -> str:
    """Return how the resource in question takes an object under code.

    Args:
        id_: The object's id.
    """
    if engine.door().is_python():
        return f'`opts=ResourceOptions(import_="{id_}")`'
    urn = Urn.of(engine.door().resource_urn() or "")
    token, name = (urn.type, urn.name) if urn else ("TYPE", "NAME")
    words = ("pulumi", "import", token, name, id_)
    return f"`{shlex.join(words)}` or {option(IMPORT)}"


def argument(name: str, value: str) -> str:
    """Return an input of a resource with a text.

    Args:
        name: The input.
        value: Its value.
    """
    return (
        f'`{name}="{value}"`' if engine.door().is_python() else f'`{name}: "{value}"`'
    )
