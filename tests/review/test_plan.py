"""What is read from a preview, and what is not."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pulumi_stripe_portal.review import (
    NotAPreview,
    markdown,
    offline,
    read_plan,
    report_of,
)

from .material import preview, previewed

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def _review(told: Any) -> str:
    return markdown(report_of([read_plan(told)]))


@pytest.mark.parametrize(
    "other",
    [None, [], {}, "text", {"steps": None}, {"version": 3, "deployment": {}}],
    ids=repr,
)
def test_other_json_is_refused(other: Any) -> None:
    """JSON that is no preview is refused, with what it should be."""
    with pytest.raises(NotAPreview, match="pulumi preview --json"):
        read_plan(other)


def test_stack_and_project_come_from_the_preview() -> None:
    """The preview names its stack and project; the caller's name is for others."""
    plan = read_plan(preview("pause_on"), "elsewhere")

    assert (plan.project, plan.stack, plan.mode) == ("shop", "test", "test")


def test_mode() -> None:
    """The mode is that of the resources, else of the stack's settings, else test."""
    told = preview("endpoint_new")
    told["config"]["stripe-portal:mode"] = "live"

    assert read_plan(told).mode == "live"
    assert read_plan({"steps": []}).mode == "test"
    assert previewed("side_by_side_live").mode == "live"


def test_mode_is_told_where_the_name_does_not() -> None:
    """A stack whose name isn't its mode is shown with it."""
    told = preview("side_by_side_live")
    text = _review(_renamed(told, "live", "prod-eu"))

    assert "## Customer portal, prod-eu (live mode): 1 changed" in text


def _renamed(told: Any, old: str, new: str) -> Any:
    told = copy.deepcopy(told)
    for step in told["steps"]:
        step["urn"] = step["urn"].replace(f"urn:pulumi:{old}:", f"urn:pulumi:{new}:")
    return told


def test_nested_resources_are_found() -> None:
    """A resource inside a component is a resource like any other."""
    told = preview("pause_on")
    step = told["steps"][-1]
    step["urn"] = step["urn"].replace("pulumi-python", "my:index:Team$pulumi-python")

    assert "pause for 1 or 3 months" in _review(told)


def test_resources_of_others_are_counted() -> None:
    """Other packages' resources are counted, apart from the portal's."""
    told = preview("pause_on")
    for op in ("create", "create", "delete", "same"):
        urn = f"urn:pulumi:test::shop::stripe:index/price:Price::{op}"
        told["steps"].append({"op": op, "urn": urn})

    assert "Not part of the portal, in test: 2 to create, 1 to delete." in _review(told)


@pytest.mark.parametrize("hidden", ["[secret]", UNKNOWN])
def test_names_that_are_not_told(hidden: str) -> None:
    """Where a preview hides what a price is, its id stands."""
    told = preview("plan_by_id")
    outputs = {
        "product": hidden,
        "unitAmount": hidden,
        "currency": hidden,
        "nickname": hidden,
        "recurring": {"interval": "month", "intervalCount": hidden},
    }
    urn = "urn:pulumi:test::shop::stripe:index/price:Price::pro"
    state = {"urn": urn, "type": "stripe:index/price:Price", "outputs": outputs}
    state |= {"id": "price_ProMonthlyTest"}
    told["steps"].append({"op": "update", "urn": urn, "newState": state})
    plan = read_plan(told)

    text = markdown(report_of([plan], {"test": offline(plan)}))

    assert "**can now** change plan to `price_ProMonthlyTest`." in text
    assert "object at 0x" not in text


def test_names_come_from_the_state() -> None:
    """A price that the same stack manages is called by its name."""
    told = preview("plan_by_id")
    made: tuple[tuple[str, dict[str, Any]], ...] = (
        ("product:Product", {"id": "prod_ProTest", "name": "Pro"}),
        (
            "price:Price",
            {
                "id": "price_ProMonthlyTest",
                "product": "prod_ProTest",
                "unitAmount": 2900,
                "currency": "usd",
                "recurring": {"interval": "month", "intervalCount": 1},
            },
        ),
    )
    for kind, outputs in made:
        urn = f"urn:pulumi:test::shop::stripe:index/{kind}::pro"
        state = {"urn": urn, "type": f"stripe:index/{kind}", "outputs": outputs}
        state |= {"id": outputs["id"]}
        told["steps"].append({"op": "same", "urn": urn, "oldState": state})
    plan = read_plan(told)

    text = markdown(report_of([plan], {"test": offline(plan)}))

    assert "**can now** change plan to Pro monthly (29.00 USD)." in text


