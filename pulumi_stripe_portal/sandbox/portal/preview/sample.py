"""A customer for pictures of the portal: a subscription, a card, an invoice."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json

__all__ = ["CUSTOMER", "METHOD", "NOW", "PRICE", "TAX_IDS", "invoice", "subscription"]


NOW = 1_893_456_000
"""2030-01-01: a picture is the same whenever it is made."""

_PERIOD_END = 1_896_134_400

CUSTOMER: Json = {
    "name": "Jenny Rosen",
    "email": "jenny.rosen@example.com",
    "phone": "+1 555 0100",
    "address": {
        "line1": "510 Townsend St",
        "line2": None,
        "postal_code": "94103",
        "city": "San Francisco",
        "state": "CA",
        "country": "US",
    },
    "shipping": None,
}

METHOD: Json = {
    "id": "pm_sample",
    "type": "card",
    "card": {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034},
}

TAX_IDS: list[Json] = [
    {
        "id": "txi_sample",
        "type": "eu_vat",
        "value": "DE123456789",
        "verification": {"status": "verified"},
    }
]

PRICE: Json = {
    "id": "price_sample",
    "currency": "usd",
    "unit_amount": 2900,
    "recurring": {"interval": "month", "interval_count": 1},
    "product": {"id": "prod_sample", "name": "Pro"},
}


def invoice(price: Json) -> Json:
    """Return a paid invoice over *price*; None is the total where none is known."""
    return {
        "id": "in_sample",
        "number": "SAMPLE-0001",
        "created": NOW,
        "total": price.get("unit_amount"),
        "currency": price.get("currency") or "usd",
        "status": "paid",
        "lines": {
            "data": [
                {"description": f"1 \N{MULTIPLICATION SIGN} {price['product']['name']}"}
            ]
        },
    }


def subscription(price: Json) -> Json:
    """Return a subscription to *price* in Stripe's shape."""
    return {
        "id": "sub_sample",
        "status": "active",
        "currency": price.get("currency") or "usd",
        "default_payment_method": None,
        "discounts": [],
        "items": {"data": [{"price": price, "quantity": 1}]},
        "pause_collection": None,
        "trial_end": None,
        "current_period_end": _PERIOD_END,
    }
