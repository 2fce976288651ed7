"""`stripe-portal sandbox verify`: what it refuses, makes, clears up and says."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import time

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.verifying import PROBES
from pulumi_stripe_portal.verifying.permissions import WRITES

from .conftest import VERIFY, Run, left_in

KEY = re.compile(r"[sr]k_(test|live)_\w+|acct_\w+")


def test_where_nothing_is_altered_nothing_differs(account: Sandbox, run: Run) -> None:
    """All is sent, nothing differs, and everything is cleared up.

    With a restricted key that has what the refusal of another one names, and not faster
    than Stripe's test mode allows.
    """
    none = account.restricted_key()
    refused = run({**account.environ, "STRIPE_API_KEY": none}, "--yes")
    scopes = set(re.findall(r"rak_\w+", refused.stderr))
    key = account.restricted_key(permissions=sorted(scopes))
    account.clear_requests()
    account.limit_requests(25)

    done = run({**account.environ, "STRIPE_API_KEY": key}, "--yes")

    assert done.exit_code == 0, done.stdout + done.stderr
    assert not [each for each in account.requests if each.status == 429]
    assert f"{len(PROBES)} requests of {len(PROBES)}, 0 answered otherwise" in (
        done.stdout
    )
    assert not KEY.search(done.stdout)
    (said,) = re.findall(r"About (\d+) requests", done.stderr)
    assert len(account.requests) <= int(said) + len(WRITES) + 1  # the looks before it
    account.limit_requests(None)
    assert left_in(account) == []
    configurations = account.client().v1.billing_portal.configurations.list()
    assert len(configurations.data) == 1 + 2
    assert "2 portal configurations" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_clears_up_first(account: Sandbox, number: signal.Signals) -> None:
    """What was made is cleared up, and the report has what was tried until then."""
    with subprocess.Popen(
        [*VERIFY, "--yes"],
        env={**os.environ, **account.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        while account.count("POST") < 20:
            time.sleep(0.01)
            assert child.poll() is None
        child.send_signal(number)
        child.send_signal(number)  # of somebody who doesn't wait
        report, said = child.communicate()

    assert child.returncode == 1
    assert "cleared up first" in said
    assert f" requests of {len(PROBES)}, 0 answered otherwise" in report
    assert account.count("POST") < len(PROBES)
    assert left_in(account) == []


def test_an_error_in_the_middle_clears_up(account: Sandbox, run: Run) -> None:
    """The key is taken back while it works, and works again."""
    account.fail("POST", "/v1/billing_portal/sessions", status=401)

    done = run(account.environ, "--yes")

    assert done.exit_code == 1
    assert done.stderr.strip().splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert left_in(account) == []


def test_what_nobody_knows_of_is_cleared_up(account: Sandbox, run: Run) -> None:
    """An object whose making was never answered is found by its metadata."""
    account.fail("POST", "/v1/customers", cut=True, when="after", times=None)

    done = run(account.environ, "--yes")

    assert done.exit_code == 1
    assert "could not be reached" in done.stderr
    assert account.count("DELETE") >= 2
    assert left_in(account) == []


def test_what_cannot_be_cleared_up_is_named(account: Sandbox, run: Run) -> None:
    """With Stripe's words; the rest is cleared up all the same."""
    account.fail("DELETE", "/v1/coupons/*", status=400, times=None)
    account.fail("POST", "/v1/billing_portal/sessions", status=401)

    done = run(account.environ, "--yes")

    assert done.exit_code == 1
    assert len(re.findall(r"^Not cleared up: coupon \w+", done.stderr, re.M)) == 2
    account.clear_faults()
    assert [each.split()[0] for each in left_in(account)] == ["coupon", "coupon"]


def test_where_nobody_answers_any_more_it_ends(account: Sandbox, run: Run) -> None:
    """With what it made, and without trying each of them for a long time."""
    account.fail("POST", "/v1/prices", cut=True, times=None)
    account.fail("GET", cut=True, nth=2, times=None)

    done = run(account.environ, "--yes")

    assert done.exit_code == 1
    assert len(re.findall(r"^Not cleared up: product \w+$", done.stderr, re.M)) == 3
    assert account.count("GET") < 10


def test_an_older_run_that_was_killed_is_cleared_up(account: Sandbox, run: Run) -> None:
    """After an hour; a run of somebody else's that goes on is left alone."""
    customers = account.client().v1.customers
    old = customers.create({"metadata": {"sandbox_verify": "old"}})
    account.advance(2 * 3600)
    fresh = customers.create({"metadata": {"sandbox_verify": "fresh"}})
    account.fail("POST", "/v1/products", status=401, nth=2)

    run(account.environ, "--yes")

    assert left_in(account) == [f"customer {fresh.id}"]
    assert old.id != fresh.id


def test_a_live_key_is_refused(account: Sandbox, run: Run) -> None:
    """Before anything is sent."""
    done = run({**account.environ, "STRIPE_API_KEY": account.live_api_key}, "--yes")

    assert done.exit_code == 2
    assert "live key" in done.stderr
    assert account.requests == []


def test_a_restricted_key_that_lacks_something_is_refused(
    account: Sandbox, run: Run
) -> None:
    """In one error, which names all that it lacks; nothing is made."""
    key = account.restricted_key(permissions=["rak_customer_portal_write"])

    done = run({**account.environ, "STRIPE_API_KEY": key}, "--yes")

    assert done.exit_code == 2
    (error,) = done.stderr.strip().splitlines()
    for scope in ("customer", "coupon", "product", "plan", "subscription", "invoice"):
        assert f"rak_{scope}_write" in error
    assert "rak_customer_portal_write" not in error
    assert left_in(account) == []


def test_an_account_without_a_default_is_refused(stripe: Sandbox, run: Run) -> None:
    """Its first configuration would be its default for ever."""
    done = run(stripe.environ, "--yes")

    assert done.exit_code == 2
    assert "default for ever" in done.stderr
    assert stripe.count("POST") == 0


def test_it_asks_first(account: Sandbox, run: Run) -> None:
    """And says what stays; without a terminal it wants --yes."""
    assert run(account.environ).exit_code == 2

    parent, child = pty.openpty()
    with subprocess.Popen(
        VERIFY,
        env={**os.environ, **account.environ},
        stdin=child,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as asked:
        os.write(parent, b"n\n")
        _, said = asked.communicate()
    os.close(parent)
    os.close(child)

    assert asked.returncode == 1
    assert "Stripe deletes none" in said
    assert account.count("POST") == 0
