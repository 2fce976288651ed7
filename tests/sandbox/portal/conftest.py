"""A shop in a sandbox as new."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .shop import Shop


@pytest.fixture
def shop(stripe_sandbox: Sandbox) -> Shop:
    """A company's account."""
    return Shop(stripe_sandbox)
