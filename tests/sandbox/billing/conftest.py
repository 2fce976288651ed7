"""A shop with a customer, for what the sandbox does about billing."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.portal.shop import Customer, Shop

from .happenings import Happenings


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    """A company's account, with a configuration that allows everything."""
    shop = Shop(sandbox)
    shop.configure()
    return shop


@pytest.fixture
def jenny(shop: Shop) -> Customer:
    """A customer with a Visa card, on Basic by the month."""
    return shop.customer()


@pytest.fixture
def happenings(sandbox: Sandbox) -> Happenings:
    """The events from here on."""
    return Happenings(sandbox)
