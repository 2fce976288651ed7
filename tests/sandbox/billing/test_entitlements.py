"""Entitlements: a customer has the features of what they subscribe to."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.shop import Customer, Shop

DAY = 24 * 60 * 60
TOLD = "entitlements.active_entitlement_summary.updated"


@pytest.fixture
def features(shop: Shop) -> list[str]:
    """Exports for Basic and Pro, reports for Pro."""
    make = shop.api.entitlements.features.create
    exports = make({"name": "Exports", "lookup_key": "exports"}).id
    reports = make({"name": "Reports", "lookup_key": "reports"}).id
    for product, feature in (
        ("prod_BasicTest", exports),
        ("prod_ProTest", exports),
        ("prod_ProTest", reports),
    ):
        shop.api.products.features.create(product, {"entitlement_feature": feature})
    return [exports, reports]


def keys(shop: Shop, customer: Customer) -> list[str]:
    """Return the lookup keys of what a customer has."""
    listed = shop.api.entitlements.active_entitlements.list({"customer": customer.id})
    return sorted(each.lookup_key for each in listed.data)


def test_what_a_customer_has(
    shop: Shop, features: list[str], happenings: Happenings
) -> None:
    """A subscription entitles, another plan to something else, and its end ends it."""
    happenings.forget()
    jenny = shop.customer()
    basic = keys(shop, jenny)
    [item] = shop.subscription(jenny)["items"].data
    shop.api.subscriptions.update(
        jenny.subscription,
        {"items": [{"id": item.id, "price": "price_ProMonthlyTest"}]},
    )
    pro = keys(shop, jenny)
    told = happenings.object(TOLD)
    shop.api.subscriptions.update(jenny.subscription, {"cancel_at_period_end": True})
    until = keys(shop, jenny)
    times = happenings.types.count(TOLD)
    shop.sandbox.advance(32 * DAY)

    assert basic == ["exports"]
    assert pro == until == ["exports", "reports"]
    assert told["customer"] == jenny.id
    assert len(told["entitlements"]["data"]) == 2
    assert keys(shop, jenny) == []
    assert (times, happenings.types[-1]) == (2, TOLD)


def test_what_a_product_entitles_to(
    shop: Shop, features: list[str], jenny: Customer, happenings: Happenings
) -> None:
    """A product's features are listed, added and taken away, for who has it already."""
    exports, reports = features
    of_basic = shop.api.products.features
    [attached] = of_basic.list("prod_BasicTest").data
    happenings.forget()
    added = of_basic.create("prod_BasicTest", {"entitlement_feature": reports})
    both = keys(shop, jenny)
    of_basic.delete("prod_BasicTest", attached.id)
    [left] = shop.api.entitlements.active_entitlements.list(
        {"customer": jenny.id, "expand": ["data.feature"]}
    ).data
    feature: Any = left.feature

    assert attached.entitlement_feature.id == exports
    assert added.entitlement_feature.lookup_key == "reports"
    assert both == ["exports", "reports"]
    assert feature.name == "Reports"
    assert happenings.types == [TOLD, TOLD]


def test_features(shop: Shop, features: list[str]) -> None:
    """A feature is renamed and archived; its lookup key is its own."""
    api = shop.api.entitlements.features
    changed = api.update(features[0], {"name": "Export", "active": False})

    assert (changed.name, changed.active) == ("Export", False)
    assert [each.id for each in api.list({"archived": True}).data] == [features[0]]
    assert [each.id for each in api.list({"lookup_key": "reports"}).data] == [
        features[1]
    ]
    with pytest.raises(stripe.InvalidRequestError, match="exists already"):
        api.create({"name": "Again", "lookup_key": "reports"})
