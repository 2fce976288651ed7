"""Answers against the object types of the installed `stripe` package."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from stripe import billing_portal

from pulumi_stripe_portal.sandbox import portal_session
from tests.sandbox.portal.shop import CARD, Shop
from tests.sandbox.routes.test_shapes import compare, typed

CARD_ONLY = {"description", "iin", "issuer"}
"""Fields of a card that only some accounts get [S]."""

METHODS = {
    name
    for name in stripe.PaymentMethod.__annotations__
    if name in stripe.PaymentMethod._inner_class_types
} - {"billing_details", "card", "radar_options"}
"""The fields of other types of payment methods, which a card does not have [S]."""

DIFFERENT: dict[type[stripe.StripeObject], set[str]] = {
    # `plan` and `quantity` are sent by Stripe, for subscriptions with one item, and not
    # typed any more [V]; the third is there with other currencies only [S].
    stripe.Subscription: {"plan", "quantity", "presentment_details"},
    # Only there for those who expand them [S].
    stripe.Invoice: {"confirmation_secret", "payments"},
    stripe.PromotionCode: {"restrictions.currency_options"},
    stripe.PaymentMethod: METHODS
    | {f"card.{name}" for name in CARD_ONLY}
    | {"radar_options.session"},
    # Only there where they were set [S].
    stripe.SetupIntent: {
        "allowed_payment_method_types",
        "attach_to_self",
        "managed_payments",
    },
}


@pytest.fixture
def answers(shop: Shop) -> dict[type[stripe.StripeObject], Any]:
    """Make one object of each type, with everything expanded that is left out."""
    api = shop.api
    options = ["applies_to", "currency_options"]
    coupon = api.coupons.create(
        {"percent_off": 10, "duration": "forever", "expand": options}
    )
    code = api.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}}
    )
    terms = {"discounts": [{"promotion_code": code.id}]}
    jenny = shop.customer(subscription=terms)
    update: Any = {"schedule_at_period_end": {"conditions": CONDITIONS}}
    shop.configure("deferring", subscription_update={**UPDATE, **update})
    configuration = api.billing_portal.configurations.list().data[0].id
    session = shop.sandbox.open_session(shop.link(jenny, configuration=configuration))
    portal_session.add_payment_method(session, **CARD)
    portal_session.switch(session, jenny.subscription, price="price_ProMonthlyTest")
    portal_session.switch(session, jenny.subscription, price="price_BasicMonthlyTest")
    lists = ["sources", "subscriptions", "tax_ids"]
    included = ["cash_balance", "invoice_credit_balance", "tax", *lists]
    subscription = api.subscriptions.retrieve(
        jenny.subscription, {"expand": ["discounts"]}
    )
    invoice = api.invoices.list().data[0]
    return {
        billing_portal.Session: api.billing_portal.sessions.create(
            {
                "customer": jenny.id,
                "flow_data": {"type": "payment_method_update"},
                "after_expiration": {"type": "customer_login"},
            }
        ),
        stripe.Coupon: coupon,
        stripe.Customer: api.customers.retrieve(jenny.id, {"expand": included}),
        stripe.Discount: subscription.discounts[0],
        stripe.Invoice: invoice,
        stripe.InvoiceItem: api.invoice_items.list().data[0],
        stripe.InvoiceLineItem: invoice.lines.data[0],
        stripe.PaymentMethod: api.payment_methods.list().data[0],
        stripe.PromotionCode: code,
        stripe.SetupIntent: api.setup_intents.list().data[0],
        stripe.Subscription: subscription,
        stripe.SubscriptionItem: subscription["items"]["data"][0],
        stripe.SubscriptionSchedule: api.subscription_schedules.list().data[0],
        stripe.TaxId: api.customers.tax_ids.create(
            jenny.id, {"type": "eu_vat", "value": "DE123456789"}
        ),
    }


CONDITIONS = [{"type": "decreasing_item_amount"}]
UPDATE: dict[str, Any] = {
    "enabled": True,
    "default_allowed_updates": ["price"],
    "proration_behavior": "create_prorations",
    "products": [
        {"product": f"prod_{name}Test", "prices": [f"price_{name}MonthlyTest"]}
        for name in ("Basic", "Pro")
    ],
}


def test_every_field_is_answered(
    answers: dict[type[stripe.StripeObject], Any],
) -> None:
    """An object has exactly the fields that the SDK types, on every level."""
    differences = {
        cls: set(compare(answer.to_dict(), typed(cls)))
        for cls, answer in answers.items()
    }

    assert {cls: each for cls, each in differences.items() if each} == DIFFERENT
