"""Whatever differs is told: for every field that there is, and for those to come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_stripe_portal.review import Risk, markdown, read_plan, report_of
from pulumi_stripe_portal.review.labels import words_at
from pulumi_stripe_portal.review.report import InStack
from pulumi_stripe_portal.review.states import SCHEMAS
from pulumi_stripe_portal.review.text import plain
from pulumi_stripe_portal.schema.field import Field
from pulumi_stripe_portal.schema.tree import Node

from .leaves import (
    BASES,
    LEAVES,
    Path,
    Values,
    invented,
    pairs,
    preview_of,
    put,
    state_of,
)


def _part(kind: str, was: Values, will: Values) -> InStack:
    """Return what a review says of an update, or of a replacement where it is one."""
    fixed = [at[0] for at, leaf in SCHEMAS[kind].leaves() if leaf.mark.create_only]
    anew = any(was.get(name) != will.get(name) for name in fixed)
    op = "replace" if anew else "update"
    told = preview_of(op, state_of(kind, was), state_of(kind, will))
    [section] = report_of([read_plan(told)]).sections
    return section.parts["test"]


def _sides(kind: str, path: Path, one: Any, other: Any) -> tuple[Values, Values]:
    return put(BASES[kind], path, one), put(BASES[kind], path, other)


@pytest.mark.parametrize(("kind", "path", "leaf"), LEAVES)
def test_every_change_is_told(kind: str, path: Path, leaf: Node) -> None:
    """A change of one field gives a sentence about it, with a risk where it has one.

    Never "no difference", as its feature is on, and never that something changes.
    """
    words = words_at(SCHEMAS[kind], path)
    for one, other in pairs(path, leaf):
        part = _part(kind, *_sides(kind, path, one, other))
        texts = [plain(effect.text) for effect in part.effects]

        assert part.rows, (one, other)
        assert [t for t in texts if not t.startswith("Not in the code")], (one, other)
        assert not [t for t in texts if re.match("No difference|Something", t)], texts
        if words.risk is not None and path != ("default_return_url",):
            assert any(effect.risk for effect in part.effects), texts
        for effect in part.effects:
            if " changes from " in plain(effect.text):
                assert effect.risk is words.risk, texts


@pytest.mark.parametrize(("kind", "path", "leaf"), LEAVES)
def test_gains_and_losses_mirror(kind: str, path: Path, leaf: Node) -> None:
    """What is gained one way is lost the other way."""
    for one, other in pairs(path, leaf):
        there = _part(kind, *_sides(kind, path, one, other))
        back = _part(kind, *_sides(kind, path, other, one))
        kinds = [{effect.kind for effect in part.effects} for part in (there, back)]

        assert ("gain" in kinds[0]) == ("loss" in kinds[1]), (one, other)
        assert ("loss" in kinds[0]) == ("gain" in kinds[1]), (one, other)


SWITCHES = [
    path[:-1]
    for path, _ in SCHEMAS["PortalConfiguration"].leaves()
    if path[-1] == "enabled" and path[0] == "features"
]


@pytest.mark.parametrize("at", SWITCHES, ids=".".join)
def test_no_difference_while_off(at: Path) -> None:
    """What is inside a feature that is off before and after is said to be so."""
    kind = "PortalConfiguration"
    for path, leaf in SCHEMAS[kind].leaves():
        if path[: len(at)] != at or path == (*at, "enabled"):
            continue
        off = put(BASES[kind], (*at, "enabled"), False)
        one, other = (put(off, path, value) for value in next(pairs(path, leaf)))
        [text] = [plain(effect.text) for effect in _part(kind, one, other).effects]

        assert text.startswith("No difference for customers while the feature is off: ")


NEW_LEAVES = {
    "switch": (Node("new_one", "scalar", Field(default=False)), False, True),
    "choice": (Node("new_one", "scalar", Field(), choices=("a", "b")), "a", "b"),
    "text": (Node("new_one", "scalar", Field()), "one", None),
    "list": (Node("new_one", "list", Field(default=[])), ["a"], ["a", "b"]),
    "object": (Node("new_one", "mapping", Field(default={})), {}, {"some": "thing"}),
    "whole": (
        Node(
            "new_one",
            "object",
            Field(whole=True),
            children={"type": Node("type", "scalar", Field())},
        ),
        {"type": "a"},
        {"type": "b"},
    ),
}


def _objects(root: Node, at: Path = ()) -> Iterator[Path]:
    yield at
    for name, child in root.children.items():
        if child.kind == "object" and not child.mark.whole:
            yield from _objects(child, (*at, name))


PLACES = [
    pytest.param(kind, at, id=f"{kind}-{'.'.join(at)}")
    for kind, root in SCHEMAS.items()
    for at in _objects(root)
]


@pytest.mark.parametrize("what", NEW_LEAVES)
@pytest.mark.parametrize(("kind", "at"), PLACES)
def test_a_field_that_nobody_has_words_for(
    kind: str, at: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told by its own name, from what to what, and is to be looked at."""
    leaf, one, other = NEW_LEAVES[what]
    monkeypatch.setitem(SCHEMAS, kind, invented(SCHEMAS[kind], at, leaf))
    path = (*at, "new_one")
    part = _part(kind, *_sides(kind, path, one, other))
    name = ".".join(path) + (".some" if what == "object" else "")
    [told] = [each for each in part.effects if name in plain(each.text)]

    assert re.fullmatch(rf"{re.escape(name)} changes from .+ to .+\.", plain(told.text))
    assert told.risk is (Risk.EVENTS if kind == "WebhookEndpoint" else Risk.ACCESS)
    assert [row.path for row in part.rows] == [name]


