"""The command `stripe-portal review`, on recorded previews."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection

from .material import CATALOGUE, HERE, SNAPSHOTS, preview


def _run(*arguments: str | Path, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["review", *map(str, arguments)], input=stdin)


def _file(name: str) -> Path:
    return HERE / "previews" / f"{name}.json"


def test_file() -> None:
    """A preview's file is reviewed on stdout, with the catalogue's names."""
    done = _run(_file("plan_removed"), "--catalogue", CATALOGUE)

    assert done.exit_code == 0
    assert done.stdout == (SNAPSHOTS / "plan_removed.md").read_text()
    assert done.stderr == ""


def test_stdin() -> None:
    """`-` reads what `pulumi preview --json` prints into it."""
    done = _run("-", stdin=json.dumps(preview("headline")))

    assert done.exit_code == 0
    assert done.stdout == (SNAPSHOTS / "headline.md").read_text()


def test_fail_on_what_cannot_be_read() -> None:
    """What can't be read may be anything, so `--fail-on` fails."""
    told = {"steps": [*preview("headline")["steps"], "x"]}
    done = _run("-", "--fail-on", "money", stdin=json.dumps(told))

    assert done.exit_code == 1
    assert done.stderr == "test: a part of the preview could not be read\n"


def test_two_files() -> None:
    """Several previews stand side by side."""
    files = _file("side_by_side_test"), _file("side_by_side_live")
    done = _run(*files, "--catalogue", CATALOGUE)

    assert done.stdout == (SNAPSHOTS / "side_by_side.md").read_text()


def test_same_stack_twice() -> None:
    """Stacks of the same name, of two projects, are told apart."""
    done = _run(_file("headline"), _file("pause_on"))

    assert "test: 1 changed; test 2 (test mode): 1 changed" in done.stdout


@pytest.mark.parametrize(
    ("name", "classes", "code"),
    [
        ("cancel_at_once", "money", 1),
        ("cancel_at_once", "access,money", 1),
        ("cancel_at_once", "access,legal", 0),
        ("invoices_off", "access", 1),
        ("portal_deactivated", "outage", 1),
        ("portal_destroyed", "access", 1),
        ("legal_links", "legal", 1),
        ("secret_value", "legal", 1),
        ("endpoint_secret_rotated", "secret", 1),
        ("endpoint_events", "events", 1),
        ("default_changed", "default", 1),
        ("portal_first_of_account", "default", 1),
        ("drift", "drift", 1),
        ("drift", "access", 1),
        ("cancel_at_once", "drift", 0),
        ("headline", "money,secret,access,legal,default,events,drift", 0),
        ("reordered_and_spelled_out", "money,access,drift", 0),
        ("failed_check", "money", 1),
    ],
)
def test_fail_on(name: str, classes: str, code: int) -> None:
    """`--fail-on` exits with 1 on a change of such a class, the review printed."""
    done = _run(_file(name), "--fail-on", classes)

    assert done.exit_code == code
    assert done.stdout.startswith("<!-- stripe-portal-review shop test -->")
    assert bool(done.stderr) == bool(code)


def test_failed_preview_is_no_failure_by_itself() -> None:
    """Without `--fail-on` a failed preview is a review like any other."""
    assert _run(_file("failed_check")).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Give a preview's file"),
        (["no-such-file.json"], "No such file"),
        (["--refresh", "x.json"], "--refresh goes with --stack"),
        (["--fail-on", "monney", "x.json"], "'monney' is none of outage, money"),
        ([str(CATALOGUE)], "didn't make it"),
        (
            [str(SNAPSHOTS / "headline.md")],
            "give the output of `pulumi preview --json`",
        ),
        ([str(_file("headline")), "--catalogue", "nothing.json"], "No such file"),
        ([str(_file("headline")), "--catalogue", str(_file("drift"))], "no list"),
    ],
)
def test_used_wrongly(arguments: list[str], words: str) -> None:
    """What can't be done exits with 2 and says what can."""
    done = _run(*arguments)

    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stdout == ""


