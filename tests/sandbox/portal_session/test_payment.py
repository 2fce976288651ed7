"""Cards, promotion codes, invoices: what customers pay, and with what."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import portal_session
from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.shop import FEATURES, Customer, Shop

DAY = 24 * 60 * 60
PRO = "price_ProMonthlyTest"
CARD: Any = {"exp_month": 12, "exp_year": 2040, "cvc": "123"}
VISA, MASTERCARD, FAILS = "4242424242424242", "5555555555554444", "4000000000000341"
INVOICING = {**FEATURES["subscription_update"], "proration_behavior": "always_invoice"}


@pytest.fixture
def session(shop: Shop, jenny: Customer) -> portal_session.OpenSession:
    """Jenny in the portal, with switches that are billed at once."""
    configuration = shop.configure("invoicing", subscription_update=INVOICING)
    return shop.sandbox.open_session(shop.link(jenny, configuration=configuration))


def test_preview_is_what_happens(
    shop: Shop,
    jenny: Customer,
    session: portal_session.OpenSession,
    happenings: Happenings,
) -> None:
    """The preview is the amount that the switch then costs, and changes nothing."""
    shop.sandbox.advance(10 * DAY)
    session = again(shop, session)
    happenings.forget()
    before = portal_session.subscription(session, jenny.subscription)
    preview = portal_session.preview_switch(
        session, jenny.subscription, price=PRO, quantity=2
    )
    unchanged = portal_session.subscription(session, jenny.subscription)
    nothing = happenings.types
    after = portal_session.switch(session, jenny.subscription, price=PRO, quantity=2)
    invoice = shop.api.invoices.retrieve(after["latest_invoice"])

    assert (before, nothing) == (unchanged, [])
    assert (preview.when, preview.quantity) == ("now", 2)
    assert preview.price["product"]["name"] == "Pro"
    assert preview.due_now == invoice.amount_paid
    assert preview.due is not None
    assert [line["amount"] for line in preview.due["lines"]["data"]] == [
        line.amount for line in invoice.lines.data
    ]
    upcoming = portal_session.next_invoice(session, jenny.subscription)
    assert upcoming is not None
    assert preview.next_amount == upcoming["amount_due"] == 2 * 2900
    assert preview.next_at == upcoming["next_payment_attempt"]


def test_downgrade_credits(
    shop: Shop, jenny: Customer, session: portal_session.OpenSession
) -> None:
    """A credit on an invoice of its own goes to the balance, for the next one."""
    portal_session.switch(session, jenny.subscription, price=PRO)
    portal_session.switch(session, jenny.subscription, price="price_BasicMonthlyTest")
    upcoming = portal_session.next_invoice(session, jenny.subscription)

    assert shop.api.customers.retrieve(jenny.id).balance == -2000
    assert upcoming is not None
    assert (upcoming["total"], upcoming["amount_due"]) == (900, 0)


def test_card_is_declined(
    shop: Shop,
    jenny: Customer,
    session: portal_session.OpenSession,
    happenings: Happenings,
) -> None:
    """A switch that cannot be paid is refused, and nothing of it has happened."""
    portal_session.add_payment_method(session, number=FAILS, **CARD)
    happenings.forget()

    with pytest.raises(portal_session.CardDeclined) as caught:
        portal_session.switch(session, jenny.subscription, price=PRO)
    assert caught.value.code == "card_declined"
    assert happenings.types == []
    assert len(portal_session.invoices(session)) == 1


@pytest.mark.parametrize(
    ("card", "code", "field"),
    [
        ({"number": "4242424242424241"}, "incorrect_number", "number"),
        ({"number": VISA, "exp_year": 2001}, "invalid_expiry_year", "exp_year"),
        ({"number": VISA, "cvc": "1"}, "invalid_cvc", "cvc"),
        ({"number": "4000000000000002"}, "card_declined", None),
    ],
)
def test_cards_that_will_not_do(
    session: portal_session.OpenSession,
    happenings: Happenings,
    card: dict[str, Any],
    code: str,
    field: str | None,
) -> None:
    """A card is refused with its reason and its field, and leaves nothing behind."""
    happenings.forget()
    with pytest.raises(portal_session.CardDeclined) as caught:
        portal_session.add_payment_method(session, **{**CARD, **card})

    assert (caught.value.code, caught.value.field) == (code, field)
    assert happenings.types == []


def test_last_card_stays(session: portal_session.OpenSession) -> None:
    """While a subscription runs, one card has to stay."""
    (visa,) = [each["id"] for each in portal_session.payment_methods(session)]
    before = portal_session.is_removable(session, visa)
    with pytest.raises(portal_session.NotAllowed) as caught:
        portal_session.remove_payment_method(session, visa)
    added = portal_session.add_payment_method(session, number=MASTERCARD, **CARD)["id"]
    portal_session.remove_payment_method(session, added)

    assert not before
    assert caught.value.code == "last_payment_method"
    assert portal_session.default_payment_method(session) == visa
    assert [each["id"] for each in portal_session.payment_methods(session)] == [visa]


def test_last_card_of_a_former_customer(shop: Shop, jenny: Customer) -> None:
    """Without a subscription the last card can be removed."""
    shop.api.subscriptions.cancel(jenny.subscription)
    session = shop.sandbox.open_session(shop.link(jenny))
    (visa,) = portal_session.payment_methods(session)
    portal_session.remove_payment_method(session, visa["id"])

    assert portal_session.payment_methods(session) == []
    assert [each["total"] for each in portal_session.invoices(session)] == [900]


def test_support_scenario_still_failing(shop: Shop, jenny: Customer) -> None:
    """A new card of the customer does not help a subscription that has its own.

    Removing that, and paying what is open, does.
    """
    bad = shop.add_card(jenny.id, "pm_card_chargeCustomerFail")
    shop.api.subscriptions.update(jenny.subscription, {"default_payment_method": bad})
    shop.sandbox.advance(32 * DAY)
    session = shop.sandbox.open_session(shop.link(jenny))
    portal_session.add_payment_method(session, number=MASTERCARD, **CARD)
    shop.sandbox.advance(3 * DAY)
    session = shop.sandbox.open_session(shop.link(jenny))
    still = portal_session.subscription(session, jenny.subscription)
    open_ = portal_session.invoices(session)[0]
    with pytest.raises(portal_session.CardDeclined):
        portal_session.pay_invoice(session, open_["id"])
    portal_session.clear_subscription_payment_method(session, jenny.subscription)
    paid = portal_session.pay_invoice(session, open_["id"])

    assert still.object["status"] == "past_due"
    assert (open_["status"], open_["attempt_count"]) == ("open", 2)
    assert paid["status"] == "paid"
    assert (
        portal_session.subscription(session, jenny.subscription).object["status"]
        == "active"
    )


@pytest.mark.parametrize("typed", ["exact", "lower", "spaces"])
def test_promotion_code(
    shop: Shop, jenny: Customer, session: portal_session.OpenSession, typed: str
) -> None:
    """A code lowers what is due, however it is typed, and counts as redeemed."""
    code = shop.promotion_code(code="SAVE20")
    entered = {"exact": code, "lower": "save20", "spaces": " SAVE20 "}[typed]
    full = portal_session.preview_switch(session, jenny.subscription, price=PRO)
    preview = portal_session.preview_switch(
        session, jenny.subscription, price=PRO, promotion_code=entered
    )
    portal_session.switch(
        session, jenny.subscription, price=PRO, promotion_code=entered
    )

    assert preview.discount is not None
    assert preview.discount["percent_off"] == 20
    assert (full.due_now, preview.due_now) == (2900 - 900, 2900 - 580 - 900)
    assert preview.next_amount == 2900 - 580
    assert shop.api.promotion_codes.list().data[0].times_redeemed == 1


@pytest.mark.parametrize(
    "params",
    [
        pytest.param({"active": False}, id="inactive"),
        pytest.param({"expires_at": 1_900_000_000}, id="expired"),
        pytest.param({"max_redemptions": 1}, id="redeemed"),
        pytest.param({"customer": "other"}, id="another-customer"),
        pytest.param(
            {"restrictions": {"first_time_transaction": True}}, id="first-time"
        ),
    ],
)
def test_promotion_codes_that_will_not_do(
    shop: Shop,
    jenny: Customer,
    session: portal_session.OpenSession,
    params: dict[str, Any],
) -> None:
    """A code that cannot be redeemed is refused at its field."""
    other = shop.customer("other@example.com")
    if "customer" in params:
        params = {"customer": other.id}
    code = shop.promotion_code(code="SAVE20", **params)
    if "max_redemptions" in params:
        used = shop.sandbox.open_session(shop.link(other))
        portal_session.switch(used, other.subscription, quantity=2, promotion_code=code)
    if "expires_at" in params:
        shop.sandbox.advance(1_900_000_000 - shop.sandbox.now)
        session = shop.sandbox.open_session(shop.link(jenny))

    for entered in (code, "NONSENSE"):
        with pytest.raises(portal_session.Invalid) as caught:
            portal_session.switch(
                session, jenny.subscription, price=PRO, promotion_code=entered
            )
        assert caught.value.field == "promotion_code"


def test_confirmed_switch(shop: Shop, jenny: Customer) -> None:
    """The flow `subscription_update_confirm` makes the one change that it names."""
    coupon = shop.api.coupons.create({"amount_off": 500, "currency": "usd"}).id
    item = shop.api.subscriptions.retrieve(jenny.subscription)["items"]["data"][0].id
    configuration = shop.configure("invoicing", subscription_update=INVOICING)
    flow = {
        "type": "subscription_update_confirm",
        "subscription_update_confirm": {
            "subscription": jenny.subscription,
            "items": [{"id": item, "price": PRO, "quantity": 2}],
            "discounts": [{"coupon": coupon}],
        },
    }
    link = shop.link(jenny, configuration=configuration, flow_data=flow)
    session = shop.sandbox.open_session(link)
    preview = portal_session.confirm_preview(session)
    with pytest.raises(portal_session.NotAllowed):
        portal_session.switch(session, jenny.subscription, quantity=5)
    after = portal_session.confirm_switch(session)
    portal_session.complete(session)

    assert preview.due_now == 2 * 2900 - 500 - 900
    assert after["items"]["data"][0]["quantity"] == 2
    with pytest.raises(portal_session.NotAllowed):
        portal_session.confirm_switch(session)


def test_coupons(shop: Shop) -> None:
    """`once` is for one invoice, `repeating` for its months, `forever` for all."""
    totals = {}
    for duration, more in (
        ("once", {}),
        ("repeating", {"duration_in_months": 2}),
        ("forever", {}),
    ):
        wanted: Any = {"percent_off": 50, "duration": duration, **more}
        coupon = shop.api.coupons.create(wanted)
        terms = {"discounts": [{"coupon": coupon.id}]}
        jenny = shop.customer(f"{duration}@example.com", subscription=terms)
        totals[duration] = jenny.id
    shop.sandbox.advance(95 * DAY)

    assert {
        duration: [
            each.total for each in shop.api.invoices.list({"customer": id_}).data[::-1]
        ]
        for duration, id_ in totals.items()
    } == {
        "once": [450, 900, 900, 900],
        "repeating": [450, 450, 900, 900],
        "forever": [450, 450, 450, 450],
    }


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "Must provide either percent_off or amount_off"),
        ({"percent_off": 101}, "less than or equal to 100"),
        ({"percent_off": 0}, "greater than 0"),
        ({"amount_off": 5}, "Missing required param: currency"),
        (
            {"percent_off": 5, "duration": "repeating"},
            "Missing required param: duration_in_months",
        ),
    ],
)
def test_coupons_that_are_none(shop: Shop, params: dict[str, Any], words: str) -> None:
    """A coupon takes a share or an amount, for a time that is known."""
    with pytest.raises(stripe.InvalidRequestError, match=words):
        shop.api.coupons.create(params)  # type: ignore[arg-type]


def test_deleted_coupon(shop: Shop) -> None:
    """A coupon that is deleted still counts where it was given."""
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "forever"}).id
    jenny = shop.customer(subscription={"discounts": [{"coupon": coupon}]})
    shop.api.coupons.delete(coupon)
    preview = shop.api.invoices.create_preview({"subscription": jenny.subscription})

    assert preview.total == 450
    with pytest.raises(stripe.InvalidRequestError, match="No such coupon"):
        shop.customer(subscription={"discounts": [{"coupon": coupon}]})


def test_invoice_numbers(shop: Shop, jenny: Customer) -> None:
    """Invoices are numbered by customer, without gaps."""
    shop.sandbox.advance(70 * DAY)
    prefix = shop.api.customers.retrieve(jenny.id).invoice_prefix
    numbers = [each.number for each in shop.api.invoices.list().data]

    assert numbers == [f"{prefix}-{number:04}" for number in (3, 2, 1)]


def test_nothing_upcoming(shop: Shop, jenny: Customer) -> None:
    """A subscription that ends has no next invoice."""
    shop.api.subscriptions.update(jenny.subscription, {"cancel_at_period_end": True})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.invoices.create_preview({"subscription": jenny.subscription})
    assert caught.value.code == "invoice_upcoming_none"


def test_preview_of_a_new_subscription(shop: Shop, jenny: Customer) -> None:
    """A preview for a customer shows the first invoice, and makes nothing."""
    preview = shop.api.invoices.create_preview(
        {
            "customer": jenny.id,
            "subscription_details": {"items": [{"price": PRO, "quantity": 3}]},
        }
    )

    assert (preview.total, preview.status, preview.number) == (3 * 2900, "draft", None)
    assert preview.id is not None
    assert preview.id.startswith("upcoming_in_")
    assert len(shop.api.subscriptions.list().data) == 1


def again(
    shop: Shop, session: portal_session.OpenSession
) -> portal_session.OpenSession:
    """Open a new session like that of *session*, which may have expired."""
    configuration = session.configuration["id"]
    customer = Customer(session.customer["id"], session.customer["email"])
    return shop.sandbox.open_session(shop.link(customer, configuration=configuration))
