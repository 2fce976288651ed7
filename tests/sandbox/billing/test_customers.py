"""Customers, their payment methods and tax ids, over the API."""

from __future__ import annotations

import time
from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.shop import Customer, Shop


def test_customer_with_a_card(shop: Shop, happenings: Happenings) -> None:
    """A customer made with a ready-made card has it attached, and as the default."""
    made = shop.api.customers.create(
        {
            "email": "ada@example.com",
            "payment_method": "pm_card_mastercard",
            "invoice_settings": {"default_payment_method": "pm_card_mastercard"},
            "expand": ["invoice_settings.default_payment_method"],
        }
    )

    assert made.invoice_settings is not None
    method = made.invoice_settings.default_payment_method
    assert isinstance(method, stripe.PaymentMethod)
    assert method.card is not None
    assert (method.card.brand, method.card.last4) == ("mastercard", "4444")
    assert happenings.types == [
        "customer.created",
        "payment_method.attached",
        "customer.updated",
    ]
    assert happenings.previous("customer.updated") == [
        {"invoice_settings": {"default_payment_method": None}}
    ]


def test_update_keeps_the_rest(shop: Shop, happenings: Happenings) -> None:
    """An update changes what it names; an address is replaced as a whole."""
    made = shop.api.customers.create(
        {"name": "Ada", "address": {"line1": "1 Main St", "country": "US"}}
    )
    updated = shop.api.customers.update(
        made.id, {"address": {"city": "Paris"}, "metadata": {"plan": "pro"}}
    )

    assert updated.name == "Ada"
    assert updated.address is not None
    assert updated.address.to_dict() == {
        "city": "Paris",
        "country": None,
        "line1": None,
        "line2": None,
        "postal_code": None,
        "state": None,
    }
    assert happenings.previous("customer.updated") == [
        {
            "address": {"city": None, "country": "US", "line1": "1 Main St"},
            "metadata": {"plan": None},
        }
    ]


@pytest.mark.parametrize("email", ["nobody", "no body@example.com"])
def test_email(shop: Shop, email: str) -> None:
    """What is no email address is refused as Stripe refuses it."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.customers.create({"email": email})

    assert caught.value.code == "email_invalid"
    assert caught.value.user_message == f"Invalid email address: {email}"


def test_found_by_email(shop: Shop, jenny: Customer) -> None:
    """Customers are listed by email."""
    shop.customer("other@example.com", price=None)

    (found,) = shop.api.customers.list({"email": jenny.email}).data
    assert found.id == jenny.id


def test_deleted(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A deleted customer's subscriptions end, and only a stub of them is left."""
    deleted = shop.api.customers.delete(jenny.id)

    assert deleted.deleted
    assert shop.api.customers.retrieve(jenny.id).to_dict() == deleted.to_dict()
    assert shop.api.customers.list().data == []
    assert shop.api.subscriptions.retrieve(jenny.subscription).status == "canceled"
    assert happenings.types == [
        "customer.subscription.deleted",
        "payment_method.detached",
        "customer.updated",
        "customer.deleted",
    ]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.customers.update(jenny.id, {"name": "Ghost"})
    assert caught.value.user_message == f"No such customer: '{jenny.id}'"


def test_what_the_sandbox_has_not(shop: Shop) -> None:
    """A parameter that would be ignored is refused by name instead."""
    with pytest.raises(
        stripe.APIError, match="the parameter cash_balance of customers"
    ):
        shop.api.customers.create(
            {"cash_balance": {"settings": {"reconciliation_mode": "manual"}}}
        )


NEXT_YEAR = time.gmtime().tm_year + 1


@pytest.mark.parametrize(
    ("card", "code", "message"),
    [
        pytest.param(
            {"number": "4242424242424241"},
            "incorrect_number",
            "Your card number is incorrect.",
            id="number",
        ),
        pytest.param(
            {"number": "4111111111111111"},
            "card_declined",
            "Your card was declined. Your request was in test mode, but used a non "
            "test card. For a list of valid test cards, visit: "
            "https://stripe.com/docs/testing.",
            id="no-test-card",
        ),
        pytest.param(
            {"number": "4242424242424242", "exp_month": 13},
            "invalid_expiry_month",
            "Your card's expiration month is invalid.",
            id="month",
        ),
        pytest.param(
            {"number": "4242424242424242", "exp_year": 2020},
            "invalid_expiry_year",
            "Your card's expiration year is invalid.",
            id="year",
        ),
        pytest.param(
            {"number": "4242424242424242", "cvc": "12"},
            "invalid_cvc",
            "Your card's security code is invalid.",
            id="cvc",
        ),
    ],
)
def test_cards_that_are_none(
    shop: Shop, card: dict[str, Any], code: str, message: str
) -> None:
    """A card that could not be is a 402 with the code that Stripe has for it."""
    whole: Any = {"exp_month": 1, "exp_year": NEXT_YEAR, "cvc": "123", **card}
    with pytest.raises(stripe.CardError) as caught:
        shop.api.payment_methods.create({"type": "card", "card": whole})

    assert (caught.value.code, caught.value.user_message) == (code, message)


def test_number_is_not_kept(shop: Shop, sandbox: Sandbox) -> None:
    """Of a card's number the last four digits are kept, and none are logged."""
    made = shop.api.payment_methods.create(
        {
            "type": "card",
            "card": {
                "number": "4242424242424242",
                "exp_month": 1,
                "exp_year": NEXT_YEAR,
                "cvc": "321",
            },
        }
    )

    assert made.card is not None
    assert made.card.last4 == "4242"
    assert "4242424242424242" not in repr(made.to_dict())
    assert "4242424242424242" not in repr(sandbox.requests)


