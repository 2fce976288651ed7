"""`stripe-portal sandbox run --forward`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.sandbox.test_cli import RUN, run

from .listener import Listener

MAKE = """
import os, stripe, time
client = stripe.StripeClient(
    os.environ["STRIPE_API_KEY"], base_addresses={"api": os.environ["STRIPE_API_BASE"]}
)
client.v1.webhook_endpoints.create(
    {"url": "https://shop.example/hook", "enabled_events": ["customer.created"]}
)
client.v1.customers.create({})
for _ in range(100):
    event = client.v1.events.list({"type": "customer.created"}).data[0]
    if not event.pending_webhooks:
        break
    time.sleep(0.05)
"""


def test_forward(tmp_path: Path) -> None:
    """Deliveries for an origin go to a program on this machine."""
    listener = Listener()
    forward = f"https://shop.example={listener.url}"
    try:
        command = [*RUN, "--memory", "--forward", forward, "--"]
        result = run(tmp_path, [*command, sys.executable, "-c", MAKE])
    finally:
        listener.close()

    assert result.returncode == 0, result.stderr
    assert [each.path for each in listener.received] == ["/hook"]


@pytest.mark.parametrize(
    ("forward", "words"),
    [
        ("https://shop.example", "not of the form ORIGIN=URL"),
        ("https://shop.example=http://192.0.2.1", "Deliveries stay on this machine"),
        ("shop.example=http://127.0.0.1:1", "A forward needs two web addresses"),
    ],
)
def test_forwards_that_are_none(tmp_path: Path, forward: str, words: str) -> None:
    """A forward that leads elsewhere, or nowhere, is a usage error."""
    command = [*RUN, "--memory", "--forward", forward, "--", sys.executable, "-V"]
    result = run(tmp_path, command)

    assert result.returncode == 2
    assert words in result.stderr
