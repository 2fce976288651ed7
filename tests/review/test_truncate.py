"""A review fits GitHub's longest comment, and keeps what matters."""

from __future__ import annotations

import copy
import cProfile
import pstats
from collections.abc import Collection
from typing import Any

import pytest

from pulumi_stripe_portal.review import (
    LIMIT,
    Plan,
    data,
    markdown,
    offline,
    read_plan,
    report_of,
)

from .material import preview


def _many(count: int, *names: str, filler: str = "") -> Plan:
    """Return a preview that changes many resources, read."""
    return read_plan(_told(count, *names, filler=filler))


def _told(count: int, *names: str, filler: str = "") -> Any:
    """Return a preview that changes many resources, by turns like recorded ones."""
    previews = [preview(name) for name in names]
    told: Any = {"config": {}, "steps": [], "diagnostics": []}
    for number in range(count):
        step = copy.deepcopy(previews[number % len(previews)]["steps"][-1])
        step["urn"] += f"-{number:03}"
        for side in ("oldState", "newState"):
            if "name" in step.get(side, {}).get("inputs", {}):
                step[side]["inputs"]["name"] = f"Portal {number:03}{filler}"
        told["steps"].append(step)
    return told


KINDS = ("invoices_off", "cancel_at_once", "plan_removed", "endpoint_secret_rotated")


def test_two_hundred_resources() -> None:
    """200 changed resources fit, each is named, and the summary says how many."""
    plan = _many(200, *KINDS)

    review = markdown(report_of([plan]))

    assert len(review) <= LIMIT
    assert (
        "## Customer portal, test: 150 changed, 50 replaced. Look at: money" in review
    )
    assert review.count("\n### ") == 200
    assert "*Cut to fit: the exact values of " in review


def test_room_is_used() -> None:
    """What is cut is the least of it: the rest of the comment is full."""
    plan = _many(200, *KINDS)

    assert len(markdown(report_of([plan])).encode()) > LIMIT * 0.9


def test_small_reviews_are_whole() -> None:
    """A review that fits is not cut."""
    review = markdown(report_of([_many(12, *KINDS)]))

    assert "Cut to fit" not in review


@pytest.mark.parametrize("limit", [1_500, 4_000, 20_000])
@pytest.mark.parametrize(
    "filler", ["", " long" * 100, " ש" * 100], ids=["", "long", "rtl"]
)
def test_any_limit(limit: int, filler: str) -> None:
    """However small the place, the summary stands and the limit is kept."""
    review = markdown(report_of([_many(200, *KINDS, filler=filler)]), limit)

    assert len(review.encode()) <= limit
    assert review.startswith("<!-- stripe-portal-review shop test -->\n\n## Customer")


def test_order() -> None:
    """The most serious comes first, and what is cut comes last."""
    review = markdown(report_of([_many(8, *KINDS)]))
    headings = [line for line in review.splitlines() if line.startswith("**")]

    assert headings[0] == "**Money**"
    money = review.rindex("**Money**")
    assert money < review.index("**A secret changes**")
    assert review.rindex("**A secret changes**") < review.rindex(
        "see their past invoices"
    )


def test_many_errors_and_warnings() -> None:
    """A flood of messages doesn't push the changes out."""
    plan = read_plan(
        {
            **preview("cancel_at_once"),
            "diagnostics": [
                {"severity": severity, "message": f"{severity}: {number} {'x' * 900}"}
                for severity in ("error", "warning")
                for number in range(500)
            ],
        }
    )

    review = markdown(report_of([plan]))

    assert len(review.encode()) <= LIMIT
    assert "the subscription ends at once" in review
    assert "… and 480 more" in review


def _announcing(count: int, announcing: Collection[int]) -> Plan:
    """Return a preview in which some resources are announced to take something back."""
    told = _told(count, *KINDS)
    for number in announcing:
        urn = told["steps"][number]["urn"]
        text = f"warning: takes back bpc_{number}x, which an interrupted `up` left"
        entry = {"severity": "warning", "urn": urn, "message": text}
        told["diagnostics"].append(entry)
    told["diagnostics"] += [
        {"severity": "warning", "urn": "", "message": f"warning: {n} {'x' * 900}"}
        for n in range(100)
    ]
    return read_plan(told)


@pytest.mark.parametrize(
    "count", [40, 200, pytest.param(2_000, marks=pytest.mark.slow)]
)
def test_announcements_outlive_the_rest(count: int) -> None:
    """What is taken back or deleted is said, whatever else has to be cut."""
    announcing = range(0, count, count // 40)
    review = markdown(report_of([_announcing(count, announcing)]))

    assert len(review.encode()) <= LIMIT
    assert [n for n in announcing if f"takes back bpc\\_{n}x," not in review] == []


def _calls(count: int) -> int:
    """Return how many functions are called to review so many changes."""
    told = _told(count, "portal_first_of_account", "portal_destroyed", *KINDS)
    template = "urn:pulumi:test::shop::stripe:index/price:Price::{}"
    for number in range(count):
        urn, id_ = template.format(number), f"price_{number}"
        state: Any = {"urn": urn, "type": "stripe:index/price:Price", "id": id_}
        told["steps"].append({"op": "same", "urn": urn, "oldState": state})
        state["outputs"] = {"id": id_, "lookupKey": f"key-{number}"}
        step = told["steps"][number]
        warning = {"severity": "warning", "message": f"{number}", "urn": step["urn"]}
        told["diagnostics"].append(warning)
    profile = cProfile.Profile()
    profile.enable()
    plan = read_plan(told)
    report = report_of([plan], {plan.stack: offline(plan)})
    markdown(report)
    data(report)
    profile.disable()
    found = pstats.Stats(profile)
    return sum(calls for _, calls, *_ in found.stats.values())  # type: ignore[attr-defined]


@pytest.mark.slow
def test_work_grows_with_the_preview() -> None:
    """Twice as many changes are twice the work, not four times."""
    _calls(10)  # what is only done once

    assert _calls(400) < 2.2 * _calls(200)
