"""Subscriptions over the API: how they start, change, pause and end."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.happenings import INVOICED, Happenings
from tests.sandbox.portal.shop import Customer, Shop

DAY = 24 * 60 * 60
NO_CARD = (
    "This customer has no attached payment source or default payment method. Please "
    "consider adding a default payment method. For more information, visit "
    "https://stripe.com/docs/billing/subscriptions/payment-methods-setting"
    "#payment-method-priority."
)


def item(subscription: stripe.Subscription) -> Any:
    """Return the only item."""
    (found,) = subscription["items"]["data"]
    return found


def test_created(shop: Shop, happenings: Happenings) -> None:
    """A subscription starts active, with a paid invoice for its first period."""
    jenny = shop.customer()
    made = shop.api.subscriptions.retrieve(
        jenny.subscription,
        {"expand": ["latest_invoice", "customer", "items.data.price.product"]},
    )

    assert made.status == "active"
    assert made.billing_mode.type == "flexible"
    assert item(made).price.product.name == "Basic"
    assert item(made).current_period_end > item(made).current_period_start
    assert isinstance(made.latest_invoice, stripe.Invoice)
    assert made.latest_invoice.status == "paid"
    assert made.latest_invoice.amount_paid == 900
    assert made.latest_invoice.billing_reason == "subscription_create"
    assert isinstance(made.customer, stripe.Customer)
    assert made.customer.currency == "usd"
    told = [*INVOICED, "customer.subscription.created"]
    assert happenings.types[-len(told) :] == told


def test_needs_a_card(shop: Shop) -> None:
    """Nothing to charge is refused as at Stripe, unless nothing is to be paid yet."""
    poor = shop.customer("poor@example.com", price=None, card=None)
    terms: Any = {"customer": poor.id, "items": [{"price": "price_ProMonthlyTest"}]}

    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.subscriptions.create(terms)
    trial = shop.api.subscriptions.create(terms | {"trial_period_days": 7})

    assert caught.value.user_message == NO_CARD
    assert trial.status == "trialing"
    assert trial.trial_end == item(trial).current_period_end


@pytest.mark.parametrize("behavior", ["allow_incomplete", "default_incomplete"])
def test_incomplete(shop: Shop, behavior: str) -> None:
    """A subscription is incomplete until its first invoice is paid."""
    card = "pm_card_chargeCustomerFail"
    terms = {"payment_behavior": behavior}
    jenny = shop.customer(card=card, subscription=terms)
    made = shop.api.subscriptions.retrieve(jenny.subscription)
    shop.add_card(jenny.id, "pm_card_visa", default=True)

    assert made.status == "incomplete"
    assert isinstance(made.latest_invoice, str)
    shop.api.invoices.pay(made.latest_invoice)
    assert shop.api.subscriptions.retrieve(jenny.subscription).status == "active"


def test_error_if_incomplete(shop: Shop) -> None:
    """`error_if_incomplete` answers 402 and leaves nothing behind."""
    with pytest.raises(stripe.CardError):
        shop.customer(
            card="pm_card_chargeCustomerFail",
            subscription={"payment_behavior": "error_if_incomplete"},
        )

    assert shop.api.subscriptions.list({"status": "all"}).data == []
    assert shop.api.invoices.list().data == []


def test_incomplete_expires(shop: Shop) -> None:
    """Not paid within 23 hours, it has expired and its invoice is void."""
    jenny = shop.customer(card="pm_card_chargeCustomerFail")
    shop.sandbox.advance(23 * 60 * 60)

    expired = shop.api.subscriptions.retrieve(jenny.subscription)
    assert expired.status == "incomplete_expired"
    assert [each.status for each in shop.api.invoices.list().data] == ["void"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        pytest.param(
            [{"price": "price_gone"}], "No such price: 'price_gone'", id="unknown"
        ),
        pytest.param(
            [{"price": "price_ProMonthlyTest"}, {"price": "price_BasicAnnualTest"}],
            "All prices on a subscription must have the same `recurring.interval` and "
            "`recurring.interval_count`. If you meant to update an existing "
            "subscription item instead of creating a new one, make sure to include the "
            "subscription item ID in your request. See examples at "
            "https://stripe.com/docs/billing/subscriptions/upgrade-downgrade.",
            id="intervals",
        ),
        pytest.param(
            [{"quantity": 2}],
            "Missing required param: items[0][price].",
            id="no-price",
        ),
    ],
)
def test_items_that_do_not_do(
    shop: Shop, jenny: Customer, wanted: Any, message: str
) -> None:
    """Items need recurring prices that exist and share their interval."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.api.subscriptions.create({"customer": jenny.id, "items": wanted})

    assert caught.value.user_message == message


def test_discounts_of_items(shop: Shop, jenny: Customer) -> None:
    """An item has no discounts of its own here, which is said, not passed over."""
    coupon = shop.api.coupons.create({"percent_off": 20}).id
    wanted: Any = {"price": "price_ProMonthlyTest", "discounts": [{"coupon": coupon}]}

    with pytest.raises(stripe.APIError, match="the parameter discounts of"):
        shop.api.subscriptions.create({"customer": jenny.id, "items": [wanted]})


