"""Products and prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import stripe
from stripe.params import PriceCreateParams, PriceListParams, ProductListParams

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.conftest import Wire

KEYS = [
    f"{tier}_{period}"
    for tier in ("basic", "pro", "enterprise")
    for period in ("monthly", "annual")
]
MONTHLY: PriceCreateParams = {
    "currency": "usd",
    "unit_amount": 1000,
    "recurring": {"interval": "month"},
}


@pytest.mark.parametrize(("livemode", "mode"), [(False, "Test"), (True, "Live")])
def test_seeded(sandbox: Sandbox, livemode: bool, mode: str) -> None:
    """Both modes have the example's prices, with the same keys and other ids."""
    client = sandbox.client(livemode=livemode)

    prices = client.v1.prices.list({"lookup_keys": KEYS, "expand": ["data.product"]})

    assert {price.lookup_key for price in prices} == set(KEYS)
    assert {price.id for price in prices} >= {
        f"price_BasicMonthly{mode}",
        f"price_EnterpriseAnnual{mode}",
    }
    for price in prices:
        assert not isinstance(price.product, str)
        assert price.product.id == f"prod_{price.product.name}{mode}"
        assert price.livemode is livemode


def test_without_catalogue() -> None:
    """`catalogue=False` starts with no product and no price."""
    with Sandbox(catalogue=False) as sandbox:
        client = sandbox.client()

        assert client.v1.products.list().data == []
        assert client.v1.prices.list().data == []


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"product": "prod_ProTest"}, 2),
        ({"lookup_keys": ["pro_monthly", "none_such"]}, 1),
        ({"active": False}, 0),
        ({"type": "one_time"}, 0),
        ({"type": "recurring"}, 6),
        ({"recurring": {"interval": "year"}}, 3),
        ({"recurring": {"interval": "year", "usage_type": "metered"}}, 0),
        ({"currency": "eur"}, 0),
        ({"created": {"gt": 1}}, 6),
        ({"created": {"lt": 1}}, 0),
        ({"created": 1}, 0),
    ],
)
def test_price_filters(
    client: stripe.StripeClient, filters: PriceListParams, count: int
) -> None:
    """Prices are found by product, lookup key, state, type, interval and currency."""
    assert len(client.v1.prices.list(filters).data) == count


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"active": True}, 3),
        ({"ids": ["prod_ProTest", "prod_gone"]}, 1),
        ({"shippable": True}, 0),
        ({"type": "service"}, 3),
        ({"url": "https://example.com"}, 0),
        ({"created": {"gte": 1}}, 3),
    ],
)
def test_product_filters(
    client: stripe.StripeClient, filters: ProductListParams, count: int
) -> None:
    """Products are found by state, id, type and address."""
    assert len(client.v1.products.list(filters).data) == count


def test_eleven_lookup_keys(wire: Wire) -> None:
    """A list of prices takes at most ten lookup keys."""
    query = "&".join(f"lookup_keys[]=key_{number}" for number in range(11))

    reply = wire("GET", f"/v1/prices?{query}")

    assert reply.body["error"]["message"] == (
        "Array lookup_keys exceeded maximum 10 allowed elements."
    )


def test_price_of_a_new_product(client: stripe.StripeClient) -> None:
    """`product_data` makes the product along with the price."""
    price = client.v1.prices.create({**MONTHLY, "product_data": {"name": "Seats"}})

    assert isinstance(price.product, str)
    assert client.v1.products.retrieve(price.product).name == "Seats"
    assert (price.type, price.unit_amount) == ("recurring", 1000)
    assert price.unit_amount_decimal == Decimal(1000)


def test_price_in_tiers_and_currencies(client: stripe.StripeClient) -> None:
    """Tiers and other currencies are kept, and shown when they are expanded."""
    price = client.v1.prices.create(
        {
            "currency": "usd",
            "product": "prod_ProTest",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [{"up_to": 5, "unit_amount": 900}, {"up_to": "inf"}],
            "currency_options": {"eur": {"custom_unit_amount": {"enabled": True}}},
            "expand": ["tiers", "currency_options"],
        }
    ).to_dict()

    none = {"flat_amount": None, "flat_amount_decimal": None}
    none |= {"unit_amount": None, "unit_amount_decimal": None}
    assert price["tiers"] == [
        {**none, "unit_amount": 900, "up_to": 5},
        {**none, "up_to": None},
    ]
    assert price["currency_options"].keys() == {"usd", "eur"}
    assert price["currency_options"]["eur"]["custom_unit_amount"] == {
        "maximum": None,
        "minimum": None,
        "preset": None,
    }


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ("currency=usd&product=prod_ProTest", "unit_amount"),
        ("unit_amount=1&product=prod_ProTest", "currency"),
        ("unit_amount=1&currency=usd", "product"),
    ],
)
def test_price_needs(wire: Wire, form: str, param: str) -> None:
    """A price needs a currency, an amount and a product."""
    reply = wire("POST", "/v1/prices", form)

    assert reply.body["error"]["message"] == f"Missing required param: {param}."


