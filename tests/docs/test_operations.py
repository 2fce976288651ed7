"""«What happens at Stripe»: the tables say which requests an operation makes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from pulumi_stripe_portal.providers.base import StripeProvider
from pulumi_stripe_portal.providers.default_portal_configuration import (
    DefaultPortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.portal_configuration import (
    PortalConfigurationProvider,
)
from pulumi_stripe_portal.providers.webhook_endpoint import WebhookEndpointProvider
from pulumi_stripe_portal.sandbox import Sandbox
from tests.docs.pages import ROOT
from tests.managed import Managed

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
FEATURES = {"invoice_history": {"enabled": True}}
PLANS = {
    "features": {
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": [{"prices": [{"lookup_key": "pro_monthly"}]}],
        },
    }
}
EVENTS = {"url": "https://shop.example.com/hooks", "enabled_events": ["invoice.paid"]}


def told(chapter: str) -> dict[str, list[str]]:
    """Return a chapter's table: the requests of each operation."""
    text = PAGE.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!---|operation)(.+?) \| (.+?) \|$", text, re.M)
    return {name: re.findall(r"`([A-Z]+ [^`]+)`", cell) for name, cell in rows}


class Life:
    """A resource, and the requests of each thing that was done to it."""

    def __init__(self, provider: type[StripeProvider], sandbox: Sandbox) -> None:
        self.it = Managed(provider, sandbox)
        self.seen: dict[str, list[str]] = {}
        self._sandbox = sandbox

    def note(self, name: str, act: Callable[[], object]) -> None:
        """Do something, and note its requests with ids left out."""
        self._sandbox.clear_requests()
        act()
        self.seen[name] = [
            re.sub(r"/(bpc|we)_\w+", r"/\1_…", f"{each.method} {each.path}")
            for each in self._sandbox.requests
        ]


@pytest.fixture
def default(stripe_sandbox: Sandbox) -> Managed:
    """An account with a default configuration."""
    made = Managed(DefaultPortalConfigurationProvider, stripe_sandbox)
    made.up({"features": FEATURES})
    return made


def test_portal_configuration(default: Managed, stripe_sandbox: Sandbox) -> None:
    """From its creation to the one that takes it back."""
    life = Life(PortalConfigurationProvider, stripe_sandbox)
    life.note("create", lambda: life.it.up(PLANS))
    life.note("nothing changed", lambda: life.it.up(PLANS))
    life.note("update", lambda: life.it.up({**PLANS, "name": "Plans"}))
    life.note("refresh", life.it.refresh)
    life.note("destroy", life.it.destroy)
    life.note("create again", lambda: life.it.up(PLANS))

    assert life.seen == told("PortalConfiguration")


def test_default_portal_configuration(stripe_sandbox: Sandbox) -> None:
    """In an empty account, and where there is one."""
    life = Life(DefaultPortalConfigurationProvider, stripe_sandbox)
    inputs = {"features": FEATURES}
    life.note("create in an empty account", lambda: life.it.up(inputs))
    life.note("update", lambda: life.it.up({**inputs, "name": "Default"}))
    life.note("refresh", life.it.refresh)
    life.note("destroy", life.it.destroy)
    life.note("create where there is one", lambda: life.it.up(inputs))

    assert life.seen == told("DefaultPortalConfiguration")


def test_webhook_endpoint(stripe_sandbox: Sandbox) -> None:
    """From its creation to its end."""
    life = Life(WebhookEndpointProvider, stripe_sandbox)
    life.note("create", lambda: life.it.up(EVENTS))
    life.note("nothing changed", lambda: life.it.up(EVENTS))
    life.note("update", lambda: life.it.up({**EVENTS, "description": "Plans"}))
    life.note("refresh", life.it.refresh)
    life.note("destroy", life.it.destroy)

    assert life.seen == told("WebhookEndpoint")
