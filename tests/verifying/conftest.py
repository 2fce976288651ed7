"""A Stripe to try: a sandbox, perhaps with other rules, and the command against it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from click.testing import CliRunner, Result
from stripe import StripeClient

from pulumi_stripe_portal.cli import main
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.verifying.cleaning import COLLECTIONS

VERIFY = [sys.executable, "-m", "pulumi_stripe_portal", "sandbox", "verify"]

Run = Callable[..., Result]


@pytest.fixture
def stripe() -> Iterator[Sandbox]:
    """Return Stripe with an account that has nothing."""
    with Sandbox(catalogue=False) as sandbox:
        yield sandbox


@pytest.fixture
def account(stripe: Sandbox) -> Sandbox:
    """Return Stripe with an account whose portal has been saved once.

    The sandbox counts its ids: what was there before makes them others than those of
    the sandbox beside it.
    """
    v1 = stripe.client().v1
    gone = v1.customers.create()
    for _ in range(3):
        v1.coupons.delete(v1.coupons.create({"percent_off": 1}).id)
    v1.customers.delete(gone.id)
    features: Any = {"features": {"invoice_history": {"enabled": True}}}
    v1.billing_portal.configurations.create(features)
    stripe.clear_requests()
    return stripe


@pytest.fixture
def run() -> Run:
    """Run the command, without a terminal."""

    def verify(environ: Mapping[str, str], *arguments: str) -> Result:
        Connection._all.clear()  # as a process of its own
        command = ["sandbox", "verify", *arguments]
        return CliRunner().invoke(main, command, env=dict(environ))

    return verify


def left_in(sandbox: Sandbox) -> list[str]:
    """Return what is neither deleted nor switched off; the default is the user's."""
    return left_by(sandbox.client())


def left_by(client: StripeClient) -> list[str]:
    """Return the same, as a client sees it."""
    found = []
    for each in COLLECTIONS:
        answer: Any = client.raw_request("get", each.path, limit=100, **each.filters)
        found += [
            f"{each.noun} {one['id']}"
            for one in answer.data["data"]
            if not one.get("is_default")
        ]
    running: Any = client.raw_request("get", "/v1/subscriptions", limit=100)
    return found + [f"subscription {one['id']}" for one in running.data["data"]]
