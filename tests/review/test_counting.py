"""`review --online`: how many customers a change may concern, and what is asked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.review import online
from pulumi_stripe_portal.review.answers import answers_in
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection

from .material import CATALOGUE, HERE

MONTHLY, ANNUAL = "price_ProMonthlyTest", "price_ProAnnualTest"
BASIC = "price_BasicMonthlyTest"
SUBSCRIPTIONS = "/v1/subscriptions"


@pytest.fixture
def sandbox(stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A Stripe with six subscriptions of five customers, one on trial, one ended."""
    Connection._all.clear()  # as a process of its own
    for name, value in stripe_sandbox.environ.items():
        monkeypatch.setenv(name, value)
    first = subscribe(stripe_sandbox, MONTHLY)
    subscribe(stripe_sandbox, ANNUAL, first)
    subscribe(stripe_sandbox, BASIC)
    subscribe(stripe_sandbox, MONTHLY, quantity=120)
    subscribe(stripe_sandbox, MONTHLY, trial_period_days=7)
    ended = subscribe(stripe_sandbox, MONTHLY)
    v1 = stripe_sandbox.client().v1
    [subscription] = v1.subscriptions.list({"customer": ended}).data
    v1.subscriptions.cancel(subscription.id)
    stripe_sandbox.clear_requests()
    return stripe_sandbox


def subscribe(
    sandbox: Sandbox, price: str, customer: str = "", quantity: int = 1, **more: Any
) -> str:
    """Subscribe a customer, or somebody new; return the customer's id."""
    v1 = sandbox.client().v1
    if not customer:
        params: Any = {
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
        }
        customer = v1.customers.create(params).id
    items = [{"price": price, "quantity": quantity}]
    wanted: Any = {"customer": customer, "items": items, **more}
    v1.subscriptions.create(wanted)
    return customer


def review(name: str, *arguments: str | Path) -> Result:
    """Review a recorded preview."""
    file = HERE / "previews" / f"{name}.json"
    return CliRunner().invoke(main, ["review", str(file), *map(str, arguments)])


def asked(sandbox: Sandbox) -> int:
    """Return how many requests were sent for subscriptions; all only read."""
    assert {request.method for request in sandbox.requests} <= {"GET"}
    return sum(request.path == SUBSCRIPTIONS for request in sandbox.requests)


def test_cancelling(sandbox: Sandbox) -> None:
    """Anybody with a subscription may be concerned: one list tells how many."""
    done = review("cancel_at_once", "--online")

    assert (
        "Of those who have a subscription that has not ended, up to 4 customers (5 "
        "subscriptions) may be concerned; who of them gets this portal, Stripe does "
    ) in done.stdout
    assert asked(sandbox) == 1


def test_billing_of_changes(sandbox: Sandbox) -> None:
    """Who has a plan of the portal may be concerned: a list for each price."""
    done = review("billing_of_changes", "--online")

    words = (
        "Of those who have one of its plans, up to 4 customers (5 subscriptions) may"
    )
    assert words in done.stdout
    assert asked(sandbox) == 4


def test_nobody(stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no subscription, that is said."""
    Connection._all.clear()
    for name, value in stripe_sandbox.environ.items():
        monkeypatch.setenv(name, value)
    done = review("cancel_at_once", "--online")

    words = "Today nobody has a subscription that has not ended."
    assert words in done.stdout


def test_quantities(sandbox: Sandbox) -> None:
    """Who has fewer or more than can be chosen from now on is counted."""
    done = review("quantity_range", "--online").stdout

    assert "3 subscriptions of 2 customers to Pro have fewer than 2 today." in done
    assert "1 subscription of 1 customer to Pro has more than 100 today." in done
    assert asked(sandbox) == 2


def test_pages(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A very large account is not read to its end, and the review says so."""
    monkeypatch.setattr(online, "_MOST", 3)
    done = review("cancel_at_once", "--online")

    assert "(more than 3 subscriptions) may be concerned" in done.stdout
    assert asked(sandbox) == 1


def test_removed_plan(sandbox: Sandbox) -> None:
    """Trials count; who has two subscriptions to a price is one customer."""
    done = review("plan_removed", "--online").stdout

    assert "3 customers on Pro monthly (29.00 USD) can no longer change" in done
    assert "1 customer on Pro yearly (290.00 USD) can no longer change" in done
    assert asked(sandbox) == 2


class TestAnswersInAFile:
    """`--save` writes what Stripe said; `--catalogue` reviews with it and no key."""

    @pytest.mark.parametrize(
        "name",
        ["cancel_at_once", "plan_removed", "quantity_range", "default_taken_over"],
    )
    def test_the_same_review(
        self,
        sandbox: Sandbox,
        name: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """It is the same, and nothing is asked again."""
        file = tmp_path / "answers.json"
        first = review(name, "--online", "--save", file)
        monkeypatch.delenv("STRIPE_API_KEY")
        sandbox.clear_requests()
        again = review(name, "--catalogue", file)

        assert again.stdout == first.stdout
        assert "amounts" not in again.stdout
        assert sandbox.requests == []

    def test_nobody_is_named(self, sandbox: Sandbox, tmp_path: Path) -> None:
        """No id of a customer or a subscription leaves the job that has the key."""
        file = tmp_path / "answers.json"
        review("plan_removed", "--online", "--save", file)
        text = file.read_text()

        assert "Pro" in text
        assert not re.search(r"\b(cus|sub|si)_|@|[sr]k_", text)

    def test_beside_another_catalogue(self, sandbox: Sandbox, tmp_path: Path) -> None:
        """Several files add up; of another stack, nothing is taken."""
        file = tmp_path / "answers.json"
        review("cancel_at_once", "--online", "--save", file)
        told = json.loads(file.read_text())
        told["stacks"][0]["stack"] = "live"
        file.write_text(json.dumps(told))
        done = review("cancel_at_once", "--catalogue", file, "--catalogue", CATALOGUE)

        assert done.exit_code == 0
        assert "may be concerned" not in done.stdout

    @pytest.mark.parametrize(
        "stacks", [1, [1], ["x"], [{}], [{"project": "p", "stack": "s", "accounts": 3}]]
    )
    def test_what_is_none(self, stacks: Any, tmp_path: Path) -> None:
        """A file of another form is refused in a line."""
        file = tmp_path / "answers.json"
        file.write_text(json.dumps({"data": [], "stacks": stacks}))
        done = review("cancel_at_once", "--catalogue", file)

        assert done.exit_code == 2
        assert "are not as `review --save` writes them" in done.stderr
        assert answers_in({"data": []}) == {}

    def test_save_alone(self, tmp_path: Path) -> None:
        """There is nothing to save where nothing is asked."""
        done = review("cancel_at_once", "--save", tmp_path / "x.json")

        assert done.exit_code == 2
        assert "give it together with --online" in done.stderr
