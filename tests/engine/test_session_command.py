"""`stripe-portal session --stack`: the stack's key, and its resources by name."""

from __future__ import annotations

import json

from stripe import StripeClient

from .stack import Run, Stack

PROGRAM = """
DefaultPortalConfiguration("standard", features={})
plans = PortalConfiguration(
    "plans",
    features={"invoice_history": {"enabled": True}},
    default_return_url="https://shop.example.com",
)
pulumi.export("plans", plans.id)
"""


def session(stack: Stack, *arguments: str) -> Run:
    """Run the command."""
    return stack.portal("session", "--stack", stack.name, *arguments, check=False)


def test_a_configuration_by_name(stack: Stack, dashboard: StripeClient) -> None:
    """With the key that the stack keeps as a secret, and no other."""
    stack.config("stripe-portal:apiKey", stack.sandbox.api_key, secret=True)
    stack.environ["STRIPE_API_KEY"] = ""
    stack.up(PROGRAM)
    customer = dashboard.v1.customers.create({"email": "a@b.example"}).id

    made = session(stack, "--customer", customer, "--configuration", "plans", "--json")
    unknown = session(stack, "--customer", customer, "--configuration", "plan")

    assert made.code == 0, made.stderr
    assert json.loads(made.stdout)["configuration"] == stack.output("plans")
    assert unknown.code == 2
    assert "did you mean 'plans'?" in unknown.stderr
    assert stack.sandbox.api_key not in made.text + unknown.text


def test_a_configuration_of_an_explicit_provider(stack: Stack) -> None:
    """Its connected account is asked, where the stack's key reaches it."""
    shop = stack.sandbox.connect("acct_shop").id
    stack.up(
        f"""
        theirs = Provider("theirs", account="{shop}")
        PortalConfiguration(
            "plans",
            features={{"invoice_history": {{"enabled": True}}}},
            default_return_url="https://shop.example.com",
            opts=ResourceOptions(provider=theirs),
        )
        """
    )
    there = stack.sandbox.client(stripe_account=shop)
    customer = there.v1.customers.create({"email": "a@b.example"}).id

    made = session(stack, "--customer", customer, "--configuration", "plans", "--json")

    assert made.code == 0, made.stderr
    assert json.loads(made.stdout)["configuration"] == stack.resource("plans")["id"]


def test_a_stack_that_is_not_there(stack: Stack) -> None:
    """Exit code 2, in Pulumi's words."""
    stack.name = "prod"

    run = session(stack, "--customer", "cus_1")

    assert run.code == 2
    assert "prod" in run.stderr
    assert "Traceback" not in run.stderr
