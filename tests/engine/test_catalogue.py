"""Prices by lookup key, and products and prices looked up before a write."""

from __future__ import annotations

from typing import Any

import pytest
from stripe import StripeClient

from .stack import Stack

PROGRAM = """
DefaultPortalConfiguration("default", features={{}})
plans = PortalConfiguration(
    "plans",
    features={{
        "payment_method_update": {{"enabled": True}},
        "subscription_update": {{
            "enabled": True,
            "default_allowed_updates": ["price"],
            "products": {products},
        }},
    }},
    opts={opts},
)
pulumi.export("id", plans.id)
"""


def program(*products: Any, opts: str = "None") -> str:
    """Return a program that offers these products."""
    listed = ", ".join(p if isinstance(p, str) else repr(p) for p in products)
    return PROGRAM.format(products=f"[{listed}]", opts=opts)


def keys(*names: str) -> dict[str, Any]:
    """Return a product whose prices are named by lookup key."""
    return {"prices": [{"lookup_key": name} for name in names]}


def price(dashboard: StripeClient, **values: Any) -> str:
    """Create a price and return its id."""
    recurring = {"recurring": {"interval": "month"}}
    base = {"product": "prod_ProTest", "currency": "usd", "unit_amount": 100}
    return dashboard.v1.prices.create({**base, **recurring, **values}).id  # type: ignore[typeddict-item]


def gets(stack: Stack, path: str) -> int:
    """Return how often a path was read."""
    return sum(
        request.method == "GET" and request.path == path
        for request in stack.sandbox.requests
    )


