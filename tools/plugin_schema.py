"""Writes the plugin's schema from `inputs`: `python -m tools.plugin_schema`.

Runs inside of the environment, as it reads the package. What the schema may say:
https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
"""

from __future__ import annotations

import ast
import inspect
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import typing_extensions

import pulumi_stripe_portal
from pulumi_stripe_portal.plugin import functions, servicer
from pulumi_stripe_portal.schema.field import Field
from pulumi_stripe_portal.schema.resources import PLUGIN, RESOURCE_TYPES, ResourceType
from pulumi_stripe_portal.schema.tree import unwrap
from pulumi_stripe_portal.stripe_api.settings import SETTINGS

FILE = Path(servicer.__file__).with_name("schema.json")

Spec = dict[str, Any]

_SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}
_SECRETS = ("secret",)
"""Inputs and outputs that are secrets, whatever a program says."""


def schema() -> Spec:
    """Return the whole schema, but for the version, which the plugin adds."""
    types: dict[str, Spec] = {}
    resources = {each.tokens[1]: _resource(each, types) for each in RESOURCE_TYPES}
    settings = {
        name: {
            "type": _SCALARS[each.type],
            "description": each.text,
            **({"secret": True} if each.is_secret else {}),
        }
        for name, each in SETTINGS.items()
        if not each.is_programs
    }
    lookups = {
        token: _function(each, types) for token, each in functions.FUNCTIONS.items()
    }
    return {
        "name": PLUGIN,
        "displayName": "Stripe portal",
        "description": "Stripe's customer portal as code: portal configurations, the "
        "account's default and webhook endpoints.",
        "keywords": ["pulumi", "stripe", "category/cloud", "kind/native"],
        "license": "MIT",
        "config": {"variables": settings},
        "provider": {
            "description": _prose(pulumi_stripe_portal.Provider),
            "inputProperties": settings,
        },
        "types": dict(sorted(types.items())),
        "resources": resources,
        "functions": lookups,
        # The name that pip knows is this package's own.
        "language": {
            "go": {"respectSchemaVersion": True},
            "nodejs": {
                "packageName": "pulumi-stripe-portal",
                "respectSchemaVersion": True,
                "typescriptVersion": "^5.0.0",
            },
            "python": {
                "packageName": "pulumi_stripe_portal_sdk",
                "respectSchemaVersion": True,
            },
        },
    }


def _resource(each: ResourceType, types: dict[str, Spec]) -> Spec:
    made: Any = getattr(pulumi_stripe_portal, each.name)
    arguments = inspect.signature(made.__init__).parameters
    fields = {
        name: spec
        for name, spec in _properties(each.inputs, types, each.name).items()
        if name in arguments
    }
    wanted = [name for name in fields if name in each.inputs.__required_keys__]  # type: ignore[attr-defined]
    told = dict(_outputs(made, each.outputs))
    sure = [name for name, spec in told.items() if not spec.pop("optional")]
    return {
        "description": _prose(made),
        "properties": {**fields, **told},
        "required": [*wanted, *sure],
        "inputProperties": fields,
        "requiredInputs": wanted,
        "aliases": [{"type": each.tokens[0]}],
    }


def _outputs(made: type, names: Mapping[str, Any]) -> Iterator[tuple[str, Spec]]:
    """Yield the outputs that are no inputs, as the resource's class declares them."""
    found: dict[str, tuple[str, str]] = {}
    for kind in made.__mro__:
        if kind.__module__.startswith(pulumi_stripe_portal.__name__):
            found |= {name: (hint, text) for name, hint, text in _attributes(kind)}
    spelled = {each.__name__: scalar for each, scalar in _SCALARS.items()}
    for name in names:
        hint, text = found[name]
        bare = hint.removeprefix("pulumi.Output[").removesuffix("]")
        sure = bare.removesuffix(" | None")
        yield (
            name,
            {"type": spelled[sure], "description": text, "optional": sure != bare},
        )


