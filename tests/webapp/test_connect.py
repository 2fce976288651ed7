"""`examples/connect` on the real engine: a portal for each connected account."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.stack import Stack

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "connect"

pytestmark = pytest.mark.engine


@pytest.fixture
def stack(tmp_path: Path, stripe_sandbox: Sandbox) -> Stack:
    """The example in a folder of its own, on a platform with its two accounts."""
    for account in ("acct_bakery", "acct_cinema"):
        stripe_sandbox.connect(account)
    stack = Stack(tmp_path / "connect", stripe_sandbox)
    shutil.copytree(EXAMPLE, stack.folder, dirs_exist_ok=True)
    stack.pulumi("stack", "init", "test", check=False)
    stack.pulumi("stack", "select", "test")
    return stack


def test_each_connected_account_has_its_own_portal(
    stack: Stack, stripe_sandbox: Sandbox
) -> None:
    """Each portal is in its account, with that account's prices, and converges."""
    stack.up()

    for shop, updates in (("acct_bakery", True), ("acct_cinema", False)):
        account = stripe_sandbox.client(stripe_account=shop)
        (portal,) = account.v1.billing_portal.configurations.list().data
        assert portal.id == stack.output("portals")[shop]
        assert portal.features.subscription_update.enabled is updates
    platform = stripe_sandbox.client().v1
    assert platform.billing_portal.configurations.list().data == []
    (endpoint,) = platform.webhook_endpoints.list().data
    assert endpoint.application
    stripe_sandbox.clear_requests()
    again = stack.up()
    assert "4 unchanged" in again.stdout
    assert stripe_sandbox.requests == []


def test_one_more_shop_is_one_more_portal(
    stack: Stack, stripe_sandbox: Sandbox
) -> None:
    """A new entry in the settings touches no other account."""
    stack.up()
    stripe_sandbox.connect("acct_florist")
    stripe_sandbox.clear_requests()

    shop = "accounts.acct_florist"
    for key, value in (("name", "florist"), ("plans", "basic_monthly")):
        stack.pulumi("config", "set", "--path", f"{shop}.{key}", value)
    stack.up()

    assert {each.account for each in stripe_sandbox.requests} == {"acct_florist"}
    assert set(stack.output("portals")) == {
        "acct_bakery",
        "acct_cinema",
        "acct_florist",
    }
