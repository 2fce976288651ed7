"""Everything here runs the real Pulumi engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from stripe import StripeClient

from pulumi_stripe_portal.sandbox import Sandbox

from .stack import Stack

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engine)


@pytest.fixture
def stack(tmp_path: Path, stripe_sandbox: Sandbox) -> Stack:
    """A stack with an empty program, against a sandbox as new."""
    return Stack(tmp_path / "shop", stripe_sandbox)


@pytest.fixture
def dashboard(stripe_sandbox: Sandbox) -> StripeClient:
    """Another client of the same account, as somebody clicking in the Dashboard."""
    return stripe_sandbox.client()
