"""A configuration's life: created, unchanged, changed, deactivated."""

from __future__ import annotations

import pytest
from stripe import StripeClient

from .stack import Stack

FULL = """
DefaultPortalConfiguration("default", features={"invoice_history": {"enabled": True}})
plans = PortalConfiguration(
    "plans",
    name="Plans",
    features={
        "payment_method_update": {"enabled": True},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price", "quantity"],
            "products": [
                {
                    "product": "prod_BasicTest",
                    "prices": ["price_BasicMonthlyTest", "price_BasicAnnualTest"],
                },
                {"prices": [{"lookup_key": "pro_monthly"}]},
            ],
        },
    },
)
pulumi.export("id", plans.id)
pulumi.export("is_default", plans.is_default)
pulumi.export("livemode", plans.livemode)
"""


@pytest.mark.both_doors
def test_a_configuration_with_products_converges_at_once(stack: Stack) -> None:
    """A second `up` changes nothing and asks Stripe nothing; nor has drift appeared."""
    stack.up(FULL)
    assert stack.sandbox.count("POST") == 2

    stack.sandbox.clear_requests()
    again = stack.pulumi("up", "--yes")

    assert "3 unchanged" in again.stdout
    assert stack.sandbox.requests == []
    stack.assert_converged()
    assert stack.output("is_default") is False
    assert stack.output("livemode") is False


@pytest.mark.both_doors
def test_an_update_is_one_post_with_only_what_changed(stack: Stack) -> None:
    """What did not change is not sent, and the outputs follow."""
    stack.up(FULL)
    stack.sandbox.clear_requests()

    stack.up(FULL.replace('name="Plans"', 'name="All plans"'))

    (request,) = stack.sandbox.requests
    assert request.method == "POST"
    assert request.params == {
        "name": "All plans",
        "expand": ["features.subscription_update.products"],
    }
    stack.assert_converged()


@pytest.mark.both_doors
def test_a_rate_limit_is_waited_for(stack: Stack, dashboard: StripeClient) -> None:
    """A 429 is tried again, by the same run and with the same key: nothing is twice."""
    stack.sandbox.fail("POST", status=429, times=2)

    stack.up(FULL)

    posts = [each for each in stack.sandbox.requests if each.method == "POST"]
    assert len(posts) == 4
    assert len({each.idempotency_key for each in posts}) == 2
    assert len(dashboard.v1.billing_portal.configurations.list().data) == 2
    stack.assert_converged()


def test_order_is_no_change(stack: Stack) -> None:
    """Products, prices and allowed updates are sets."""
    stack.up(FULL)
    stack.sandbox.clear_requests()
    reordered = FULL.replace('["price", "quantity"]', '["quantity", "price"]').replace(
        '["price_BasicMonthlyTest", "price_BasicAnnualTest"]',
        '["price_BasicAnnualTest", "price_BasicMonthlyTest"]',
    )
    lines = reordered.split("\n")
    last = next(i for i, line in enumerate(lines) if "pro_monthly" in line)
    first = next(i for i, line in enumerate(lines) if '"products": [' in line)
    lines.insert(first + 1, lines.pop(last))

    stack.program("\n".join(lines))
    stack.preview("--expect-no-changes")
    stack.up()

    assert stack.sandbox.requests == []


@pytest.mark.both_doors
def test_destroy_deactivates_and_up_takes_back(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Rounds of destroy and up leave one object, however many they are."""
    stack.up(FULL)
    id_ = stack.output("id")

    for _ in range(2):
        stack.destroy()
        found = dashboard.v1.billing_portal.configurations.retrieve(id_)
        assert found.active is False
        stack.up()
        assert stack.output("id") == id_

    everyone = dashboard.v1.billing_portal.configurations.list().data
    assert len(everyone) == 2
    stack.assert_converged()


def test_the_default_is_left_with_a_warning(
    stack: Stack, dashboard: StripeClient
) -> None:
    """The account's first configuration can't be deactivated, and destroy succeeds."""
    created = stack.up(
        """
        first = PortalConfiguration(
            "first", features={"invoice_history": {"enabled": True}}
        )
        pulumi.export("id", first.id)
        """
    )
    assert "becomes its default for ever" in created.text
    id_ = stack.output("id")

    destroyed = stack.destroy()

    assert "warning:" in destroyed.text
    assert "default configuration, which Stripe never lets go" in destroyed.text
    assert dashboard.v1.billing_portal.configurations.retrieve(id_).active is True


@pytest.mark.both_doors
def test_an_inactive_configuration_is_created_in_two_steps(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Stripe creates active ones only; what fails between is finished by the next."""
    program = """
    DefaultPortalConfiguration("default", features={})
    off = PortalConfiguration(
        "off", features={"invoice_history": {"enabled": True}}, active=False
    )
    pulumi.export("id", off.id)
    """
    stack.sandbox.fail("POST", "/v1/billing_portal/configurations/*", status=400, nth=1)

    failed = stack.up(program, check=False)
    assert failed.code != 0
    stack.up()

    assert stack.sandbox.count("POST") == 4
    found = dashboard.v1.billing_portal.configurations.list().data
    assert sorted(item.active for item in found) == [False, True]
    stack.assert_converged()
