"""`review --online` where resources are in several accounts and modes of one stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.engine.stack import Run, Stack

pytestmark = pytest.mark.engine

PROGRAM = """
def portal(name, **more):
    products = [{"prices": [{"lookup_key": key}]} for key in KEYS]
    update = {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "products": products,
    }
    features = {
        "payment_method_update": {"enabled": True},
        "subscription_update": update,
    }
    PortalConfiguration(name, name=name.title(), features=features, **more)

def via(provider):
    return {"opts": ResourceOptions(provider=provider)}

portal("own")
portal("bakery", account="acct_bakery")
portal("cinema", **via(Provider("cinema", account="acct_cinema")))
portal("abroad", **via(Provider("abroad", api_key=pulumi.Config().require("other"))))
portal("live", **via(Provider("live", api_key="sk_live_123", mode="live")))
"""
NEW = """
portal("museum", **via(Provider("museum", account="acct_bakery")))
portal("theatre", **via(Provider("theatre", api_key="sk_test_123")))
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with a portal in each of five places; one plan is about to leave."""
    with Sandbox() as sandbox:
        for connected in ("acct_bakery", "acct_cinema"):
            sandbox.connect(connected)
        other = sandbox.add_account("acct_abroad")
        stack = Stack(tmp_path_factory.mktemp("accounts") / "shop", sandbox)
        stack.config("other", other.test_key, secret=True)
        stack.up(f'KEYS = ["basic_monthly", "pro_monthly"]\n{PROGRAM}')
        stack.program(f'KEYS = ["basic_monthly"]\n{PROGRAM}{NEW}')
        clients = {
            1: sandbox.client(),
            2: sandbox.client(stripe_account="acct_bakery"),
            3: sandbox.client(stripe_account="acct_cinema"),
            4: sandbox.client(livemode=True),
        }
        for count, client in clients.items():
            for _ in range(count):
                _subscribe(client.v1)
        yield stack


def _subscribe(v1: Any) -> None:
    card = "pm_card_visa"
    customer = v1.customers.create(
        {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
    )
    [price] = v1.prices.list({"lookup_keys": ["pro_monthly"]}).data
    v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})


def _review(stack: Stack, *arguments: str) -> Run:
    return stack.portal("review", "--json", *arguments)


def _texts(done: Run) -> dict[str, str]:
    """Return what is said about each resource."""
    return {
        each["name"]: " ".join(
            effect["text"]
            for part in each["stacks"].values()
            for effect in part["effects"]
        )
        for each in json.loads(done.stdout)["resources"]
    }


@pytest.mark.parametrize("source", ["stack", "file"])
def test_each_account_is_asked(stack: Stack, source: str, tmp_path: Path) -> None:
    """Customers are those of the resource's own account; the others are named."""
    given = ["--stack", "test"]
    if source == "file":
        file = tmp_path / "preview.json"
        file.write_text(stack.preview("--json").stdout)
        given = [str(file)]
    done = _review(stack, "--online", *given)
    told = _texts(done)

    lost = "on Pro monthly (29.00 USD) can no longer change plan"
    assert f"1 customer {lost}" in told["own"]
    assert f"2 customers {lost}" in told["bakery"]
    if source == "stack":  # a preview doesn't show the unchanged provider
        assert f"3 customers {lost}" in told["cinema"]
    assert "customers on Pro" not in told["abroad"] + told["live"]
    assert "can change plan to Basic monthly (9.00 USD)" in told["museum"]
    assert "not asked: abroad, live, theatre: the account, or the key" in done.stderr
    assert "sk_" not in done.text
    resources = {each["name"]: each for each in json.loads(done.stdout)["resources"]}
    assert resources["live"]["stacks"]["test"]["mode"] == "live"
    assert resources["own"]["stacks"]["test"]["mode"] == "test"


def test_the_stacks_key_serves_where_it_reaches_the_account(
    stack: Stack, tmp_path: Path
) -> None:
    """An explicit provider whose settings aren't shown may well use the same key."""
    file = tmp_path / "preview.json"
    file.write_text(stack.preview("--json").stdout)

    assert (
        "3 customers on Pro monthly"
        in _texts(_review(stack, "--online", str(file)))["cinema"]
    )


def test_the_mode_is_the_resources_own(stack: Stack) -> None:
    """What is live is called live, also in a stack of test mode."""
    done = stack.portal("review", "--stack", "test")

    assert "### Live: changed in test (live mode)\n" in done.stdout
    assert "### Own: changed in test\n" in done.stdout