@pytest.mark.parametrize(
    ("behavior", "now", "later"),
    [
        pytest.param("none", None, 2900, id="none"),
        pytest.param("create_prorations", None, 2900 + 1000, id="prorations"),
        pytest.param("always_invoice", 1000, 2900, id="invoice"),
    ],
)
def test_proration(
    shop: Shop, jenny: Customer, behavior: Any, now: int | None, later: int
) -> None:
    """Half a period of Pro for half of Basic: now, on the next invoice, or never."""
    before = item(shop.api.subscriptions.retrieve(jenny.subscription))
    half = (before.current_period_end - before.current_period_start) // 2
    shop.sandbox.advance(half)
    after = shop.api.subscriptions.update(
        jenny.subscription,
        {
            "items": [{"id": before.id, "price": "price_ProMonthlyTest"}],
            "proration_behavior": behavior,
            "expand": ["latest_invoice"],
        },
    )
    preview = shop.api.invoices.create_preview({"subscription": jenny.subscription})

    assert item(after).current_period_end == before.current_period_end
    invoice = after.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    first = invoice.billing_reason == "subscription_create"
    assert (None if first else invoice.total) == now
    assert preview.total == later
    waiting = shop.api.invoice_items.list({"pending": True}).data
    assert len(waiting) == (2 if behavior == "create_prorations" else 0)


def test_another_interval_begins_a_period(shop: Shop, jenny: Customer) -> None:
    """A switch from monthly to annual bills the year at once, less what is left."""
    before = item(shop.api.subscriptions.retrieve(jenny.subscription))
    half = (before.current_period_end - before.current_period_start) // 2
    now = shop.sandbox.advance(half)
    after = shop.api.subscriptions.update(
        jenny.subscription,
        {
            "items": [{"id": before.id, "price": "price_BasicAnnualTest"}],
            "expand": ["latest_invoice"],
        },
    )

    assert isinstance(after.latest_invoice, stripe.Invoice)
    assert after.latest_invoice.total == 9000 - 450
    assert abs(item(after).current_period_start - now) <= 1
    assert item(after).current_period_end - now > 360 * DAY