@pytest.mark.parametrize(
    ("token", "code", "decline"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        (
            "pm_card_chargeDeclinedInsufficientFunds",
            "card_declined",
            "insufficient_funds",
        ),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
    ],
)
def test_declined_when_attached(
    shop: Shop, jenny: Customer, token: str, code: str, decline: str | None
) -> None:
    """Stripe's declining test cards decline when they are attached."""
    with pytest.raises(stripe.CardError) as caught:
        shop.api.payment_methods.attach(token, {"customer": jenny.id})

    assert caught.value.code == code
    assert caught.value.error is not None
    assert caught.value.error.to_dict().get("decline_code") == decline
    assert len(shop.api.customers.payment_methods.list(jenny.id).data) == 1


def test_detached(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A detached card is gone for good, and from all that it paid for."""
    card = shop.add_card(jenny.id, "pm_card_mastercard", default=True)
    shop.api.subscriptions.update(jenny.subscription, {"default_payment_method": card})
    happenings.forget()

    shop.api.payment_methods.detach(card)

    assert happenings.types == [
        "payment_method.detached",
        "customer.updated",
        "customer.subscription.updated",
    ]
    assert happenings.previous("payment_method.detached") == [{"customer": jenny.id}]
    assert happenings.previous("customer.subscription.updated") == [
        {"default_payment_method": card}
    ]
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        shop.api.payment_methods.attach(card, {"customer": jenny.id})


def test_methods_belong_to_one(shop: Shop, jenny: Customer) -> None:
    """A card is attached to one customer, and pays for nobody else."""
    other = shop.customer("other@example.com", price=None)
    (card,) = shop.api.customers.payment_methods.list(jenny.id).data

    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        shop.api.payment_methods.attach(card.id, {"customer": other.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.customers.update(
            other.id, {"invoice_settings": {"default_payment_method": card.id}}
        )

    assert caught.value.user_message == (
        f"The customer does not have a payment method with the ID {card.id}. The "
        "payment method must be attached to the customer."
    )
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.customers.payment_methods.retrieve(other.id, card.id)


@pytest.mark.parametrize("whose", ["nobody's", "another's"])
def test_paid_with_ones_own_card(shop: Shop, jenny: Customer, whose: str) -> None:
    """An invoice is paid with a card of its own customer, or with none."""
    (card,) = shop.api.customers.payment_methods.list(jenny.id).data
    other = shop.customer("other@example.com", card="pm_card_chargeCustomerFail")
    invoice = shop.api.invoices.list({"customer": other.id}).data[0].id
    method = "pm_gone" if whose == "nobody's" else card.id

    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.invoices.pay(invoice, {"payment_method": method})

    assert caught.value.code == "resource_missing"
    assert shop.api.invoices.retrieve(invoice).status == "open"


@pytest.mark.parametrize(
    ("type_", "value", "first", "then"),
    [
        pytest.param("eu_vat", "DE123456789", "pending", "verified", id="verified"),
        pytest.param("eu_vat", "111111111", "pending", "unverified", id="unverified"),
        pytest.param("gb_vat", "222222222", "pending", "pending", id="pending"),
        pytest.param("us_ein", "12-3456789", "unavailable", "unavailable", id="none"),
    ],
)
def test_tax_id_verification(
    shop: Shop,
    jenny: Customer,
    happenings: Happenings,
    type_: Any,
    value: str,
    first: str,
    then: str,
) -> None:
    """Types that can be verified are, after a while, as the magic values say."""
    made = shop.api.customers.tax_ids.create(jenny.id, {"type": type_, "value": value})
    shop.sandbox.advance(60)
    after = shop.api.customers.tax_ids.retrieve(jenny.id, made.id)

    assert made.verification is not None
    assert after.verification is not None
    assert (made.verification.status, after.verification.status) == (first, then)
    updates = happenings.previous("customer.tax_id.updated")
    assert len(updates) == (first != then)
    assert all(each["verification"]["status"] == "pending" for each in updates)


def test_tax_ids_are_nested(
    shop: Shop, jenny: Customer, happenings: Happenings
) -> None:
    """A tax id is found below its own customer only."""
    other = shop.customer("other@example.com", price=None)
    happenings.forget()
    made = shop.api.customers.tax_ids.create(
        jenny.id, {"type": "eu_vat", "value": "FR12345678901"}
    )

    assert made.country == "FR"
    assert shop.api.customers.tax_ids.list(other.id).data == []
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.customers.tax_ids.delete(other.id, made.id)
    assert caught.value.http_status == 404
    assert shop.api.customers.tax_ids.delete(jenny.id, made.id).deleted
    assert happenings.types == ["customer.tax_id.created", "customer.tax_id.deleted"]


def test_tax_id_format(shop: Shop, jenny: Customer) -> None:
    """A value that its type cannot have is refused, and so is a sixth tax id."""
    create = shop.api.customers.tax_ids.create
    with pytest.raises(stripe.InvalidRequestError) as caught:
        create(jenny.id, {"type": "eu_vat", "value": "12"})
    for number in range(5):
        create(jenny.id, {"type": "us_ein", "value": f"12-345678{number}"})
    with pytest.raises(stripe.InvalidRequestError, match="5 tax IDs"):
        create(jenny.id, {"type": "us_ein", "value": "12-3456789"})

    assert caught.value.user_message == "Invalid value for eu_vat."
    assert caught.value.code == "tax_id_invalid"


def test_customers_of_another_account(shop: Shop, jenny: Customer) -> None:
    """Customers are apart by account and by mode."""
    shop.sandbox.connect("acct_1Connected")
    connected = shop.sandbox.client(stripe_account="acct_1Connected")
    live = shop.sandbox.client(livemode=True)

    for elsewhere in (connected, live):
        assert elsewhere.v1.customers.list().data == []
        with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
            elsewhere.v1.customers.retrieve(jenny.id)