def test_beside_what_is_told() -> None:
    """A sentence about one field hides no other of the same topic."""
    kind = "PortalConfiguration"
    details = ("features", "customer_update", "allowed_updates")
    was = put(BASES[kind], details, ["email"])
    will = put(
        was, ("features", "customer_update", "allowed_updates"), ["email", "name"]
    )
    cancel = ("features", "subscription_cancel")
    was = put(was, (*cancel, "mode"), "at_period_end")
    will = put(will, (*cancel, "mode"), "immediately")
    will = put(will, (*cancel, "proration_behavior"), "create_prorations")
    will = put(will, ("features", "subscription_update", "billing_cycle_anchor"), "now")
    texts = " ".join(plain(effect.text) for effect in _part(kind, was, will).effects)

    assert "change their name" in texts
    assert "the subscription ends at once, with a credit for the unused time" in texts
    assert "a new billing period begins that day" in texts
    assert "No difference" not in texts


def test_choices_newer_than_the_review() -> None:
    """A choice without words is said as Stripe has it, and nothing else is claimed."""
    kind = "PortalConfiguration"
    cancel = ("features", "subscription_cancel", "mode")
    was, will = _sides(kind, cancel, "at_period_end", "at_next_renewal")
    [told] = [plain(e.text) for e in _part(kind, was, will).effects]

    assert told == (
        "When customers cancel, the subscription ends as Stripe has it for the mode "
        "at_next_renewal."
    )


def test_asleep() -> None:
    """While a portal is off, before and after or from now on, no feature matters."""
    kind = "PortalConfiguration"
    off = put(BASES[kind], ("active",), False)
    invoices = ("features", "invoice_history", "enabled")
    both = [plain(e.text) for e in _part(kind, off, put(off, invoices, False)).effects]
    falling = _part(kind, BASES[kind], put(off, invoices, False)).effects

    assert both == [
        "No difference for customers while it is switched off: seeing past invoices."
    ]
    assert [e.risk for e in falling if e.kind == "loss"] == [Risk.OUTAGE]


def test_waking() -> None:
    """Nobody loses what nobody had: a portal that is switched on again only gains."""
    kind = "PortalConfiguration"
    off = put(BASES[kind], ("active",), False)
    will = put(BASES[kind], ("features", "invoice_history", "enabled"), False)
    effects = _part(kind, off, will).effects

    assert {effect.kind for effect in effects} == {"gain", "fact"}
    assert [plain(effect.text) for effect in effects] == [
        "use this portal",
        "Seeing past invoices: changes from on to off.",
    ]


def test_extra_parameters() -> None:
    """Parameters newer than the package are told by their own names, value by value."""
    kind = "PortalConfiguration"
    update = {"new_switch": False, "limits": {"most": 3}}
    was = {"features": {"subscription_update": update}}
    will = {"features": {"subscription_update": {**update, "new_switch": True}}}
    old, new = (
        state_of(kind, put(BASES[kind], ("extra_params",), each))
        for each in (was, will)
    )
    text = markdown(report_of([read_plan(preview_of("update", old, new))]))

    assert (
        "**What customers can do**\n\n- `features.subscription_update.new_switch` "
        "changes from `false` to `true`.\n"
    ) in text
    assert (
        "| Parameter newer than this package<br>"
        "`features.subscription_update.new_switch` | `false` | `true` |"
    ) in text
    assert "limits" not in text
