"""Remedies in the words of the program's language, as far as that is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2 as pb
from stripe import StripeClient

import pulumi_stripe_portal
from pulumi_stripe_portal.engine.values import pack
from tests.sources import nodes_of

from .served import Resource, Served

INPUTS: dict[str, Any] = {"features": {"invoice_history": {"enabled": True}}}
PYTHON: dict[str, Any] = {"declaration": {"default_is_managed": False}}

PACKAGE = Path(pulumi_stripe_portal.__file__).parent
SPELLINGS = (
    "import_",
    "ResourceOptions",
    "_before_replace",
    "retain_on_delete",
    "depends_on",
    "replace_on_changes",
)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (PYTHON, '`opts=ResourceOptions(import_="{}")`.'),
        (
            {},
            "`pulumi import stripe-portal:index:DefaultPortalConfiguration 'the one' {}"
            "` or the resource option `import`.",
        ),
    ],
    ids=["python", "other"],
)
def test_how_to_import(
    plugin: Served, dashboard: StripeClient, program: dict[str, Any], words: str
) -> None:
    """A whole command for every language, and Python's own line where that is known."""
    metadata = {"pulumi": "other/test/PortalConfiguration/plans"}
    params: Any = {**INPUTS, "metadata": metadata}
    found = dashboard.v1.billing_portal.configurations.create(params)
    default = Resource(plugin, "DefaultPortalConfiguration", "the one")

    (failure,) = default.failures({**INPUTS, **program})

    assert f"take it over with {words.format(found.id)}" in failure


def test_the_language_is_known_for_all_calls(
    plugin: Served, dashboard: StripeClient
) -> None:
    """A process runs for one program, so that one check tells it."""
    events = Resource(plugin, "WebhookEndpoint", "events")
    for number in range(16):
        dashboard.v1.webhook_endpoints.create(
            {"url": f"https://example.com/{number}", "enabled_events": ["*"]}
        )
    endpoint = {"url": "https://example.com/w", "enabled_events": ["invoice.paid"]}
    news = pack({**endpoint, "marker": "shop/test/WebhookEndpoint/events"})
    request = pb.CreateRequest(urn=events.urn, properties=news)
    other = plugin.refused("Create", request)
    Resource(plugin).check({**INPUTS, **PYTHON})
    python = plugin.refused("Create", request)

    assert "or adopt it with the resource option `import`." in other
    assert "or adopt it with `import_`." in python


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are more than a name, docstrings aside."""
    documented = [
        node.body[0].value
        for node in nodes_of(path)
        if isinstance(
            node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        )
        and node.body
        and isinstance(node.body[0], ast.Expr)
    ]
    for node in nodes_of(path):
        if not isinstance(node, ast.Constant) or node in documented:
            continue
        if isinstance(node.value, str) and not node.value.isidentifier():
            yield node.value


@pytest.mark.parametrize("folder", ["schema", "stripe_api", "stacks", "providers"])
def test_one_place_has_the_words(folder: str) -> None:
    """What every language is told names no option as one of them spells it."""
    for path in (PACKAGE / folder).rglob("*.py"):
        for text in texts(path):
            assert not [each for each in SPELLINGS if each in text], (path, text)
