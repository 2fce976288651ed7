"""`expand[]` on every verb."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.payloads import EXPAND, MINIMAL, SWITCHING

PRODUCTS = [
    {
        "adjustable_quantity": {"enabled": False, "maximum": None, "minimum": 1},
        "prices": ["price_BasicMonthlyTest", "price_BasicAnnualTest"],
        "product": "prod_BasicTest",
    }
]


def test_products_only_when_expanded(client: stripe.StripeClient) -> None:
    """The products of a configuration are left out on every verb, unless expanded."""
    configurations = client.v1.billing_portal.configurations
    id_ = configurations.create(SWITCHING).id
    plain = [
        configurations.create(SWITCHING),
        configurations.update(id_, {"name": "a"}),
        configurations.retrieve(id_),
        *configurations.list(),
    ]
    expanded = [
        configurations.create({**SWITCHING, "expand": EXPAND}),
        configurations.update(id_, {"name": "b", "expand": EXPAND}),
        configurations.retrieve(id_, {"expand": EXPAND}),
        *configurations.list({"expand": [f"data.{EXPAND[0]}"]}),
    ]

    for each in plain:
        assert "products" not in each.to_dict()["features"]["subscription_update"]
    for each in expanded:
        update = each.to_dict()["features"]["subscription_update"]
        assert update["products"] == PRODUCTS


def test_ids_become_objects(client: stripe.StripeClient) -> None:
    """An id is replaced by its object, and by objects in that in turn."""
    product = client.v1.products.create(
        {
            "name": "Seats",
            "default_price_data": {"currency": "usd", "unit_amount": 500},
            "expand": ["default_price.product"],
        }
    )

    price = product.to_dict()["default_price"]
    assert price["object"] == "price"
    assert price["product"]["name"] == "Seats"
    assert price["product"]["default_price"] == price["id"]


def test_lists_of_ids_become_lists_of_objects(client: stripe.StripeClient) -> None:
    """Feedback options are a list of ids, and expand to a list of objects."""
    path = "features.subscription_cancel.cancellation_reason.feedback_options"
    option = client.v1.billing.feedback_options.create({"description": "Too fast"})

    created = client.v1.billing_portal.configurations.create(
        {
            "features": {
                "subscription_cancel": {
                    "enabled": True,
                    "cancellation_reason": {
                        "enabled": True,
                        "options": ["other"],
                        "feedback_options": [option.id],
                    },
                }
            },
            "expand": [path],
        }
    )

    reason = created.to_dict()["features"]["subscription_cancel"]["cancellation_reason"]
    assert reason["feedback_options"] == [option.to_dict()]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("foo", "This property cannot be expanded (foo).", id="unknown"),
        pytest.param(
            "features.subscription_update.products.product",
            "This property cannot be expanded "
            "(features.subscription_update.products.product).",
            id="below-a-leaf",
        ),
        pytest.param(
            "a.b.c.d.e",
            "You cannot expand more than 4 levels of a property. Property: a.b.c.d.e",
            id="too-deep",
        ),
    ],
)
def test_refusals(client: stripe.StripeClient, path: str, message: str) -> None:
    """What cannot be expanded is refused, and a create with it creates nothing."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.billing_portal.configurations.create({**MINIMAL, "expand": [path]})

    assert caught.value.user_message == message
    assert client.v1.billing_portal.configurations.list().data == []


def test_lists_expand_below_data(client: stripe.StripeClient) -> None:
    """In a list, a path begins with `data.`; the refusal says so."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.billing_portal.configurations.list({"expand": EXPAND})

    assert caught.value.user_message == (
        f"This property cannot be expanded ({EXPAND[0]}). You may want to try "
        f"expanding 'data.{EXPAND[0]}' instead."
    )
