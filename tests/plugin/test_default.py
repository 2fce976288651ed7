"""The account's default beside other configurations, in one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2 as pb
from stripe import StripeClient

from pulumi_stripe_portal.engine.values import pack
from pulumi_stripe_portal.stacks import holders

from .served import Resource, Served

INPUTS: dict[str, Any] = {"features": {"invoice_history": {"enabled": True}}}
STATE = {
    "deployment": {
        "resources": [
            {
                "urn": "urn:pulumi:test::shop::pulumi:pulumi:Stack::shop-test",
                "type": "pulumi:pulumi:Stack",
                "created": "2020-01-01T00:00:00Z",
            }
        ]
    }
}


@pytest.fixture
def leftover(
    dashboard: StripeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The id of the account's default, which a killed run made for `plans`.

    The stack's state, as a CLI tells it, knows nothing of it.
    """
    cli = tmp_path / "pulumi"
    cli.write_text(f"#!/bin/sh\necho '{json.dumps(STATE)}'\n")
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(holders, "_known", None)
    metadata = {"pulumi": "shop/test/PortalConfiguration/plans"}
    params: Any = {**INPUTS, "metadata": metadata}
    return dashboard.v1.billing_portal.configurations.create(params).id


def failures(plugin: Served, kind: str, name: str, **declaration: Any) -> str:
    """Return what is wrong with a new resource, in the process that runs."""
    says = {"declaration": declaration} if declaration else {}
    request = pb.CheckRequest(
        urn=Resource(plugin, kind, name).urn, news=pack({**INPUTS, **says})
    )
    return "".join(each.reason for each in plugin.ask("Check", request).failures)


def test_a_leftover_is_the_one_s_that_manages_the_default(
    plugin: Served, leftover: str
) -> None:
    """In other languages, the check of a DefaultPortalConfiguration shows that."""
    default = failures(plugin, "DefaultPortalConfiguration", "default")
    plans = failures(plugin, "PortalConfiguration", "plans")

    assert f"the account's default {leftover} is managed by the resource" in default
    assert "a DefaultPortalConfiguration of this program manages it" in plans
    assert plugin.warnings() == []


def test_a_python_program_says_so_itself(plugin: Served, leftover: str) -> None:
    """Also where the other one's check comes later."""
    says = {"default": False, "default_is_managed": True}

    plans = failures(plugin, "PortalConfiguration", "plans", **says)

    assert "a DefaultPortalConfiguration of this program manages it" in plans


def test_a_leftover_is_taken_back_where_none_manages_it(
    plugin: Served, leftover: str
) -> None:
    """As every leftover is."""
    assert failures(plugin, "PortalConfiguration", "plans") == ""
    assert any(f"takes back {leftover}" in told for told in plugin.warnings())


@pytest.mark.parametrize(
    ("first", "says", "warned"),
    [
        (True, {}, False),
        (False, {}, True),
        (True, {"default": True, "default_is_managed": True}, False),
        (False, {"default": True, "default_is_managed": True}, False),
        (False, {"default": False, "default_is_managed": True}, True),
    ],
    ids=["before", "after", "python-before", "python-waits", "python-after"],
)
def test_whether_the_default_is_made_first(
    plugin: Served, first: bool, says: dict[str, bool], warned: bool
) -> None:
    """A program in Python knows it; elsewhere the order of the checks tells."""
    if first:
        failures(plugin, "DefaultPortalConfiguration", "default", **says)

    assert failures(plugin, "PortalConfiguration", "plans", **says) == ""

    told = any("becomes its default for ever" in told for told in plugin.warnings())
    assert told == warned