def test_replacement_is_one_change() -> None:
    """The three steps of a replacement are told as one."""
    told = preview("endpoint_secret_rotated")
    step = next(s for s in told["steps"] if s["op"] == "replace")
    first = {**step, "op": "create-replacement"}
    last = {"op": "delete-replaced", "urn": step["urn"], "oldState": step["oldState"]}
    told["steps"] = [first, step, last]

    assert "1 replaced. Look at: a secret" in _review(told)


def test_only_the_last_line_of_a_traceback() -> None:
    """A program's traceback, which names files of one machine, is cut."""
    text = _review(preview("failed_program"))

    assert "RuntimeError: no such thing" in text
    assert "File" not in text


def test_secret_object() -> None:
    """Where a whole object is secret, nothing is told of it but that."""
    told = preview("pause_on")
    for state in (told["steps"][-1]["oldState"], told["steps"][-1]["newState"]):
        state["inputs"]["features"] = "[secret]"
        state.get("outputs", {})["features"] = "[secret]"
    text = _review(told)

    assert "A secret value changes, which is not shown" in text
    assert "can no longer" not in text


def test_unknown_price_among_known_ones() -> None:
    """A price that the update will make is told of, and so are the others."""
    told = preview("plan_added")
    products = told["steps"][-1]["newState"]["inputs"]["features"][
        "subscription_update"
    ]["products"]
    products[1]["prices"][0] = UNKNOWN
    text = _review(told)

    assert "`pro_annual` or a price (not known before the update)" in text


def test_nothing_changes() -> None:
    """Reordered lists and spelled-out defaults are no change."""
    text = _review(preview("reordered_and_spelled_out"))

    assert text.endswith("## Customer portal, test: no changes\n")


def test_half_way_update() -> None:
    """What Stripe was last known to hold counts, not what an `up` that failed asked."""
    told = preview("portal_deactivated")
    told["steps"][-1]["oldState"]["inputs"]["active"] = False

    assert "it is deactivated" in _review(told)


def _warned(*messages: tuple[str, str, str]) -> Any:
    """Return a preview with warnings on resources, by type, name and text."""
    told = preview("pause_on")
    prefix = told["steps"][-1]["urn"].rpartition(":PortalConfiguration::")[0]
    told["diagnostics"] = [
        {"severity": "warning", "urn": f"{prefix}:{kind}::{name}", "message": text}
        for kind, name, text in messages
    ]
    return told


def test_announcements_are_of_their_resource() -> None:
    """What the provider warns of is kept with its resource: by type and name."""
    name = preview("pause_on")["steps"][-1]["urn"].rpartition("::")[2]
    mine, other = "takes back bpc_1", "deletes we_1"
    told = _warned(
        ("PortalConfiguration", name, f"warning: {mine}"),
        ("WebhookEndpoint", name, other),
        ("PortalConfiguration", f"{name}-2", "something else"),
    )
    [change] = read_plan(told).changes

    assert change.announcements == (mine,)


def test_a_namesake_does_not_become_the_default() -> None:
    """Another resource of the same name has warnings of its own."""
    told = preview("portal_first_of_account")
    urn = told["diagnostics"][0]["urn"]
    told["diagnostics"][0]["urn"] = urn.replace(
        ":PortalConfiguration:", ":DefaultPortalConfiguration:"
    )
    [change] = read_plan(told).changes

    assert not change.becomes_default


def test_unreadable_parts_are_said() -> None:
    """A step that has no form that a step has is left out, and the review says so."""
    told = preview("pause_on")
    told["steps"][-1]["oldState"] = ["x"]
    told["diagnostics"].append("x")
    steps, diagnostics = (len(told[name]) - 1 for name in ("steps", "diagnostics"))
    plan = read_plan(told)

    assert plan.unread == (f"steps[{steps}]", f"diagnostics[{diagnostics}]")
    assert "2 parts of the preview could not be read" in markdown(report_of([plan]))


def test_unreadable_values_are_said() -> None:
    """A value that a setting can't have is told as such, and is no other value."""
    told = preview("pause_on")
    inputs = told["steps"][-1]["newState"]["inputs"]
    inputs["features"]["subscription_pause"]["enabled"] = ["yes"]

    assert "Pausing: not readable: it has a form that it can't have." in _review(told)
