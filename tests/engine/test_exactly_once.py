"""One object for each resource, whatever happens to the run that makes it.

After a run was killed, its user runs `pulumi cancel` (the killed CLI's lock is still
there) and `pulumi up` again: nothing else is asked of them. Pulumi warns of creates
whose end it doesn't know until a `pulumi refresh --clear-pending-creates`. (With a file
backend, an empty `.attrs` may have to be removed as well: `Stack.rescue`.)
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.schema.resources import type_name

from .processes import kill_all, providers
from .stack import Stack
from .wire import When, Wire, laid

CREATE = """
DefaultPortalConfiguration("first", features={"invoice_history": {"enabled": True}})
PortalConfiguration(
    "plans",
    features={
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
        },
    },
    metadata={"team": "billing"},
)
PortalConfiguration("off", features={}, active=False)
WebhookEndpoint(
    "events",
    url="https://example.com/stripe",
    enabled_events=["customer.updated"],
    secret_version="1",
    disabled=True,
)
"""
CHANGE = (
    CREATE.replace("pro_monthly", "basic_monthly")
    .replace('"invoice_history": {"enabled": True}', "")
    .replace("features={}, active=False", 'features={}, name="Off"')
    .replace('secret_version="1"', 'secret_version="2"')
)


@pytest.fixture
def wire(stripe_sandbox: Sandbox) -> Iterator[Wire]:
    """What the stack's requests go over."""
    with laid(stripe_sandbox.url) as wire:
        yield wire


@pytest.mark.parametrize(
    ("door", "victim", "when"),
    [
        ("dynamic", "cli", "before"),
        ("dynamic", "cli", "after"),
        ("dynamic", "provider", "before"),
        ("dynamic", "provider", "after"),
        ("plugin", "cli", "after"),
        ("plugin", "provider", "before"),
    ],
    indirect=["door"],
)
def test_a_run_killed_at_any_request_leaves_nothing_twice(
    stack: Stack, dashboard: StripeClient, wire: Wire, victim: str, when: When
) -> None:
    """Each run dies at its nth request, the next one at one later, until one lives.

    At every phase of a stack's life the run that lives finishes what all others began,
    and each resource has exactly one object, which is as the code says.
    """
    stack.environ["STRIPE_API_BASE"] = wire.url
    for program in (CREATE, CHANGE):
        stack.program(program)
        deaths = list(survived(stack, wire, victim, when, "up"))

        assert deaths
        assert_one_each(stack, dashboard)
        stack.assert_converged()
    list(survived(stack, wire, victim, when, "destroy"))

    found = dashboard.v1.billing_portal.configurations.list().data
    assert [item.active for item in found if not item.is_default] == [False, False]
    assert dashboard.v1.webhook_endpoints.list().data == []
    assert len(stack.export()["deployment"].get("resources", [])) <= 1


@pytest.mark.both_doors
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_that_breaks_is_tried_again(
    stack: Stack, dashboard: StripeClient, wire: Wire, when: When
) -> None:
    """Each request is cut once: the same run tries it again, and Stripe does it once.

    An answer that was lost after the commit is given again for the idempotency key.
    """
    stack.environ["STRIPE_API_BASE"] = wire.url
    for program in (CREATE, CHANGE):
        wire.cut_each(when)
        stack.up(program)

        assert len(wire.struck) > 3
        assert_one_each(stack, dashboard)
        wire.rest()
        stack.assert_converged()
    wire.cut_each(when)
    stack.destroy()

    assert dashboard.v1.webhook_endpoints.list().data == []


def test_a_stripe_that_is_gone_for_good_fails_the_run_alone(
    stack: Stack, dashboard: StripeClient, wire: Wire
) -> None:
    """A run whose connection breaks after a commit ends by itself; the next goes on."""
    stack.environ["STRIPE_API_BASE"] = wire.url
    wire.strike(1, "after", lambda: False, writes=True)

    failed = stack.up(CREATE, check=False)

    assert failed.code == 1
    assert "Stripe could not be reached at" in failed.text
    assert "Traceback" not in failed.text
    wire.rest()
    stack.up()
    assert_one_each(stack, dashboard)
    stack.assert_converged()


@pytest.mark.both_doors
def test_an_orphan_writes_nothing_and_ends(stack: Stack, wire: Wire) -> None:
    """Where the CLI was killed, its provider process sends nothing more, and ends."""
    stack.environ["STRIPE_API_BASE"] = wire.url
    stack.program(CREATE)
    run = Doomed(stack, "up")
    wire.strike(1, "before", lambda: run.strike("cli"))
    run.ended()
    assert wire.struck
    (orphan,) = providers(stack.folder.parent)

    deadline = time.monotonic() + 20
    while providers(stack.folder.parent) and time.monotonic() < deadline:
        time.sleep(0.2)

    assert providers(stack.folder.parent) == [], f"{orphan} lives on"
    assert stack.sandbox.count("POST") == 0


def survived(
    stack: Stack, wire: Wire, victim: str, when: When, command: str
) -> Iterator[str]:
    """Run until a run survives; yield the request that each other one died at.

    The reads count once: they leave nothing at Stripe, whoever dies, and when.
    """
    for nth in count(1):
        run = Doomed(stack, command)
        everything = (victim, when) == ("provider", "after")
        wire.strike(nth, when, partial(run.strike, victim), writes=not everything)
        text = run.ended()
        struck = wire.struck
        wire.rest()
        if not struck:
            assert run.process.returncode == 0, text
            return
        yield from struck
        if victim == "cli":
            stack.rescue()
            if nth == 1:
                stack.pulumi("cancel", "--yes")
            else:
                stack.unlock()


class Doomed:
    """A run that something is to happen to."""

    def __init__(self, stack: Stack, command: str) -> None:
        self._folder = stack.folder.parent
        self.process = subprocess.Popen(
            ["pulumi", command, "--yes", "--skip-preview", "--non-interactive"],
            cwd=stack.folder,
            env=stack.env(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def strike(self, victim: str) -> bool:
        """Kill the victim; return whether the connection is to last."""
        if victim == "cli":
            kill_all([self.process.pid])
            self.process.wait()
        elif victim == "provider":
            kill_all(providers(self._folder))
        return victim != "connection"

    def ended(self) -> str:
        """Wait for the end; return what it said."""
        return self.process.communicate(timeout=120)[0]


def assert_one_each(stack: Stack, dashboard: StripeClient) -> None:
    """Fail unless what is at Stripe is what the state says, and nothing more."""
    configurations = dashboard.v1.billing_portal.configurations.list().data
    endpoints = dashboard.v1.webhook_endpoints.list().data
    found = [item.id for item in configurations] + [item.id for item in endpoints]
    resources = stack.export()["deployment"]["resources"]
    ids = [item["id"] for item in resources if type_name(item["type"])]

    assert sorted(found) == sorted(ids)
