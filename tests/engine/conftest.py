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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked so once as a dynamic resource, and once as the plugin's."""
    if metafunc.definition.get_closest_marker("both_doors"):
        metafunc.parametrize("door", ["dynamic", "plugin"], indirect=True)


@pytest.fixture
def door(request: pytest.FixtureRequest) -> str:
    """How the engine reaches the providers."""
    return getattr(request, "param", "dynamic")


@pytest.fixture
def stack(tmp_path: Path, stripe_sandbox: Sandbox, door: str) -> Stack:
    """A stack with an empty program, against a sandbox as new."""
    stack = Stack(tmp_path / "shop", stripe_sandbox)
    if door == "plugin":
        stack.use_plugin()
    return stack


@pytest.fixture
def dashboard(stripe_sandbox: Sandbox) -> StripeClient:
    """Another client of the same account, as somebody clicking in the Dashboard."""
    return stripe_sandbox.client()
