"""A shop with a customer on each plan, and the app in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .serving import SITE, Site, serving
from .shop import NEW, PLANS, Shop, open_shop


@pytest.fixture
def shop(stripe_sandbox: Sandbox, tmp_path: Path) -> Iterator[Shop]:
    """A shop with a customer on each plan."""
    shop = open_shop(stripe_sandbox, tmp_path)
    with shop.listening:
        for email, plan in PLANS.items():
            shop.enroll(email, plan)
        shop.admit(NEW)
        yield shop


@pytest.fixture
def site(shop: Shop) -> Iterator[Site]:
    """The app in front of the shop."""
    with serving(shop.settings, shop.listening) as site:
        shop.sandbox.forward(SITE, site.origin)
        yield site