@pytest.mark.parametrize(
    ("decimal", "amount", "message"),
    [
        ("12.5", None, None),
        ("1000", 1000, None),
        ("a lot", None, "Invalid decimal: a lot"),
        ("NaN", None, "Invalid decimal: NaN"),
    ],
)
def test_decimal_amounts(
    wire: Wire, decimal: str, amount: int | None, message: str | None
) -> None:
    """An amount may have decimals; a whole one is an integer as well."""
    form = {
        "currency": "usd",
        "product": "prod_ProTest",
        "unit_amount_decimal": decimal,
    }

    reply = wire("POST", "/v1/prices", form)

    if message:
        assert reply.body["error"]["message"] == message
    else:
        assert reply.body["unit_amount"] == amount
        assert reply.body["unit_amount_decimal"] == decimal


def test_lookup_key_moves(client: stripe.StripeClient) -> None:
    """A lookup key has one holder; `transfer_lookup_key` moves it."""
    new: PriceCreateParams = {
        **MONTHLY,
        "product": "prod_ProTest",
        "lookup_key": "pro_monthly",
    }

    with pytest.raises(
        stripe.InvalidRequestError, match="already uses that lookup key"
    ):
        client.v1.prices.create(new)
    price = client.v1.prices.create({**new, "transfer_lookup_key": True})

    found = client.v1.prices.list({"lookup_keys": ["pro_monthly"]})
    assert [each.id for each in found] == [price.id]
    assert client.v1.prices.retrieve("price_ProMonthlyTest").lookup_key is None


def test_price_update(client: stripe.StripeClient) -> None:
    """A price's state, nickname, metadata and lookup key can change."""
    updated = client.v1.prices.update(
        "price_ProMonthlyTest",
        {
            "active": False,
            "nickname": "Old",
            "metadata": {"a": "1"},
            "lookup_key": "pro_old",
            "currency_options": {"eur": {"unit_amount": 2500}},
            "expand": ["currency_options"],
        },
    )

    assert (updated.active, updated.nickname) == (False, "Old")
    assert (updated.metadata["a"], updated.lookup_key) == ("1", "pro_old")
    assert updated.to_dict()["currency_options"]["eur"]["unit_amount"] == 2500


def test_a_price_stays_what_it_costs(client: stripe.StripeClient) -> None:
    """Amount, currency and interval are set once: no update has them."""
    for name in ("unit_amount", "currency", "recurring[interval]"):
        change: Any = {name: "1"}
        with pytest.raises(
            stripe.InvalidRequestError, match=r"unknown parameter: [cru]"
        ):
            client.v1.prices.update("price_ProMonthlyTest", change)


def test_product_update(client: stripe.StripeClient) -> None:
    """A product's fields change one by one, and "" clears what can be cleared."""
    products = client.v1.products

    changed = products.update(
        "prod_ProTest", {"name": "Plus", "description": "", "active": False}
    )

    assert (changed.name, changed.description) == ("Plus", None)
    assert [each.id for each in products.list({"active": False})] == ["prod_ProTest"]
    with pytest.raises(stripe.InvalidRequestError, match="No such price: 'price_gone'"):
        products.update("prod_ProTest", {"default_price": "price_gone"})


def test_product_deletion(client: stripe.StripeClient) -> None:
    """A product can be deleted as long as it has no price."""
    product = client.v1.products.create({"name": "Idea", "id": "prod_idea"})

    deleted = client.v1.products.delete(product.id)

    assert deleted.to_dict() == {
        "id": "prod_idea",
        "object": "product",
        "deleted": True,
    }
    with pytest.raises(stripe.InvalidRequestError, match="user-created prices"):
        client.v1.products.delete("prod_ProTest")
    with pytest.raises(
        stripe.InvalidRequestError, match="No such product: 'prod_idea'"
    ):
        client.v1.products.retrieve("prod_idea")


def test_product_ids_are_unique(client: stripe.StripeClient) -> None:
    """A product's id can be chosen once."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.products.create({"name": "Pro", "id": "prod_ProTest"})

    assert caught.value.code == "resource_already_exists"


def test_half_a_request_is_nothing(client: stripe.StripeClient) -> None:
    """When the price of a new product is refused, no product is left behind."""
    with pytest.raises(stripe.InvalidRequestError, match="unit_amount"):
        client.v1.products.create(
            {"name": "Half", "default_price_data": {"currency": "usd"}}
        )

    assert "Half" not in [each.name for each in client.v1.products.list()]
