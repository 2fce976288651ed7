"""The pytest fixtures `stripe_sandbox` and `stripe_stack`, installed with the package.

    def test_portal(stripe_stack):
        stripe_stack.up("infra")

        assert stripe_stack.portal("plans").allows("subscription_cancel")

This module is imported by every pytest run in an environment that has the package,
so it imports Pulumi and the sandbox only where a test asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox import Sandbox
    from pulumi_stripe_portal.testing import StripeStack

__all__ = ["stripe_sandbox", "stripe_stack"]


@pytest.fixture(scope="session")
def _stripe_sandbox_server() -> Iterator[Sandbox]:
    from pulumi_stripe_portal.sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def stripe_sandbox(_stripe_sandbox_server: Sandbox) -> Sandbox:
    """Hand out a running `Sandbox`, as new for each test.

    One server answers for all tests of the run, on a free port of 127.0.0.1. No
    environment variable is changed; `stripe_sandbox.environ` has those to set.

    Returns:
        The sandbox, reset to its two keys and its catalogue, with no customer in it.
    """
    _stripe_sandbox_server.reset()
    return _stripe_sandbox_server


@pytest.fixture
def stripe_stack(stripe_sandbox: Sandbox) -> StripeStack:
    """Hand out a stack for your own program, on `stripe_sandbox`; empty for each test.

    Its `up` runs the program in this process, without the Pulumi CLI.

    Returns:
        The stack, with nothing declared yet.
    """
    from pulumi_stripe_portal.testing import StripeStack

    return StripeStack(stripe_sandbox)
