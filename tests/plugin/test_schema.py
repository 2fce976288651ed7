"""What Pulumi's code generators are told of the plugin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_stripe_portal.plugin.functions import FUNCTIONS
from pulumi_stripe_portal.plugin.servicer import PROVIDERS
from pulumi_stripe_portal.schema.resources import RESOURCE_TYPES
from tools import plugin_schema

from .served import Served

STORED: dict[str, Any] = json.loads(plugin_schema.FILE.read_text())


def test_it_is_as_the_inputs_say() -> None:
    """What is stored is what the declarations come to."""
    assert plugin_schema.FILE.read_text() == plugin_schema.text()


def test_every_resource_type_is_served() -> None:
    """The plugin has a provider for each type of the table, and the schema tells it."""
    assert {each.manages for each in PROVIDERS} == set(RESOURCE_TYPES)
    assert list(STORED["resources"]) == [each.tokens[1] for each in RESOURCE_TYPES]
    assert list(STORED["functions"]) == list(FUNCTIONS)


def test_names_are_stripes_own() -> None:
    """An input of a resource has the same name in every language and state."""
    for each in RESOURCE_TYPES:
        told = STORED["resources"][each.tokens[1]]
        refused = {"active"} if each.is_default else set()
        assert set(told["inputProperties"]) == set(each.root.children) - refused
        assert set(told["properties"]) - set(told["inputProperties"]) == (
            set(each.outputs) - set(told["inputProperties"])
        )


def everything(value: Any) -> Iterator[dict[str, Any]]:
    """Yield each object in the schema."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from everything(each)


def test_every_property_is_described() -> None:
    """A docstring of the declaration stands at each."""
    for each in everything(STORED):
        for name, inside in each.get("properties", {}).items():
            assert inside.get("description"), name


def test_every_reference_leads_somewhere() -> None:
    """A type that is named is there."""
    for each in everything(STORED):
        name = each.get("$ref", "").removeprefix("#/types/")
        assert not name or name in STORED["types"] or name == "pulumi.json#/Any"


def test_secrets_are_told() -> None:
    """The signing secret and the key are secrets in every language."""
    endpoint = STORED["resources"]["stripe-portal:index:WebhookEndpoint"]
    assert endpoint["properties"]["secret"]["secret"] is True
    assert STORED["config"]["variables"]["apiKey"]["secret"] is True


def test_the_plugin_tells_it(plugin: Served) -> None:
    """It has the package's version besides."""
    told = json.loads(plugin.ask("GetSchema", pb.GetSchemaRequest()).schema)
    version = plugin.stub.GetPluginInfo(pb.GetSchemaRequest()).version

    assert told == {**STORED, "version": version}
