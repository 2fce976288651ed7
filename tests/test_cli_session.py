"""`stripe-portal session`: the link, and nothing made unasked."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.portal_links import FLOWS
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection

from .sandbox.portal.shop import Shop

Run = Callable[..., Result]

HOME = "https://shop.example.com/account"


@pytest.fixture
def run(stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on an account with a default configuration."""
    for livemode in (False, True):
        client = stripe_sandbox.client(livemode=livemode)
        client.v1.billing_portal.configurations.create(
            {
                "features": {
                    "invoice_history": {"enabled": True},
                    "customer_update": {"enabled": True, "allowed_updates": ["email"]},
                },
                "default_return_url": HOME,
            }
        )
    for name, value in stripe_sandbox.environ.items():
        monkeypatch.setenv(name, value)
    stripe_sandbox.clear_requests()

    def invoke(*arguments: str) -> Result:
        Connection._all.clear()  # as a process of its own
        return CliRunner().invoke(main, ["session", *arguments])

    return invoke


@pytest.fixture
def customer(stripe_sandbox: Sandbox) -> str:
    """A customer of test mode."""
    return stripe_sandbox.client().v1.customers.create({"email": "a@b.example"}).id


@pytest.fixture
def live_customer(stripe_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> str:
    """A customer of live mode, whose key is the environment's."""
    monkeypatch.setenv("STRIPE_API_KEY", stripe_sandbox.live_api_key)
    client = stripe_sandbox.client(livemode=True)
    return client.v1.customers.create({"email": "a@b.example"}).id


def sessions(sandbox: Sandbox) -> list[Any]:
    """Return the requests that made sessions."""
    return [each for each in sandbox.requests if each.path.endswith("/sessions")]


def test_the_link_is_all_that_is_printed(
    run: Run, customer: str, stripe_sandbox: Sandbox
) -> None:
    """Stdout has the link alone, so that a script can use it."""
    result = run("--customer", customer)

    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("http")
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    (made,) = sessions(stripe_sandbox)
    assert made.params == {"customer": customer}


def test_json(run: Run, customer: str) -> None:
    """`--json` prints what Stripe answered."""
    arguments = ["--flow", "customer_update", "--after-url", HOME, "--locale", "de"]

    session = json.loads(run("--customer", customer, *arguments, "--json").stdout)

    assert session["object"] == "billing_portal.session"
    assert session["customer"] == customer
    assert session["locale"] == "de"
    assert session["flow"]["after_completion"]["redirect"] == {"return_url": HOME}


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize(
    "after",
    [
        [],
        ["--after", "portal_homepage"],
        ["--after-message", "See you!"],
        ["--after-url", HOME],
    ],
    ids=["nothing", "homepage", "message", "redirect"],
)
def test_every_flow_and_what_follows(
    run: Run, stripe_sandbox: Sandbox, flow: str, after: list[str]
) -> None:
    """Each is taken, and the session says it back."""
    shop = Shop(stripe_sandbox)
    configuration, customer = shop.configure(), shop.customer()
    (item,) = shop.subscription(customer)["items"].data
    values = {
        "subscription": customer.subscription,
        "retention_coupon": shop.api.coupons.create({"percent_off": 20}).id,
        "item": item.id,
        "price": "price_ProMonthlyTest",
        "quantity": "3",
    }
    options = [
        word
        for name in FLOWS[flow]
        if name in values
        for word in (f"--{name.replace('_', '-')}", values[name])
    ]

    result = run(
        *("--customer", customer.id, "--configuration", configuration),
        *("--flow", flow, *options, *after, "--json"),
    )

    assert result.exit_code == 0, result.stderr
    session = json.loads(result.stdout)
    assert session["configuration"] == configuration
    assert session["flow"]["type"] == flow
    details = session["flow"].get(flow) or {}
    assert details.get("subscription", customer.subscription) == customer.subscription


def test_recovery_until_a_date(
    run: Run, customer: str, stripe_sandbox: Sandbox
) -> None:
    """The date is UTC."""
    run("--customer", customer, "--recoverable-until", "2031-01-02T03:04:05")

    moment = datetime(2031, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    (made,) = sessions(stripe_sandbox)
    login = made.params["after_expiration"]["customer_login"]
    assert login == {"expires_at": str(int(moment.timestamp()))}


def test_open(
    run: Run, customer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser gets the link, the terminal doesn't."""
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setattr("webbrowser._tryorder", None)  # it reads BROWSER once

    result = run("--customer", customer, "--open")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Opened in the browser.\n"
    assert seen.read_text().startswith("http")


def test_live_mode_without_a_terminal_needs_yes(
    run: Run, live_customer: str, stripe_sandbox: Sandbox
) -> None:
    """A script says that it means it."""
    refused = run("--customer", live_customer)
    made = run("--customer", live_customer, "--yes")

    assert (refused.exit_code, made.exit_code) == (2, 0)
    assert "give --yes" in refused.stderr
    assert len(sessions(stripe_sandbox)) == 1


@pytest.mark.parametrize(("answer", "count"), [("n", 0), ("y", 1)])
def test_live_mode_asks(
    run: Run, live_customer: str, stripe_sandbox: Sandbox, answer: str, count: int
) -> None:
    """In a terminal one is asked on stderr; no is exit code 1."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pulumi_stripe_portal", "session"]
    child = subprocess.Popen(
        [*command, "--customer", live_customer],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.write(ours, f"{answer}\n".encode())
    stdout, stderr = child.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)

    assert f"can act as {live_customer}" in stderr
    assert len(sessions(stripe_sandbox)) == count
    assert child.returncode == 1 - count
    assert stdout.count("http") == count


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param([], "Give either --customer", id="nobody"),
        pytest.param(
            ["--customer", "cus_1", "--configuration", "standard"],
            "give --stack too",
            id="name-without-stack",
        ),
    ],
)
def test_used_wrongly(run: Run, arguments: list[str], words: str) -> None:
    """Exit code 2, and what to do."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert words in result.stderr


def test_a_configuration_without_a_way_back(
    run: Run, customer: str, stripe_sandbox: Sandbox
) -> None:
    """What Stripe calls `return_url` is an option here, and a setting there."""
    portals = stripe_sandbox.client().v1.billing_portal.configurations
    made = portals.create({"features": {"invoice_history": {"enabled": True}}})

    result = run("--customer", customer, "--configuration", made.id)

    assert result.exit_code == 1
    assert "`--return-url`, or the configuration's default_return_url" in result.stderr


def test_an_account_without_default(run: Run, stripe_sandbox: Sandbox) -> None:
    """The most frequent refusal says how to get one."""
    stripe_sandbox.reset()
    customer = stripe_sandbox.client().v1.customers.create().id

    result = run("--customer", customer, "--return-url", HOME)

    assert result.exit_code == 1
    assert "declare a DefaultPortalConfiguration" in result.stderr


def test_progress(run: Run, customer: str, stripe_sandbox: Sandbox) -> None:
    """What takes more than a second says on stderr what it is."""
    stripe_sandbox.fail(path="/v1/billing_portal/sessions", latency=1.3)

    result = run("--customer", customer)

    assert result.stderr == "Asking Stripe …\n"
    assert result.stdout.startswith("http")


def test_what_stripe_refuses(run: Run) -> None:
    """Exit code 1, with Stripe's words."""
    result = run("--customer", "cus_none")

    assert result.exit_code == 1
    assert "No such customer" in result.stderr
    assert "Traceback" not in result.stderr
