"""Whatever a preview does not tell: nothing is made up, and nothing breaks."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_stripe_portal.review import data, markdown, read_plan, report_of
from pulumi_stripe_portal.review.page import page

from .material import known_of, preview
from .scenarios import SCENARIOS

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything inside."""
    items = value.items() if isinstance(value, dict) else ()
    for key, item in enumerate(value) if isinstance(value, list) else items:
        yield (*at, key)
        yield from _places(item, (*at, key))


def _hidden(told: Any, paths: list[tuple[Any, ...]], token: str) -> Any:
    told = copy.deepcopy(told)
    for path in sorted(paths, key=len, reverse=True):
        inside = told
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = token
    return told


def _inputs(told: Any) -> list[tuple[Any, ...]]:
    """Return where the inputs of the portal's resources are."""
    return [
        ("steps", index, side, "inputs", *path)
        for index, step in enumerate(told["steps"])
        if "stripe-portal" in step["urn"]
        for side in ("oldState", "newState")
        if side in step
        for path in _places(step[side]["inputs"])
        if path[0] not in ("marker", "adopt")
    ]


def _review(told: Any) -> str:
    plan = read_plan(told)
    return markdown(report_of([plan], known_of(plan)))


def _page(told: Any) -> str:
    plan = read_plan(told)
    return page(report_of([plan], known_of(plan)))


@pytest.mark.parametrize("token", [UNKNOWN, "[secret]"], ids=["unknown", "secret"])
@pytest.mark.parametrize("name", ["portal_new", "endpoint_new", "default_changed"])
def test_each_value(name: str, token: str) -> None:
    """Any one value may be unknown or secret."""
    told = preview(name)
    for path in _inputs(told):
        text = _review(_hidden(told, [path], token))

        assert "object at 0x" not in text
        assert token not in text


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_many_values(data: st.DataObject) -> None:
    """Any number of values may be unknown or secret, on either side."""
    told = preview(data.draw(st.sampled_from(sorted(SCENARIOS))))
    places = _inputs(told)
    if places:
        paths = data.draw(st.lists(st.sampled_from(places), max_size=6, unique=True))
        token = data.draw(st.sampled_from([UNKNOWN, "[secret]"]))
        hidden = _hidden(told, paths, token)
        text = _review(hidden) + _page(hidden)

        assert "object at 0x" not in text
        assert token not in text


def test_unknown_is_no_change_of_what_customers_can_do() -> None:
    """That something isn't known yet is said, and not that it ends."""
    told = preview("pause_on")
    features = told["steps"][-1]["newState"]["inputs"]["features"]
    features["invoice_history"]["enabled"] = UNKNOWN
    text = _review(told)

    assert "- Seeing past invoices: not known before the update." in text
    assert "see their past invoices" not in text


@pytest.mark.parametrize("name", ["headline", "default_changed", "drift_and_code"])
def test_what_becomes_a_secret(name: str) -> None:
    """A value that the state had in clear so far is not shown beside it either."""
    told = preview(name)
    for step in told["steps"]:
        for side in ("oldState", "newState"):
            inputs = step.get(side, {}).get("inputs", {})
            if "features" in inputs:
                text = "TOPSECRET" if side == "oldState" else "[secret]"
                inputs["business_profile"] = {"headline": text}
                inputs["metadata"] = {"team": text}
            if "before" in step.get(side, {}).get("outputs", {}):
                before = step[side]["outputs"]["before"]
                before["business_profile"] = {"headline": "TOPSECRET"}

    text = _review(told) + _page(told)
    assert "TOPSECRET" not in text
    alone = "A secret value changes, which is not shown" in text
    assert alone == (name == "headline")
    plan = read_plan(told)
    assert "TOPSECRET" not in str(data(report_of([plan], known_of(plan))))
