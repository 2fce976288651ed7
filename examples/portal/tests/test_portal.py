"""What customers can do, tested without an account, a network or the Pulumi CLI.

$ pytest examples/portal/tests
"""

from pathlib import Path

import pytest

from pulumi_stripe_portal import InvalidInputs
from pulumi_stripe_portal.testing import StripeStack

PROJECT = Path(__file__).parents[3]
"""The folder of `Pulumi.yaml`."""


@pytest.fixture(params=["test", "live"])
def stack(stripe_stack: StripeStack, request: pytest.FixtureRequest) -> StripeStack:
    """Both stacks of the project, as `pulumi up` makes them."""
    if request.param == "live":  # the sandbox sells the same in both modes
        stripe_stack.sandbox.demo(livemode=True)
    stripe_stack.up(PROJECT, stack=request.param)
    return stripe_stack


@pytest.mark.parametrize("name", ["standard", "all-plans"])
def test_customers_can_cancel(stack: StripeStack, name: str) -> None:
    """Several countries demand it by law."""
    assert stack.portal(name).allows("subscription_cancel")


def test_enterprise_is_sold_by_people(stack: StripeStack) -> None:
    """Only those who have it already can switch to it and back."""
    assert stack.portal("standard").offers("pro_monthly")
    assert not stack.portal("standard").offers("enterprise_monthly")
    assert stack.portal("all-plans").offers("enterprise_monthly")


def test_the_default_switches_nothing(stack: StripeStack) -> None:
    """Who gets it may have no plan yet."""
    assert stack.default.offered == []
    assert stack.default.allows("customer_update", "email")
    assert not stack.default.allows("customer_update", "tax_id")
    assert not stack.default.allows("subscription_pause")


def test_a_second_up_changes_nothing(stripe_stack: StripeStack) -> None:
    """The program declares the same each time that it runs."""
    stripe_stack.up(PROJECT)
    stripe_stack.up(PROJECT)

    assert stripe_stack.requests == []


def test_an_address_has_to_be_whole(stripe_stack: StripeStack) -> None:
    """A setting that can't be right fails here, and in each preview."""
    wrong = {"stripe-portal-example:site": "shop.example.com"}
    with pytest.raises(InvalidInputs, match="default_return_url"):
        stripe_stack.up(PROJECT, config=wrong)