def _function(each: functions.Function, types: dict[str, Spec]) -> Spec:
    if isinstance(each.result, ResourceType):
        resource = _resource(each.result, types)
        text = "Stripe's id of it, `bpc_…`."
        found = {"id": {"type": "string", "description": text}}
        outputs = {
            "properties": {**found, **resource["properties"]},
            "required": ["id", *resource["required"]],
        }
    else:
        outputs = _object(each.result, types)
    return {
        "description": inspect.getdoc(each.run).partition("\n\n")[0],  # type: ignore[union-attr]
        "inputs": _object(each.args, types),
        "outputs": outputs,
    }


def _object(declaration: Any, types: dict[str, Spec]) -> Spec:
    name = declaration.__name__
    return {
        "description": " ".join((inspect.getdoc(declaration) or "").split()),
        "type": "object",
        "properties": _properties(declaration, types, name),
        "required": sorted(declaration.__required_keys__),
    }


def _properties(declaration: Any, types: dict[str, Spec], owner: str) -> Spec:
    hints = typing_extensions.get_type_hints(declaration, include_extras=True)
    texts: dict[str, str] = {}
    for base in typing_extensions.get_original_bases(declaration):
        if typing_extensions.is_typeddict(base):
            texts |= {name: text for name, _, text in _attributes(base)}
    texts |= {name: text for name, _, text in _attributes(declaration)}
    found = {}
    for name, hint in hints.items():
        _, mark = unwrap(hint)
        found[name] = {
            **_type(hint, types, owner + _title(name)),
            "description": texts[name],
            **({"willReplaceOnChanges": True} if mark and mark.create_only else {}),
            **({"secret": True} if name in _SECRETS else {}),
        }
    return found


def _type(hint: Any, types: dict[str, Spec], named: str) -> Spec:
    """Return a type's spec; objects and choices get a name in `types`."""
    bare, mark = unwrap(hint)
    origin, arguments = get_origin(bare), get_args(bare)
    if typing_extensions.is_typeddict(bare):
        return _reference(bare.__name__, lambda: _object(bare, types), types)
    if origin is Literal:
        return _choice(named, arguments, mark or Field(), types)
    if origin is Union or type(bare).__name__ == "UnionType":
        arguments = tuple(each for each in arguments if each is not type(None))
        if len(arguments) == 1:
            return _type(arguments[0], types, named)
        return {"oneOf": [_type(each, types, named) for each in arguments]}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        anything = arguments[1] is Any
        inside = {"$ref": "pulumi.json#/Any"} if anything else {"type": "string"}
        return {"type": "object", "additionalProperties": inside}
    if origin is not None:
        return {"type": "array", "items": _type(arguments[0], types, named)}
    return {"type": _SCALARS[bare]}


def _choice(
    named: str, choices: tuple[str, ...], mark: Field, types: dict[str, Spec]
) -> Spec:
    if mark.form:  # there may be newer ones, which no type may keep out
        return {"type": "string"}
    enum = [{"value": each} for each in choices]
    return _reference(named, lambda: {"type": "string", "enum": enum}, types)


def _reference(name: str, make: Any, types: dict[str, Spec]) -> Spec:
    token = f"{PLUGIN}:index:{name}"
    if token not in types:
        types[token] = {}
        types[token] = make()
    return {"$ref": f"#/types/{token}"}


def _attributes(kind: Any) -> Iterator[tuple[str, str, str]]:
    """Yield a class's annotated names, their types as written and their docstrings."""
    (tree,) = ast.parse(inspect.getsource(kind)).body
    body: list[ast.stmt] = getattr(tree, "body", [])
    bodies = [body, *(each.body for each in body if isinstance(each, ast.If))]
    for body in bodies:
        for field, below in itertools.pairwise(body):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                text = " ".join(str(below.value.value).split())
                yield ast.unparse(field.target), ast.unparse(field.annotation), text


def _prose(kind: Any) -> str:
    """Return a docstring without its examples and options, which are Python's."""
    paragraphs = re.split(r"\n\s*\n", inspect.getdoc(kind) or "")
    prose = [
        " ".join(each.split())
        for each in paragraphs
        if not each.startswith((" ", "http")) and "import_" not in each
    ]
    return "\n\n".join(re.sub(":$", ".", each) for each in prose)


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def text() -> str:
    """Return the schema as it is stored."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
