"""What customers can do, tested without an account, a network or the Pulumi CLI.

$ pip install pytest
$ pytest
"""

from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent.parent / "portal.py"


@pytest.fixture
def stack(stripe_stack):
    """The program, as `pulumi up` makes it; `add_product` there makes your prices."""
    stripe_stack.up(PROGRAM, config={"${PROJECT}:site": "https://shop.example.com"})
    return stripe_stack


def test_customers_can_cancel(stack):
    assert stack.portal("plans").allows("subscription_cancel")


def test_customers_can_switch(stack):
    assert stack.portal("plans").offers("pro_monthly")
    assert not stack.portal("plans").offers("enterprise_monthly")


def test_the_default_switches_nothing(stack):
    assert not stack.default.allows("subscription_update")
