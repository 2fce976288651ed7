"""Which objects another tool manages is read from its state, and nothing secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pulumi_stripe_portal.importing import ForeignState, NotAState, read_state

from .states import BRIDGE, SECRET, TERRAFORM


def state_of(state: Any) -> ForeignState:
    """Read a state as it is in a file."""
    return read_state(json.dumps(state))


def test_terraform() -> None:
    """Stripe's own provider and lukasaron's; modules and instances; no data sources."""
    state = state_of(TERRAFORM)

    assert state.tool == "terraform"
    assert [(each.id, each.names[0], each.address) for each in state.objects] == [
        ("bpc_1", "portal_main", "stripe_billing_portal_configuration.portal_main"),
        (
            "bpc_2",
            "plans-a-b",
            'module.billing["eu"].module.portal.stripe_portal_configuration.plans'
            '["a b"]',
        ),
        (
            "bpc_3",
            "plans-c",
            'module.billing["eu"].module.portal.stripe_portal_configuration.plans["c"]',
        ),
        ("we_1", "events-0", "stripe_webhook_endpoint.events[0]"),
        ("we_2", "events-1", "stripe_webhook_endpoint.events[1]"),
    ]
    assert [each.id for each in state.objects if each.has_secret] == ["we_1"]
    assert state.left == ["stripe_webhook_endpoint.failed"]


def test_pulumi() -> None:
    """The bridges of both providers; parents; nothing that is about to be deleted."""
    state = state_of(BRIDGE)

    assert state.tool == "pulumi"
    assert [(each.id, each.names[0]) for each in state.objects] == [
        ("bpc_1", "portal"),
        ("bpc_2", "Plans--EU"),
        ("we_1", "events"),
        ("we_2", "sealed"),
    ]
    assert [each.has_secret for each in state.objects] == [False, False, True, True]
    assert [each.encrypted for each in state.objects] == [False, False, False, True]
    assert [each.protected for each in state.objects] == [True, False, False, False]


def test_a_name_twice_has_its_module_as_well() -> None:
    """The second choice says which module or parent it is of."""
    terraform, bridge = state_of(TERRAFORM), state_of(BRIDGE)

    assert terraform.objects[1].names[1] == "portal-plans-a-b"
    assert bridge.objects[1].names[1] == "Billing-Plans--EU"


@pytest.mark.parametrize("state", [TERRAFORM, BRIDGE], ids=["terraform", "pulumi"])
def test_no_secret_is_kept(state: Any) -> None:
    """What is read holds no secret that could be shown by accident."""
    assert SECRET in json.dumps(state)
    assert SECRET not in repr(state_of(state))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        pytest.param("{", "this is no JSON", id="no-json"),
        pytest.param("[]", "this is no state", id="a-list"),
        pytest.param("{}", "this is neither kind of state", id="something-else"),
        pytest.param(
            '{"encrypted_data": "x", "encryption_version": "v0"}',
            "the state is encrypted; give what `tofu state pull` prints",
            id="opentofu-encrypted",
        ),
        pytest.param(
            '{"format_version": "1.0", "terraform_version": "1.9.0", "values": {}}',
            "this is not the state itself",
            id="terraform-show",
        ),
        pytest.param(
            '{"version": 3, "terraform_version": "0.11.14", "modules": []}',
            "one of a very old Terraform",
            id="terraform-0.11",
        ),
    ],
)
def test_what_is_no_state(text: str, advice: str) -> None:
    """The error says what to give instead."""
    with pytest.raises(NotAState, match=advice):
        read_state(text)


def test_an_empty_stack() -> None:
    """Pulumi writes null for no resources."""
    assert state_of({"version": 3, "deployment": {"resources": None}}).objects == []


@pytest.mark.parametrize(
    "checkpoint",
    [
        {"stack": "organization/shop/live", "latest": BRIDGE["deployment"]},
        BRIDGE["deployment"],
    ],
    ids=["latest", "bare"],
)
def test_a_checkpoint(checkpoint: Any) -> None:
    """What Pulumi's file backend keeps, and what is in its history."""
    state = state_of({"version": 3, "checkpoint": checkpoint})

    assert state.tool == "pulumi"
    assert state.objects == state_of(BRIDGE).objects


@pytest.mark.parametrize("latest", [None, {"resources": None}, {}])
def test_the_checkpoint_of_a_new_stack(latest: Any) -> None:
    """It is a state, and nothing is in it."""
    assert state_of({"version": 3, "checkpoint": {"latest": latest}}).objects == []


def test_an_id_under_two_addresses() -> None:
    """Each address is kept, with what is known of its secret."""
    states = json.loads(json.dumps(TERRAFORM))
    first, second = states["resources"][2]["instances"]
    second["attributes"] = {"id": "we_1", "secret": None}

    found = [each for each in state_of(states).objects if each.id == "we_1"]

    assert [each.address for each in found] == [
        "stripe_webhook_endpoint.events[0]",
        "stripe_webhook_endpoint.events[1]",
    ]
    assert [each.has_secret for each in found] == [True, False]
    assert first["attributes"]["id"] == "we_1"


def test_a_name_with_the_urns_own_separator() -> None:
    """Newer versions of Pulumi allow `::` in names."""
    state = json.loads(json.dumps(BRIDGE).replace("::events", "::a::b"))

    (each,) = [each for each in state_of(state).objects if each.id == "we_1"]

    assert each.names[0] == "a--b"


def test_what_is_odd_is_named() -> None:
    """The rest of the state is read nevertheless."""
    state = json.loads(json.dumps(TERRAFORM))
    state["resources"][2]["instances"] = "none"
    state["resources"].append(["something else"])

    found = state_of(state)

    assert found.odd == ["stripe_webhook_endpoint.events", "resource number 7"]
    assert [each.id for each in found.objects] == ["bpc_1", "bpc_2", "bpc_3"]