class TestOnline:
    """`--online` asks Stripe for what a preview doesn't hold."""

    @pytest.fixture(autouse=True)
    def _environment(
        self, stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Connection._all.clear()  # as a process of its own
        for name, value in stripe_sandbox.environ.items():
            monkeypatch.setenv(name, value)

    def test_names(self) -> None:
        """Prices are called by their names and amounts."""
        done = _run(_file("plan_by_id"), "--online")

        assert "**can now** change plan to Pro monthly (29.00 USD)." in done.stdout
        assert "price_" not in done.stdout

    def test_customers(self, stripe_sandbox: Sandbox) -> None:
        """Customers with an active subscription to a price concerned are counted."""
        for _ in range(3):
            _subscribe(stripe_sandbox, "price_ProMonthlyTest")
        _subscribe(stripe_sandbox, "price_BasicMonthlyTest")
        done = _run(_file("plan_removed"), "--online")

        words = "3 customers on Pro monthly (29.00 USD) can no longer change plan"
        assert words in done.stdout
        assert "Basic monthly (9.00 USD) can" not in done.stdout

    def test_customers_are_counted_once(self, stripe_sandbox: Sandbox) -> None:
        """A customer with two subscriptions to a price is one customer."""
        customer = _subscribe(stripe_sandbox, "price_ProMonthlyTest")
        _subscribe(stripe_sandbox, "price_ProMonthlyTest", customer)
        done = _run(_file("plan_change_off"), "--online")

        assert "1 customer on Pro monthly (29.00 USD) can no longer" in done.stdout

    def test_default_as_it_is(self, stripe_sandbox: Sandbox) -> None:
        """What the account's default is set to is compared with the code."""
        stripe_sandbox.client().v1.billing_portal.configurations.create(
            {"features": {"subscription_cancel": {"enabled": True}}}
        )
        done = _run(_file("default_taken_over"), "--online")

        assert "**can no longer** cancel their subscription" in done.stdout
        assert "**can now** see their past invoices" in done.stdout
        assert "not in the preview" not in done.stdout

    def test_picture_of_the_default(
        self, stripe_sandbox: Sandbox, tmp_path: Path
    ) -> None:
        """What the code leaves as it is stands on both pictures."""
        stripe_sandbox.client().v1.billing_portal.configurations.create(
            {
                "features": {
                    "customer_update": {"enabled": True, "allowed_updates": ["email"]}
                }
            }
        )
        page = tmp_path / "page.html"
        _run(_file("default_taken_over"), "--online", "--html", page)
        before, after = page.read_text().split("<figcaption>")[1:]

        assert "Update information" in before
        assert "Update information" in after
        assert "Invoice history" not in before
        assert "Invoice history" in after

    def test_beside_the_default(self, stripe_sandbox: Sandbox) -> None:
        """What the default is set to today says nothing about another new portal."""
        stripe_sandbox.client().v1.billing_portal.configurations.create(
            {"features": {"subscription_cancel": {"enabled": True}}}
        )
        both = preview("default_taken_over")
        both["steps"] += preview("portal_new")["steps"]
        alone = _run("-", "--online", stdin=json.dumps(preview("portal_new")))
        done = _run("-", "--online", stdin=json.dumps(both))

        assert "1 new, 1 taken under code" in done.stdout
        _, _, story = alone.stdout.partition("### ")
        assert story in done.stdout

    def test_nothing_is_written(self, stripe_sandbox: Sandbox) -> None:
        """Only reads are sent."""
        _run(_file("plan_removed"), "--online")

        assert stripe_sandbox.count("POST") == 0

    def test_without_permission(
        self, stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the key may not count, the review goes without and stderr says why."""
        key = stripe_sandbox.restricted_key(
            permissions=[
                "rak_plan_read",
                "rak_product_read",
                "rak_customer_portal_read",
            ]
        )
        monkeypatch.setenv("STRIPE_API_KEY", key)
        done = _run(_file("plan_removed"), "--online")

        assert done.exit_code == 0
        assert "Pro monthly (29.00 USD)" in done.stdout
        assert "rak_subscription_read" in done.stderr

    def test_without_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a key the review goes without, and stderr says where to give it."""
        monkeypatch.delenv("STRIPE_API_KEY")
        done = _run(_file("plan_removed"), "--online")

        assert done.exit_code == 0
        assert "STRIPE_API_KEY" in done.stderr

    def test_key_of_the_other_mode(
        self, stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A live key is not used for a preview of test mode."""
        monkeypatch.setenv("STRIPE_API_KEY", stripe_sandbox.live_api_key)
        done = _run(_file("plan_removed"), "--online")

        assert "the stack's mode is test" in done.stderr
        assert stripe_sandbox.requests == []


def _subscribe(sandbox: Sandbox, price: str, customer: str = "") -> str:
    v1 = sandbox.client().v1
    if not customer:
        params: Any = {
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
        }
        customer = v1.customers.create(params).id
    v1.subscriptions.create({"customer": customer, "items": [{"price": price}]})
    return customer
