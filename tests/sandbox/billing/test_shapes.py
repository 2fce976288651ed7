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
"""Fields of a card that only some accounts get."""

METHODS = {
    name
    for name in stripe.PaymentMethod.__annotations__
    if name in stripe.PaymentMethod._inner_class_types
} - {"billing_details", "card", "radar_options"}
"""The fields of other types of payment methods, which a card does not have."""


def options(cls: Any) -> set[str]:
    """Return the options of payment methods, of which there are none here."""
    names = cls.PaymentMethodOptions.__annotations__
    return {f"payment_method_options.{each}" for each in names if each[0] != "_"}


CHARGE = {
    *("authorization_code", "level3", "outcome.rule", "presentment_details"),
    *("fraud_details.stripe_report", "fraud_details.user_report"),
    *("radar_options.session", "refunds", "transfer"),
    *(
        f"payment_method_details.card.{name}"
        for name in (
            "capture_before",
            "description",
            "electronic_commerce_indicator",
            "iin",
            "issuer",
            "moto",
            "setup_credential_usage",
            "stored_credential_usage",
        )
    ),
    *(
        f"payment_method_details.{name}"
        for name in stripe.Charge.PaymentMethodDetails.__annotations__
        if name[0] != "_" and name not in ("card", "type")
    ),
}
"""Fields of a charge that only some accounts get, or that are there in other cases."""

DIFFERENT: dict[type[stripe.StripeObject], set[str]] = {
    stripe.Charge: CHARGE,
    # Only there while it is moved.
    stripe.test_helpers.TestClock: {"status_details.advancing"},
    # `plan` and `quantity` are sent by Stripe, for subscriptions with one item, and not
    # typed any more; the third is there with other currencies only.
    stripe.Subscription: {"plan", "quantity", "presentment_details"},
    # The first is there with other currencies only, the second where it is expanded.
    stripe.checkout.Session: options(stripe.checkout.Session)
    | {"presentment_details", "total_details.breakdown"},
    # Payments of other types.
    stripe.InvoicePayment: {"payment.charge", "payment.payment_record"},
    # Only there where they were set, or with other currencies.
    stripe.PaymentIntent: options(stripe.PaymentIntent)
    | {
        "allowed_payment_method_types",
        "managed_payments",
        "payment_details",
        "payment_record",
        "presentment_details",
    },
    stripe.PromotionCode: {"restrictions.currency_options"},
    stripe.PaymentMethod: METHODS
    | {f"card.{name}" for name in CARD_ONLY}
    | {"radar_options.session"},
    # Only there where they were set.
    stripe.SetupIntent: {"attach_to_self", "managed_payments"},
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
    feature = api.entitlements.features.create({"name": "A", "lookup_key": "a"})
    attached = api.products.features.create(
        "prod_ProTest", {"entitlement_feature": feature.id}
    )
    jenny = shop.customer(subscription=terms)
    update: Any = {"schedule_at_period_end": {"conditions": CONDITIONS}}
    shop.configure("deferring", subscription_update={**UPDATE, **update})
    configuration = api.billing_portal.configurations.list().data[0].id
    session = shop.sandbox.open_session(shop.link(jenny, configuration=configuration))
    portal_session.add_payment_method(session, **CARD)
    portal_session.switch(session, jenny.subscription, price="price_ProMonthlyTest")
    portal_session.switch(session, jenny.subscription, price="price_BasicMonthlyTest")
    checkout = api.checkout.sessions.create(
        {
            "mode": "subscription",
            "line_items": [{"price": "price_ProMonthlyTest", "quantity": 2}],
            "success_url": "https://shop.example/done",
            "customer": jenny.id,
            "expand": ["line_items"],
        }
    )
    lists = ["sources", "subscriptions", "tax_ids"]
    included = ["cash_balance", "invoice_credit_balance", "tax", *lists]
    subscription = api.subscriptions.retrieve(
        jenny.subscription, {"expand": ["discounts"]}
    )
    invoices = api.invoices.list(
        {"expand": ["data.confirmation_secret", "data.payments"]}
    ).data
    invoice = next(each for each in invoices if each.confirmation_secret)
    return {
        billing_portal.Session: api.billing_portal.sessions.create(
            {
                "customer": jenny.id,
                "flow_data": {"type": "payment_method_update"},
                "after_expiration": {"type": "customer_login"},
            }
        ),
        stripe.checkout.Session: checkout,
        stripe.Charge: api.charges.list().data[0],
        stripe.Coupon: coupon,
        stripe.Customer: api.customers.retrieve(jenny.id, {"expand": included}),
        stripe.CustomerBalanceTransaction: (
            api.customers.balance_transactions.create(
                jenny.id, {"amount": -5, "currency": "usd"}
            )
        ),
        stripe.ProductFeature: attached,
        stripe.entitlements.Feature: feature,
        stripe.entitlements.ActiveEntitlement: (
            api.entitlements.active_entitlements.list({"customer": jenny.id}).data[0]
        ),
        stripe.Discount: subscription.discounts[0],
        stripe.Invoice: invoice,
        stripe.InvoiceItem: api.invoice_items.list().data[0],
        stripe.InvoiceLineItem: invoice.lines.data[0],
        stripe.InvoicePayment: api.invoice_payments.list().data[0],
        stripe.PaymentIntent: api.payment_intents.list().data[0],
        stripe.PaymentMethod: api.payment_methods.list().data[0],
        stripe.PromotionCode: code,
        stripe.SetupIntent: api.setup_intents.list().data[0],
        stripe.Subscription: subscription,
        stripe.SubscriptionItem: subscription["items"]["data"][0],
        stripe.SubscriptionSchedule: api.subscription_schedules.list().data[0],
        stripe.test_helpers.TestClock: api.test_helpers.test_clocks.create(
            {"frozen_time": 1_900_000_000}
        ),
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
