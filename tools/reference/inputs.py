"""The page of every input: its key, what it may be, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools.plugin_schema import schema
from tools.reference.markdown import MADE, cell, table

__all__ = ["page"]

Spec = Mapping[str, Any]

_REF = "#/types/"
_HEAD = f"""\
# Inputs

The keys that programs write, in every language: Stripe's own names, nested as in
[Stripe's reference](https://docs.stripe.com/api/customer_portal/configurations/create). In
Python they are plain dicts, checked by your editor and mypy. A key in **bold** is required.
What is allowed together is checked before anything is sent: see [Errors](errors.md).

{MADE}"""


def page() -> str:
    """Return the page in Markdown."""
    whole = schema()
    parts = [_HEAD]
    for token, resource in whole["resources"].items():
        parts.append(f"\n## {_short(token)}\n\n")
        wanted = resource["requiredInputs"]
        parts.append(_table(whole, resource["inputProperties"], wanted))
        told = {
            name: each
            for name, each in resource["properties"].items()
            if name not in resource["inputProperties"]
        }
        parts.append("\nBesides, as outputs:\n\n" + _table(whole, told, (), "output"))
    parts.append("\n## The dicts inside\n")
    for token, each in whole["types"].items():
        if "enum" in each:
            continue
        parts.append(f"\n### {_short(token)}\n\n{each['description']}\n\n")
        parts.append(_table(whole, each["properties"], each["required"]))
    return "".join(parts)


def _table(whole: Spec, properties: Spec, required: Any, what: str = "input") -> str:
    rows = [
        (
            f"**`{name}`**" if name in required else f"`{name}`",
            _kind(whole, each),
            cell(each["description"]),
        )
        for name, each in properties.items()
    ]
    return table((what, "is", "meaning"), rows)


def _kind(whole: Spec, spec: Spec) -> str:
    """Return what a value may be, with a link to the dict that it is."""
    return " or ".join(_kinds(whole, spec))


def _kinds(whole: Spec, spec: Spec) -> Iterator[str]:
    if "oneOf" in spec:
        for each in spec["oneOf"]:
            yield from _kinds(whole, each)
    elif spec.get("type") == "array":
        yield f"list of {_kind(whole, spec['items'])}"
    elif "additionalProperties" in spec:
        yield "dict of texts" if "type" in spec["additionalProperties"] else "dict"
    elif "$ref" in spec:
        token = spec["$ref"].removeprefix(_REF)
        found = whole["types"][token]
        if "enum" in found:
            yield " / ".join(f"`{each['value']}`" for each in found["enum"])
        else:
            name = _short(token)
            yield f"[{name}](#{name.lower()})"
    else:
        yield {"string": "text", "boolean": "bool", "integer": "int"}[spec["type"]]


def _short(token: str) -> str:
    return token.rpartition(":")[2]
