"""What the plugin's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.sandbox import Sandbox

from .served import Served, served


@pytest.fixture
def plugin(stripe_sandbox: Sandbox) -> Iterator[Served]:
    """The plugin, served for a stack against a sandbox as new."""
    with served(apiKey=stripe_sandbox.api_key, apiBase=stripe_sandbox.url) as plugin:
        yield plugin


@pytest.fixture
def dashboard(stripe_sandbox: Sandbox) -> StripeClient:
    """Another client of the same account, as somebody clicking in the Dashboard."""
    return stripe_sandbox.client()
