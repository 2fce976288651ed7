"""A review fits GitHub's longest comment, and keeps what matters."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pulumi_stripe_portal.review import LIMIT, Plan, markdown, read_plan, report_of

from .material import preview


def _many(count: int, *names: str, filler: str = "") -> Plan:
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
    return read_plan(told)


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