def test_quantity_event(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """An update's event has the old quantity and the old items."""
    before = item(shop.api.subscriptions.retrieve(jenny.subscription))
    happenings.forget()
    shop.api.subscriptions.update(
        jenny.subscription,
        {
            "items": [{"id": before.id, "quantity": 3}],
            "proration_behavior": "none",
        },
    )

    (previous,) = happenings.previous("customer.subscription.updated")
    assert previous["quantity"] == 1
    assert previous["items"]["data"][0]["quantity"] == 1
    assert previous.keys() == {"quantity", "items"}


def test_price_event(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """An update's event has what differs in the old plan, and the old item whole."""
    before = item(shop.api.subscriptions.retrieve(jenny.subscription))
    happenings.forget()
    shop.api.subscriptions.update(
        jenny.subscription,
        {"items": [{"id": before.id, "price": "price_ProMonthlyTest"}]},
    )

    (previous,) = happenings.previous("customer.subscription.updated")
    assert previous["plan"]["id"] == "price_BasicMonthlyTest"
    assert previous["plan"]["amount"] == 900
    (old,) = previous["items"]["data"]
    assert old["price"]["id"] == "price_BasicMonthlyTest"
    assert happenings.types == [
        "invoiceitem.created",
        "invoiceitem.created",
        "customer.subscription.updated",
    ]


@pytest.mark.parametrize("mode", ["flexible", "classic"])
def test_cancel_at_period_end(shop: Shop, happenings: Happenings, mode: str) -> None:
    """By the API the switch is set in both billing modes, and the time as well."""
    jenny = shop.customer(subscription={"billing_mode": {"type": mode}})
    happenings.forget()
    after = shop.api.subscriptions.update(
        jenny.subscription, {"cancel_at_period_end": True}
    )
    undone = shop.api.subscriptions.update(
        jenny.subscription, {"cancel_at_period_end": False}
    )

    assert after.cancel_at_period_end
    assert after.cancel_at == item(after).current_period_end
    assert after.cancellation_details is not None
    assert after.cancellation_details.reason == "cancellation_requested"
    assert (undone.cancel_at, undone.canceled_at) == (None, None)
    first, _ = happenings.previous("customer.subscription.updated")
    assert first == {
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"reason": None},
    }


def test_canceled(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A deleted subscription has ended, with the details given, and only once."""
    happenings.forget()
    ended = shop.api.subscriptions.cancel(
        jenny.subscription,
        {"cancellation_details": {"feedback": "unused", "comment": "Bye"}},
    )

    assert (ended.status, ended.ended_at) == ("canceled", ended.canceled_at)
    assert ended.cancellation_details is not None
    assert ended.cancellation_details.to_dict() == {
        "comment": "Bye",
        "feedback": "unused",
        "feedback_option": None,
        "reason": "cancellation_requested",
    }
    assert happenings.types == ["customer.subscription.deleted"]
    assert shop.api.subscriptions.list().data == []
    assert len(shop.api.subscriptions.list({"status": "canceled"}).data) == 1
    with pytest.raises(stripe.InvalidRequestError, match="A canceled subscription"):
        shop.api.subscriptions.cancel(jenny.subscription)


def test_canceled_with_credit(shop: Shop, jenny: Customer) -> None:
    """`prorate` and `invoice_now` credit the unused time to the balance."""
    before = item(shop.api.subscriptions.retrieve(jenny.subscription))
    shop.sandbox.advance((before.current_period_end - before.current_period_start) // 2)
    shop.api.subscriptions.cancel(
        jenny.subscription, {"prorate": True, "invoice_now": True}
    )

    assert shop.api.customers.retrieve(jenny.id).balance == -450


def test_pause_collection(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """Pausing collection keeps the status and voids the invoices until it is over."""
    shop.sandbox.advance(20 * DAY)
    happenings.forget()
    resumes_at = shop.sandbox.now + 20 * DAY
    shop.api.subscriptions.update(
        jenny.subscription,
        {"pause_collection": {"behavior": "void", "resumes_at": resumes_at}},
    )
    shop.sandbox.advance(15 * DAY)
    paused = shop.api.subscriptions.retrieve(jenny.subscription)
    shop.sandbox.advance(10 * DAY)
    resumed = shop.api.subscriptions.retrieve(jenny.subscription)

    assert paused.status == "active"
    assert paused.pause_collection is not None
    assert resumed.pause_collection is None
    assert [each.status for each in shop.api.invoices.list().data] == ["void", "paid"]
    previous = happenings.previous("customer.subscription.updated")
    assert previous[0] == {"pause_collection": None}
    assert previous[-1] == {
        "pause_collection": {"behavior": "void", "resumes_at": resumes_at}
    }


def test_pause(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A paused subscription has no periods, and resumes with a new one."""
    happenings.forget()
    paused = shop.api.subscriptions.pause(jenny.subscription)
    shop.sandbox.advance(29 * DAY)
    resumed = shop.api.subscriptions.resume(jenny.subscription)

    assert paused.status == "paused"
    assert paused.status_details is not None
    assert paused.status_details.paused.subscription.type == "pause_requested"
    assert resumed.status == "active"
    assert abs(item(resumed).current_period_start - shop.sandbox.now) <= 1
    assert happenings.types == [
        "customer.subscription.paused",
        *INVOICED,
        "customer.subscription.resumed",
    ]


def test_list(shop: Shop, jenny: Customer) -> None:
    """Subscriptions are listed by customer, price and status; canceled ones are not."""
    other = shop.customer("other@example.com", price="price_ProMonthlyTest")
    listed = shop.api.subscriptions.list
    shop.api.subscriptions.cancel(other.subscription)

    def ids(**filters: Any) -> list[str]:
        wanted: Any = filters
        return [each.id for each in listed(wanted).data]

    assert ids() == [jenny.subscription]
    assert ids(status="all") == [other.subscription, jenny.subscription]
    assert ids(status="ended") == [other.subscription]
    assert ids(customer=other.id) == []
    assert ids(price="price_BasicMonthlyTest") == [jenny.subscription]


def test_metered_price(shop: Shop, jenny: Customer) -> None:
    """A usage-based price has no quantity, and here no usage."""
    price = shop.metered_price()
    made = shop.api.subscriptions.create(
        {
            "customer": jenny.id,
            "items": [{"price": price}],
            "expand": ["latest_invoice"],
        }
    )

    assert item(made).quantity is None
    assert isinstance(made.latest_invoice, stripe.Invoice)
    assert made.latest_invoice.total == 0
    with pytest.raises(stripe.InvalidRequestError, match="Quantity should not"):
        shop.api.subscriptions.create(
            {"customer": jenny.id, "items": [{"price": price, "quantity": 2}]}
        )


@pytest.mark.parametrize(
    ("mode", "amount"), [("volume", 5 * 800), ("graduated", 2 * 1000 + 3 * 800)]
)
def test_tiered_price(shop: Shop, mode: Any, amount: int) -> None:
    """A tiered price costs what its tiers come to for the quantity."""
    price = shop.api.prices.create(
        {
            "currency": "usd",
            "product": "prod_ProTest",
            "billing_scheme": "tiered",
            "tiers_mode": mode,
            "tiers": [
                {"up_to": 2, "unit_amount": 1000},
                {"up_to": "inf", "unit_amount": 800},
            ],
            "recurring": {"interval": "month"},
        }
    )
    jenny = shop.customer(price=None)
    shop.api.subscriptions.create(
        {"customer": jenny.id, "items": [{"price": price.id, "quantity": 5}]}
    )

    assert shop.api.invoices.list().data[0].total == amount


def test_on_another_customers_card(shop: Shop, jenny: Customer) -> None:
    """A subscription is paid with a card of its own customer only."""
    other = shop.customer("other@example.com", price=None)
    (card,) = shop.api.customers.payment_methods.list(other.id).data

    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment"):
        shop.api.subscriptions.update(
            jenny.subscription, {"default_payment_method": card.id}
        )
