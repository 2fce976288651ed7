"""Addresses of the other tools, and what of them may stand in a command. Pure.

A state is a file of others: a name in it may hold anything. What is printed for users
to paste must not do more than it says, so that an address goes into a command, or into
HCL, only where each of its parts is one that its tool could have written.
"""

from __future__ import annotations

import json
import re

from pulumi_stripe_portal.engine.urn import Urn
from pulumi_stripe_portal.schema.visible import is_visible

__all__ = ["hcl_address", "plain_urn", "terraform_address"]

# «a stack name may only contain alphanumeric, hyphens, underscores, or periods»; of
# projects the same is true.
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_KEY = r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]'
_MODULE = re.compile(rf"module\.([^.\[\]]+)(?:{_KEY})?(?:\.(?=.)|\Z)", re.DOTALL)


def plain_urn(text: str) -> Urn | None:
    """Read a URN whose stack and project can stand in a command, None for no such."""
    urn = Urn.of(text)
    if urn is None or str(urn) != text or not urn.name:
        return None
    return urn if _NAME.fullmatch(urn.stack) and _NAME.fullmatch(urn.project) else None


def terraform_address(module: str, type_: str, name: str, key: str | int | None) -> str:
    """Return how Terraform is told which instance is meant."""
    address = ".".join([*([module] if module else []), type_, name])
    return address if key is None else f"{address}[{json.dumps(key)}]"


def hcl_address(module: str, type_: str, name: str) -> str | None:
    """Return the address of all instances for a `removed` block, None where it is none.

    `from` takes no instance keys, of modules neither:
    https://developer.hashicorp.com/terraform/language/state/remove
    """
    modules = []
    at = 0
    while at < len(module):
        found = _MODULE.match(module, at)
        if found is None:
            return None
        modules.append(found[1])
        at = found.end()
    if not all(map(_is_identifier, [*modules, type_, name])):
        return None
    return ".".join([*(f"module.{each}" for each in modules), type_, name])


def _is_identifier(text: str) -> bool:
    """Follow https://developer.hashicorp.com/terraform/language/syntax/configuration.

    Letters, digits, `_` and `-`; the first is no digit and no hyphen.
    """
    return (
        text[:1] != "-" and text.replace("-", "_").isidentifier() and is_visible(text)
    )
