"""Reviews of real previews, kept to be read: one file for each kind of change."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pulumi_stripe_portal.review import Known, Plan, markdown, report_of
from pulumi_stripe_portal.review.prices import EVERYONE, Holders

from .material import SNAPSHOTS, assert_kept, known_of, previewed
from .scenarios import SCENARIOS

KEPT = sorted(SNAPSHOTS.glob("*.md"))
WITHOUT_NAMES = "plan_by_id_without_names"


def _holders(customers: int, *quantities: int, is_whole: bool = True) -> Holders:
    """Return the subscriptions of so many customers; the first have a second one."""
    listed = [(f"cus_{n}", 1) for n in range(customers)]
    listed += [(f"cus_{n}", quantity) for n, quantity in enumerate(quantities)]
    return Holders({f"sub_{n}": each for n, each in enumerate(listed)}, is_whole)


def _counted(plan: Plan, counts: dict[str, Holders]) -> dict[str, Known]:
    book = known_of(plan)[plan.stack].book
    return {plan.stack: Known(replace(book, counts=counts))}


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_kind_of_change(name: str) -> None:
    """A preview reads as it was last agreed to."""
    plan = previewed(name)

    assert_kept(name, markdown(report_of([plan], known_of(plan))))


def test_test_and_live() -> None:
    """Test and live stand side by side: what is alike once, the rest by stack."""
    plans = [previewed("side_by_side_test"), previewed("side_by_side_live")]

    assert_kept("side_by_side", markdown(report_of(plans, known_of(*plans))))


def test_without_names() -> None:
    """Where no name is known the id stands, and how to get names."""
    plan = previewed("plan_by_id")

    assert_kept(WITHOUT_NAMES, markdown(report_of([plan])))


def test_customers_counted() -> None:
    """Where customers were counted, the review says whom a change concerns."""
    plan = previewed("plan_removed")
    counts = {
        "price_ProMonthlyTest": _holders(312),
        "price_ProAnnualTest": _holders(1),
    }
    known = _counted(plan, counts)

    assert_kept("plan_removed_counted", markdown(report_of([plan], known)))


MANY = _holders(1020, *[1] * 291)
COUNTED = {
    "cancel_at_once": {EVERYONE: MANY},
    "cancel_removed_from_code": {EVERYONE: _holders(1)},
    "pause_off": {EVERYONE: _holders(9120, is_whole=False)},
    "portal_deactivated": {EVERYONE: Holders()},
    "billing_of_changes": {"price_ProMonthlyTest": MANY},
    "changes_wait": {"price_ProMonthlyTest": Holders()},
    "quantity_range": {"price_ProMonthlyTest": _holders(9, 1, 1, 101, 3)},
}
"""What was counted for which change; a price that isn't there was not asked for."""


@pytest.mark.parametrize("name", COUNTED)
def test_how_many_may_be_concerned(name: str) -> None:
    """What is counted is said, as a bound where nobody can know more."""
    plan = previewed(name)
    text = markdown(report_of([plan], _counted(plan, COUNTED[name])))

    assert_kept(f"{name}_counted", text)


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_asked_for(name: str) -> None:
    """A review asks for what its sentences are about, and for nothing else."""
    plan = previewed(name)
    asked = report_of([plan], known_of(plan)).prices(plan.stack)

    assert set(COUNTED[name]) <= set(asked)
    assert (EVERYONE in asked) == (EVERYONE in COUNTED[name])


def test_customers_counted_of_all_plans() -> None:
    """Switching the feature off concerns the customers of every plan."""
    plan = previewed("plan_change_off")
    known = _counted(plan, {"price_ProMonthlyTest": _holders(312)})

    text = markdown(report_of([plan], known))

    assert "312 customers on Pro monthly (29.00 USD) can no longer change plan" in text


def test_default_as_it_is() -> None:
    """Where the default was asked for, taking it over tells what is new."""
    plan = previewed("default_taken_over")
    today = {
        "name": "",
        "features": {
            "invoice_history": {"enabled": True},
            "subscription_cancel": {"enabled": True},
        },
    }

    text = markdown(report_of([plan], {"test": Known(default=today)}))

    assert_kept("default_taken_over_online", text)


def test_enough_kinds() -> None:
    """At least 25 kinds of change are kept."""
    assert len(KEPT) >= 25


def _ours(text: str) -> str:
    """Return a review's own words: no comments, values, warnings or errors."""
    text = re.sub(r"<!--.*?-->|### Warnings.*", "", text, flags=re.DOTALL)
    text = re.sub(r"\*\*The preview of .*", "", text, flags=re.DOTALL)
    return re.sub(r"(`+) ?.*? ?\1", "", text).replace("\\", "")


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
class TestPlainLanguage:
    """What is kept can be read by somebody who never saw code."""

    def test_no_ids(self, file: Path) -> None:
        """Nothing has an id where a name is known."""
        # What an interrupted run left has no resource yet, and so no name.
        if file.stem != WITHOUT_NAMES and "left_by_a_run" not in file.stem:
            ids = r"\b(bpc|we|price|prod|pmc|fbo|acct|cus|sub)_\w+"
            assert not re.search(ids, file.read_text().replace("\\", ""))

    def test_no_python(self, file: Path) -> None:
        """Nothing looks like a value of Python, or like Pulumi's placeholders."""
        python = r"\b(None|True|False)\b|\{'|\['|\('|\bobject at 0x|04da6b54"
        assert not re.search(python, file.read_text())

    def test_no_terms(self, file: Path) -> None:
        """No term of Stripe's API or Pulumi's engine stands there unexplained."""
        ours = _ours(file.read_text())
        assert not re.search(r"\b[a-z]+_[a-z_]+\b|\bURN\b|\bnull\b", ours)
        assert not re.search("proration|anchor|enum|boolean|sentinel", ours)

    def test_no_secrets(self, file: Path) -> None:
        """Nothing is told of a secret, or of what an address hides."""
        assert not re.search(r"hush|hunter|whsec_|sk_test|sk_live", file.read_text())


def test_same_bytes() -> None:
    """The same preview gives the same bytes, whatever came before."""
    plans = [previewed("portal_new"), previewed("portal_new")]
    texts = [markdown(report_of([plan], known_of(plan))) for plan in plans]

    assert texts[0] == texts[1]
