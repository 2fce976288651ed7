"""What is read from Stripe, for which account, and what is left out."""

from __future__ import annotations

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.errors import RequestRefused
from pulumi_stripe_portal.importing import Adopter
from pulumi_stripe_portal.importing.existing import adopt_all
from pulumi_stripe_portal.sandbox import Sandbox
from pulumi_stripe_portal.stacks.recorded import Recorded
from pulumi_stripe_portal.stripe_api.connection import Connection
from pulumi_stripe_portal.stripe_api.settings import Settings

CONNECTED = "acct_1Connected"


def connection(sandbox: Sandbox, account: str | None = None) -> Connection:
    """Return Stripe, as a stack with these settings sees it."""
    config = {
        "stripe-portal:apiKey": sandbox.api_key,
        "stripe-portal:apiBase": sandbox.url,
        "stripe-portal:account": account,
    }
    return Connection(Settings.of_config(config.get), account)


def endpoint(client: StripeClient, *, connect: bool = False) -> str:
    """Make an endpoint, return its id."""
    made = client.v1.webhook_endpoints.create(
        {
            "url": "https://shop.example.com/hooks",
            "enabled_events": ["invoice.paid"],
            "connect": connect,
        }
    )
    return made.id


def silent(_text: str) -> None:
    """Say nothing."""


@pytest.mark.parametrize("connect", [False, True])
def test_endpoints_of_connected_accounts(
    stripe_sandbox: Sandbox, connect: bool
) -> None:
    """Stripe doesn't return `connect`: it shows in the application alone."""
    endpoint(stripe_sandbox.client(), connect=connect)

    text = adopt_all(connection(stripe_sandbox), silent).program.text

    assert ("    connect=True,\n" in text) is connect


def test_a_connected_account(stripe_sandbox: Sandbox) -> None:
    """What a platform makes there has an application too, but is no such endpoint."""
    stripe_sandbox.connect(CONNECTED)
    own = endpoint(stripe_sandbox.client())
    its = endpoint(stripe_sandbox.client(stripe_account=CONNECTED))

    text = adopt_all(connection(stripe_sandbox, CONNECTED), silent).program.text

    assert its in text
    assert own not in text
    assert "connect=" not in text
    assert CONNECTED in text


def test_what_the_stack_manages_is_left_out(stripe_sandbox: Sandbox) -> None:
    """And its names are not given again."""
    client = stripe_sandbox.client()
    first, second = endpoint(client), endpoint(client)
    managed = Recorded("WebhookEndpoint", "hooks", first, {}, {}, own_provider=False)

    adoption = adopt_all(connection(stripe_sandbox), silent, Adopter([managed]))

    (imported,) = adoption.program.resources
    assert imported.id == second
    assert imported.name.resource == "shop-example-com-hooks"
    assert adoption.warnings == ["what the stack manages already was left out (1)"]


def test_nothing_that_the_stack_lacks(stripe_sandbox: Sandbox) -> None:
    """Where the stack manages all that there is, that is said."""
    made = endpoint(stripe_sandbox.client())
    managed = Recorded("WebhookEndpoint", "events", made, {}, {}, own_provider=False)

    with pytest.raises(RequestRefused, match=r"stack manages already .* \(1\)"):
        adopt_all(connection(stripe_sandbox), silent, Adopter([managed]))
