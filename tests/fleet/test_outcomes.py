"""What became of each account is what the engine's events say."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.fleet.outcomes import Outcome, Tally
from pulumi_stripe_portal.fleet.summary import counts, sentences, table

TYPE = "pulumi-python:dynamic/stripe-portal:PortalConfiguration"


def urn(name: str) -> str:
    """Return what the engine calls a configuration."""
    return f"urn:pulumi:test-0001::shop::{TYPE}::{name}"


def done(op: str, name: str, **states: Any) -> dict[str, Any]:
    """Return the event of a step that succeeded."""
    step = {"op": op, "urn": urn(name), "type": TYPE, **states}
    return {"resOutputsEvent": {"metadata": step}}


def error(name: str, text: str) -> dict[str, Any]:
    """Return the event of an error about a configuration, or about the stack."""
    told = {"severity": "error", "message": text, "urn": urn(name) if name else ""}
    return {"diagnosticEvent": told}


def outcome(*events: dict[str, Any]) -> Outcome:
    """Return what became of one account."""
    tally = Tally("test-0001", {"acct_1": {}})
    tally.take(events)
    return tally.outcomes()[0]


@pytest.mark.parametrize(
    ("operations", "status"),
    [
        (["create"], "created"),
        (["create", "create"], "created"),
        (["same", "create"], "created"),
        (["create", "update"], "changed"),
        (["update"], "changed"),
        (["create-replacement", "replace", "delete-replaced"], "changed"),
        (["delete"], "deleted"),
        (["same", "delete"], "changed"),
        (["same", "same"], "unchanged"),
    ],
)
def test_operations_make_a_status(operations: list[str], status: str) -> None:
    """An account is what happened to all of its resources."""
    events = [done(op, f"acct_1-{n}") for n, op in enumerate(operations)]

    assert outcome(*events).status == status


def test_a_refresh_that_finds_drift_is_a_change() -> None:
    """What it finds as it was recorded is none."""
    as_recorded = {"outputs": {"account": "acct_1", "name": "A"}}
    clicked = {"outputs": {"account": "acct_1", "name": "B"}}

    same = done("refresh", "x", old=as_recorded, new=as_recorded)
    drifted = done("refresh", "x", old=as_recorded, new=clicked)

    assert outcome(same).status == "unchanged"
    assert outcome(drifted).status == "changed"


def test_an_error_is_of_the_account_that_it_names() -> None:
    """Others are as they are; one of the whole stack is of all that nothing reached."""
    tally = Tally("test-0001", {"acct_1": {}, "acct_2": {}, "acct_3": {}})
    problem = f"{TYPE} resource 'acct_2' has a problem:\n  - sk_test_123"
    tally.take([done("create", "acct_1"), error("acct_2", problem)])
    tally.take([error("", "the program ended")])

    one, two, three = tally.outcomes()

    assert (one.status, one.message) == ("created", "")
    assert (two.status, two.message) == (
        "failed",
        "PortalConfiguration 'acct_2' has a problem: - [hidden]",
    )
    assert (three.status, three.message) == ("failed", "the program ended")
    assert counts([one, two, three]) == {"created": 1, "failed": 2}
    lines = table([one, two, three]).splitlines()
    assert lines[0] == "acct_1  test-0001  created"
    assert lines[1].startswith("acct_2  test-0001  failed   PortalConfiguration")


def test_an_account_that_left_is_told_of() -> None:
    """It is not on the list, but in the stack's state."""
    tally = Tally("test-0001", {"acct_1": {}})
    gone = {"inputs": {"account": "acct_9"}}
    tally.take([done("same", "acct_1"), done("delete", "acct_9", old=gone)])

    assert [(each.account, each.status) for each in tally.outcomes()] == [
        ("acct_1", "unchanged"),
        ("acct_9", "deleted"),
    ]


def test_an_account_for_which_the_program_has_nothing_is_told_of() -> None:
    """The program may read another setting."""
    assert outcome().message == "the program has nothing for it"


def test_sentences_are_counted_where_they_say_the_same() -> None:
    """What the list says of each account is named, not repeated."""
    found = []
    for number, name in enumerate(("Bakery", "Cinema")):
        tally = Tally("test-0001", {f"acct_{number}": {"name": name}})
        tally.affects(f"acct_{number}", "", f"The name is new and reads {name}.")
        found += tally.outcomes()

    assert sentences(found) == [(2, "", "The name is new and reads [name].")]