def test_the_same_program_serves_test_and_live(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Lookup keys become the ids of the mode, and products are found from them."""
    stack.up(program(keys("pro_monthly", "pro_annual"), keys("basic_monthly")))

    found = dashboard.v1.billing_portal.configurations.retrieve(
        stack.output("id"), {"expand": ["features.subscription_update.products"]}
    )
    products = found.features.subscription_update.products
    assert products is not None
    assert {p.product: sorted(p.prices) for p in products} == {
        "prod_ProTest": ["price_ProAnnualTest", "price_ProMonthlyTest"],
        "prod_BasicTest": ["price_BasicMonthlyTest"],
    }
    stack.assert_converged()


def test_a_moved_lookup_key_is_drift(stack: Stack, dashboard: StripeClient) -> None:
    """A new price takes the key over: the preview shows it, `up` sends the new id."""
    stack.up(program(keys("pro_monthly")))
    new = price(
        dashboard,
        unit_amount=2900,
        lookup_key="pro_monthly",
        transfer_lookup_key=True,
    )

    shown = stack.preview("--refresh", "--diff")
    assert "price_ProMonthlyTest" in shown.stdout
    stack.up(None, "--refresh")

    found = dashboard.v1.billing_portal.configurations.retrieve(
        stack.output("id"), {"expand": ["features.subscription_update.products"]}
    )
    assert found.features.subscription_update.products is not None
    assert found.features.subscription_update.products[0].prices == [new]
    stack.assert_converged()


def test_everything_wrong_is_found_at_preview(
    stack: Stack, dashboard: StripeClient
) -> None:
    """One run names each product and price that Stripe would refuse, and why."""
    archived = price(dashboard, lookup_key="old")
    dashboard.v1.prices.update(archived, {"active": False})
    once = dashboard.v1.prices.create(
        {"product": "prod_BasicTest", "currency": "usd", "unit_amount": 5}
    ).id
    second = price(dashboard, lookup_key="second_monthly")
    stack.sandbox.clear_requests()
    stack.program(
        program(
            keys("pro_monthly", "second_monthly", "old", "missing"),
            {"product": "prod_BasicTest", "prices": [once, "price_ProAnnualTest"]},
            {"product": "prod_gone", "prices": ["price_gone"]},
        )
    )

    refused = stack.preview(check=False)

    assert refused.code != 0
    at = "features.subscription_update.products"
    for line in (
        f"{at}[0].prices[1]: 'second_monthly' is billed every 1 month, like",
        f"{at}[0].prices[2]: the price 'old' is archived at Stripe",
        f"{at}[0].prices[3].lookup_key: no price has the lookup key 'missing' in test",
        f"{at}[1].prices[0]: '{once}' is a one-time price",
        f"{at}[1].prices[1]: 'price_ProAnnualTest' belongs to product 'prod_ProTest'",
        f"{at}[2].prices[0]: Stripe knows no price 'price_gone' in test mode",
    ):
        assert line in refused.text, refused.text
    assert second
    assert stack.sandbox.count("POST") == 0


def test_requests_of_preflight(stack: Stack) -> None:
    """One for each listed product, or for ten lookup keys; else none."""
    by_id = {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}
    stack.program(
        program(keys("pro_monthly", "pro_annual"), keys("enterprise_annual"), by_id)
    )
    stack.preview()
    assert gets(stack, "/v1/prices") == 2
    assert len(stack.sandbox.requests) == 3  # and the search for what is there

    stack.up()
    stack.sandbox.clear_requests()
    stack.preview("--expect-no-changes")
    assert stack.sandbox.requests == []


def test_ten_lookup_keys_of_several_resources_are_one_list(stack: Stack) -> None:
    """All resources of a program share the requests, in the update and a refresh."""
    names = [
        f"{tier}_{term}"
        for tier in ("basic", "pro", "enterprise")
        for term in ("monthly", "annual")
    ]
    lines = [
        program(keys(name)).split("plans = ")[1].replace('"plans"', f'"{name}"')
        for name in names
    ]
    source = 'DefaultPortalConfiguration("default", features={})\n'
    source += "\n".join("plans = " + line for line in lines)
    stack.up("\n".join(s for s in source.splitlines() if "export" not in s))
    assert gets(stack, "/v1/prices") == 1
    stack.sandbox.clear_requests()

    stack.refresh()

    assert gets(stack, "/v1/prices") == 1
    stack.assert_converged()


MAKER = """
import stripe
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class PriceProvider(ResourceProvider):
    def create(self, props):
        import os, stripe
        client = stripe.StripeClient(
            os.environ["STRIPE_API_KEY"],
            base_addresses={"api": os.environ["STRIPE_API_BASE"]},
        )
        price = client.v1.prices.create({
            "product": "prod_ProTest", "currency": "usd", "unit_amount": 100,
            "recurring": {"interval": "week"}, "lookup_key": props["key"],
        })
        return CreateResult(price.id, {**props, "price": price.id})

class Price(Resource):
    price: pulumi.Output[str]
    def __init__(self, name, key):
        super().__init__(PriceProvider(), name, {"key": key, "price": None})

weekly = Price("weekly", "pro_weekly")
"""


@pytest.mark.parametrize(
    ("entry", "opts"),
    [
        pytest.param(
            '{"product": "prod_ProTest", "prices": [weekly.price]}',
            "None",
            id="an-output",
        ),
        pytest.param(
            '{"prices": [{"lookup_key": "pro_weekly"}]}',
            "ResourceOptions(depends_on=[weekly])",
            id="a-lookup-key-that-will-exist",
        ),
    ],
)
def test_prices_made_by_the_same_program(stack: Stack, entry: str, opts: str) -> None:
    """They preview, with a warning where a key isn't there yet, and converge."""
    stack.program(MAKER + program(entry, opts=opts))

    previewed = stack.preview()
    assert ("it may be made by this program" in previewed.text) == (opts != "None")
    stack.up()

    stack.assert_converged()


def test_what_is_never_made_is_an_error_in_the_update(stack: Stack) -> None:
    """A resource that waits for others is only warned at preview; `up` then fails."""
    opts = "ResourceOptions(depends_on=[default])"
    source = program(keys("never_made"), opts=opts).replace(
        "\nDefault", "\ndefault = Default", 1
    )
    stack.program(source)

    warned = stack.preview()
    failed = stack.up(check=False)

    assert "no price has the lookup key 'never_made'" in warned.text
    assert failed.code != 0
    assert "no price has the lookup key 'never_made' in test mode" in failed.text
    assert "Traceback" not in failed.text


def test_a_key_without_the_read_scopes_skips_preflight(stack: Stack) -> None:
    """It is warned, and Stripe decides in the update."""
    stack.environ["STRIPE_API_KEY"] = stack.sandbox.restricted_key(
        permissions=["rak_customer_portal_write"]
    )
    by_id = {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}

    run = stack.up(program(by_id))

    assert "products and prices were not checked before the update" in run.text
    assert "rak_plan_read" in run.text
    stack.assert_converged()


def test_a_key_moved_to_another_product_is_followed(
    stack: Stack, dashboard: StripeClient
) -> None:
    """The product goes along, since the entry names none."""
    stack.up(program(keys("pro_monthly"), keys("enterprise_monthly")))
    new = price(
        dashboard,
        product="prod_BasicTest",
        lookup_key="pro_monthly",
        transfer_lookup_key=True,
    )

    stack.up(None, "--refresh")

    found = dashboard.v1.billing_portal.configurations.retrieve(
        stack.output("id"), {"expand": ["features.subscription_update.products"]}
    )
    products = found.features.subscription_update.products
    assert products is not None
    assert {item.product: item.prices for item in products} == {
        "prod_BasicTest": [new],
        "prod_EnterpriseTest": ["price_EnterpriseMonthlyTest"],
    }
    stack.assert_converged()


def test_eleven_lookup_keys_are_two_lists(
    stack: Stack, dashboard: StripeClient
) -> None:
    """Ten in a request is Stripe's limit; all configurations share them."""
    made = [f"made_{number}" for number in range(1, 7)]
    for name in made:
        product = dashboard.v1.products.create({"name": name}).id
        price(dashboard, product=product, lookup_key=name)
    first = program(*(keys(name) for name in made))
    second = program(
        keys("basic_monthly", "basic_annual"),
        keys("pro_monthly", "pro_annual"),
        keys("enterprise_monthly"),
    )
    second = second.replace('"plans"', '"more"').split("\n", 2)[2]
    stack.sandbox.clear_requests()

    stack.up(first + second)

    assert gets(stack, "/v1/prices") == 2
    stack.assert_converged()


def test_values_that_came_as_outputs(stack: Stack, dashboard: StripeClient) -> None:
    """What Stripe doesn't know of them is warned at preview, hidden, and then refused.

    What is wrong for ever (archived, of another product) is an error at once.
    """
    archived = price(dashboard, lookup_key="old")
    dashboard.v1.products.update("prod_EnterpriseTest", {"active": False})
    dashboard.v1.prices.update(archived, {"active": False})
    late = "Output.from_input"
    stack.program(
        program(
            f'{{"product": {late}("prod_BasicTest"), '
            f'"prices": [{late}("price_BasicMonthlyLive")]}}'
        )
    )
    warned = stack.preview()
    refused = stack.up(check=False)
    for run in (warned, refused):
        assert "Stripe knows no price [hidden] in test mode" in run.text
        assert "it may be made by this program" in run.text
    assert refused.code != 0
    assert "Stripe: No such price: 'price_BasicMonthlyLive'" in refused.text
    assert "Traceback" not in refused.text

    stack.program(
        program(
            f'{{"prices": [{{"lookup_key": {late}("old")}}]}}',
            keys("enterprise_annual"),
        )
    )
    wrong = stack.preview(check=False)

    assert wrong.code != 0
    assert "products[0].prices[0]: the price [hidden] is archived" in wrong.text
    assert (
        "products[1].prices[0]: the product of the price 'enterprise_annual' is "
        "archived at Stripe"
    ) in wrong.text


def test_without_preflight_stripe_decides(stack: Stack) -> None:
    """A preview asks nothing; the update asks for lookup keys only, and says it all."""
    stack.config("stripe-portal:preflight", "false")
    by_id = {"product": "prod_BasicTest", "prices": ["price_ProMonthlyTest"]}
    stack.program(program(by_id))
    stack.preview()
    assert stack.sandbox.requests == []
    refused = stack.up(check=False)
    assert refused.code != 0
    assert "Stripe: " in refused.text
    assert "Traceback" not in refused.text

    stack.environ["STRIPE_API_KEY"] = stack.sandbox.restricted_key(
        permissions=["rak_customer_portal_write"]
    )
    unread = stack.up(program(keys("pro_monthly")), check=False)
    assert "add the permission rak_plan_read to the restricted key" in unread.text
    stack.environ.clear()
    stack.sandbox.clear_requests()
    stack.up()
    assert gets(stack, "/v1/prices") == 1
    stack.assert_converged()
