"""A signing secret is rotated as docs/webhooks.md says: no event is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from stripe import SignatureVerificationError, StripeClient

from tests.sandbox.webhooks.listener import Listener

from .stack import Stack

ORIGIN = "https://shop.example.com"
KEPT = "opts=ResourceOptions(retain_on_delete=True)"


def program(more: str = "") -> str:
    """Return a program with the endpoint."""
    return f"""
events = WebhookEndpoint(
    "events", url="{ORIGIN}/hooks", enabled_events=["customer.created"], {more}
)
pulumi.export("id", events.id)
pulumi.export("secret", events.secret)
"""


@pytest.fixture
def listener(stack: Stack) -> Iterator[Listener]:
    """The app, which answers with 200 unless it is told otherwise."""
    made = Listener()
    stack.sandbox.forward(ORIGIN, made.url)
    yield made
    made.close()


def happen(stack: Stack, dashboard: StripeClient, name: str) -> None:
    """Let an event happen, and what is due be delivered."""
    dashboard.v1.customers.create({"name": name})
    assert stack.sandbox.deliveries.settle()


def miss_one(stack: Stack, dashboard: StripeClient, listener: Listener) -> None:
    """Let the app fail once, and keep back what would be tried again."""
    listener.answers = [500]
    happen(stack, dashboard, "before")
    stack.sandbox.deliveries.hold()


def try_again(stack: Stack) -> None:
    """Let what was kept back be tried again."""
    stack.sandbox.deliveries.release()
    stack.sandbox.advance(3600)
    assert stack.sandbox.deliveries.settle()


def verified(listener: Listener, *secrets: str) -> list[str]:
    """Return whom the deliveries are about that one of the secrets verifies."""
    names = []
    for each in listener.received:
        for secret in secrets:
            try:
                event = each.event(secret)
            except SignatureVerificationError:
                continue
            names.append(event.data.object["name"])
    return names


def test_with_an_overlap(
    stack: Stack, dashboard: StripeClient, listener: Listener
) -> None:
    """What the old endpoint had yet to deliver again arrives as well.

    `retain_on_delete` has to be in the state before the rotation, which the page says.
    """
    stack.up(program())
    old, old_secret = stack.output("id"), stack.output("secret")
    stack.sandbox.clear_requests()
    stack.up(program(KEPT))
    assert stack.sandbox.requests == []

    miss_one(stack, dashboard, listener)
    rotated = stack.up(program(f'secret_version="2", {KEPT}'))
    new, new_secret = stack.output("id"), stack.output("secret")
    assert new != old
    assert f"{old} has the same URL" not in rotated.text  # it is known, and meant
    held = {each.id for each in dashboard.v1.webhook_endpoints.list().data}
    assert held == {old, new}

    happen(stack, dashboard, "meanwhile")
    try_again(stack)
    dashboard.v1.webhook_endpoints.delete(old)
    happen(stack, dashboard, "after")

    assert set(verified(listener, old_secret)) == {"before", "meanwhile"}
    assert verified(listener, new_secret) == ["meanwhile", "after"]
    assert "2 unchanged" in stack.up(program('secret_version="2", ')).text
    stack.assert_converged()


def test_without_an_overlap(
    stack: Stack, dashboard: StripeClient, listener: Listener
) -> None:
    """What the old endpoint had yet to deliver again is lost, as the page warns."""
    stack.up(program())
    miss_one(stack, dashboard, listener)
    stack.up(program('secret_version="2"'))
    try_again(stack)
    happen(stack, dashboard, "after")

    assert verified(listener, stack.output("secret")) == ["after"]
    assert [each.status for each in stack.sandbox.deliveries.all()] == [
        "cancelled",
        "delivered",
    ]
