"""Meters, which prices of usage are backed by."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.browsing import Browsing
from tests.sandbox.portal.shop import Shop

METER: Any = {
    "display_name": "Calls",
    "event_name": "calls",
    "default_aggregation": {"formula": "sum"},
}


def test_meters(shop: Shop, happenings: Happenings) -> None:
    """A meter is made, renamed, switched off and on; its event name is its own."""
    meters = shop.api.billing.meters
    happenings.forget()
    made = meters.create(METER)
    renamed = meters.update(made.id, {"display_name": "API calls"})
    with pytest.raises(stripe.InvalidRequestError, match="exists already"):
        meters.create(METER)
    off = meters.deactivate(made.id)
    listed = meters.list({"status": "active"}).data
    on = meters.reactivate(made.id)

    assert made.value_settings.event_payload_key == "value"
    assert (renamed.display_name, off.status, on.status) == (
        "API calls",
        "inactive",
        "active",
    )
    assert listed == []
    assert happenings.types == [
        "billing.meter.created",
        "billing.meter.updated",
        "billing.meter.deactivated",
        "billing.meter.reactivated",
    ]


@pytest.mark.parametrize(
    ("meter", "words"),
    [({}, "must be backed by meters"), ({"meter": "mtr_none"}, "No such meter")],
)
def test_usage_needs_a_meter(shop: Shop, meter: dict[str, str], words: str) -> None:
    """A price of usage without a meter is refused."""
    params: Any = {
        "currency": "usd",
        "product": "prod_ProTest",
        "unit_amount": 2,
        "recurring": {"interval": "month", "usage_type": "metered", **meter},
    }
    with pytest.raises(stripe.InvalidRequestError, match=words):
        shop.api.prices.create(params)


def test_usage_in_the_portal(shop: Shop) -> None:
    """What one costs is not what a month costs."""
    shop.configure()
    price = shop.metered_price(2)
    jenny = shop.customer(subscription={"items": [{"price": price}]})

    assert "$0.02 per unit used" in Browsing().get(shop.link(jenny)).text
