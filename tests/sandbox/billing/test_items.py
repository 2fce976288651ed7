"""Subscription items one by one, and discounts that are taken away."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.shop import Customer, Shop

UPDATED = "customer.subscription.updated"


def test_items_one_by_one(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """An item is added, changed and taken away: changes of its subscription."""
    items = shop.api.subscription_items
    happenings.forget()
    added = items.create(
        {
            "subscription": jenny.subscription,
            "price": "price_ProMonthlyTest",
            "quantity": 2,
            "proration_behavior": "none",
        }
    )
    changed = items.update(added.id, {"quantity": 5, "metadata": {"team": "red"}})
    listed = items.list({"subscription": jenny.subscription}).data
    told = happenings.types
    gone = items.delete(added.id, {"proration_behavior": "none"})
    [left] = shop.subscription(jenny)["items"].data

    assert (added.quantity, added.price.id) == (2, "price_ProMonthlyTest")
    assert added.subscription == jenny.subscription
    assert (changed.quantity, changed.metadata["team"]) == (5, "red")
    assert [each.id for each in listed] == [left.id, added.id]
    assert items.retrieve(left.id).price.id == "price_BasicMonthlyTest"
    assert told == [UPDATED, "invoiceitem.created", "invoiceitem.created", UPDATED]
    assert gone.deleted
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription_item"):
        items.retrieve(added.id)


def test_discount_removed(shop: Shop, happenings: Happenings) -> None:
    """The discount of a subscription ends when it is removed."""
    coupon = shop.api.coupons.create({"percent_off": 20, "duration": "forever"}).id
    terms: Any = {"discounts": [{"coupon": coupon}]}
    jenny = shop.customer(subscription=terms)
    happenings.forget()
    gone = shop.api.subscriptions.delete_discount(jenny.subscription)

    assert gone.deleted
    assert gone.source.coupon == coupon
    assert shop.subscription(jenny).discounts == []
    assert happenings.types == ["customer.discount.deleted", UPDATED]
    with pytest.raises(stripe.InvalidRequestError, match="No such discount"):
        shop.api.subscriptions.delete_discount(jenny.subscription)
