"""Checkout Sessions over the API: what is made, refused, completed and expired."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.happenings import INVOICED, Happenings
from tests.sandbox.portal.browsing import Browsing, Reply
from tests.sandbox.portal.shop import Customer, Shop

DAY = 24 * 60 * 60
PRO = "price_ProMonthlyTest"
DONE = "https://shop.example/done?session={CHECKOUT_SESSION_ID}"
BACK = "https://shop.example/pricing"
ENTERED = {
    "email": "ada@example.com",
    "number": "4242 4242 4242 4242",
    "expiry": "12/40",
    "cvc": "123",
    "name": "Ada Lovelace",
}
TERMS: Any = {
    "mode": "subscription",
    "line_items": [{"price": PRO, "quantity": 2}],
    "success_url": DONE,
    "cancel_url": BACK,
}


def start(shop: Shop, **params: Any) -> Any:
    """Make a session for two of Pro, but for *params*; None leaves one out."""
    wanted = {**TERMS, **params}
    given: Any = {name: value for name, value in wanted.items() if value is not None}
    return shop.api.checkout.sessions.create(given)


def submit(session: Any, **entered: str) -> Reply:
    """Send the form of a session's page, and follow where it leads."""
    return Browsing().send("POST", session.url, {**ENTERED, **entered})


def authenticate(reply: Reply, answer: str) -> Reply:
    """Answer the page of 3-D Secure that a form led to."""
    assert "/p/3d-secure/" in reply.url
    return Browsing().send("POST", reply.url, {"answer": answer})


def test_subscribe(shop: Shop, happenings: Happenings) -> None:
    """A new customer subscribes: customer, card and subscription are made at once."""
    session = start(
        shop,
        client_reference_id="user_1",
        metadata={"a": "b"},
        subscription_data={"metadata": {"plan": "pro"}, "description": "Two seats"},
        expand=["line_items"],
    )
    [line] = session.line_items.data
    happenings.forget()
    reply = submit(session)
    done: Any = shop.api.checkout.sessions.retrieve(
        session.id, {"expand": ["subscription", "customer", "invoice"]}
    )

    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert session.amount_total == line.amount_total == 5800
    assert (line.description, line.quantity, line.price.id) == ("Pro", 2, PRO)
    assert reply.headers["Location"] == DONE.replace(
        "{CHECKOUT_SESSION_ID}", session.id
    )
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert (done.customer.email, done.customer.name) == (
        "ada@example.com",
        "Ada Lovelace",
    )
    assert done.customer_details.email == "ada@example.com"
    assert done.subscription.status == "active"
    assert done.subscription.metadata.plan == "pro"
    assert done.subscription.description == "Two seats"
    assert done.subscription.default_payment_method is not None
    assert done.invoice.amount_paid == 5800
    assert happenings.types == [
        "customer.created",
        "payment_method.attached",
        *INVOICED,
        "customer.subscription.created",
        "checkout.session.completed",
    ]
    event = happenings.object("checkout.session.completed")
    assert (event["client_reference_id"], event["metadata"]) == ("user_1", {"a": "b"})


def test_known_customer(shop: Shop) -> None:
    """A customer of the account keeps their address, whatever is entered."""
    jenny = shop.customer(price=None, card=None)
    session = start(shop, customer=jenny.id)
    submit(session, email="other@example.com")
    [subscription] = shop.api.subscriptions.list({"customer": jenny.id}).data

    assert session.customer_email == jenny.email
    assert shop.api.customers.retrieve(jenny.id).email == jenny.email
    assert subscription.status == "active"


@pytest.mark.parametrize("card_needed", ["always", "if_required"])
def test_trial(shop: Shop, card_needed: str) -> None:
    """A trial costs nothing today, and asks for a card unless it is not to."""
    session = start(
        shop,
        subscription_data={"trial_period_days": 14},
        payment_method_collection=card_needed,
    )
    page = Browsing().get(session.url)
    asked = 'name="number"' in page.html
    entered = {} if asked else {"number": "", "expiry": "", "cvc": ""}
    submit(session, **entered)
    done: Any = shop.api.checkout.sessions.retrieve(
        session.id, {"expand": ["subscription"]}
    )

    assert (session.amount_total, asked) == (0, card_needed == "always")
    assert done.subscription.status == "trialing"
    assert (done.subscription.default_payment_method is not None) == asked


def test_promotion_code(shop: Shop) -> None:
    """A code is taken on the page, and in the session where it is named there."""
    code = shop.promotion_code(code="SAVE20")
    session = start(shop, allow_promotion_codes=True)
    page = Browsing().get(f"{session.url}?promotion_code=save20")
    wrong = Browsing().get(f"{session.url}?promotion_code=nonsense")
    submit(session, promotion_code=code)
    done = shop.api.checkout.sessions.retrieve(session.id)
    named: Any = shop.api.promotion_codes.list({"code": code}).data[0]
    given = start(shop, discounts=[{"promotion_code": named.id}])

    assert "Discount -$11.60" in page.text
    assert "This promotion code isn" in wrong.text
    assert "Due today $58.00" in wrong.text
    assert (done.amount_subtotal, done.amount_total) == (5800, 4640)
    assert done.discounts is not None
    assert done.discounts[0].promotion_code == named.id
    assert (given.amount_total, given.total_details.amount_discount) == (4640, 1160)


def test_a_price_that_is_described(shop: Shop) -> None:
    """A line may describe its price, and its product, in place of naming them."""
    described = {
        "currency": "usd",
        "unit_amount": 1234,
        "recurring": {"interval": "month"},
        "product_data": {"name": "Made to measure"},
    }
    session = start(shop, line_items=[{"price_data": described, "quantity": 2}])
    submit(session)
    [subscription] = shop.api.subscriptions.list().data
    [item] = subscription["items"].data
    page = Browsing().get(start(shop, line_items=[{"price": PRO}]).url)

    assert session.amount_total == 2468
    assert (item.price.unit_amount, item.price.active) == (1234, False)
    assert "Subscribe to Pro" in page.text


def test_save_a_card(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """In the mode `setup` a card is saved, and nothing is sold."""
    session = start(
        shop,
        mode="setup",
        line_items=None,
        customer=jenny.id,
        setup_intent_data={"metadata": {"for": "later"}},
        expand=["line_items"],
    )
    happenings.forget()
    submit(session, number="5555 5555 5555 4444")
    done: Any = shop.api.checkout.sessions.retrieve(
        session.id, {"expand": ["setup_intent.payment_method"]}
    )

    assert session.line_items.data == []
    assert (session.amount_total, done.status) == (None, "complete")
    assert done.payment_status == "no_payment_required"
    assert done.setup_intent.status == "succeeded"
    assert done.setup_intent.metadata["for"] == "later"
    assert done.setup_intent.payment_method.customer == jenny.id
    assert happenings.types == [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize("mode", ["subscription", "setup"])
def test_three_d_secure(shop: Shop, mode: str) -> None:
    """Nothing is made before the bank has confirmed, and all of it after."""
    lines = TERMS["line_items"] if mode == "subscription" else None
    session = start(shop, mode=mode, line_items=lines)
    asked = submit(session, number="4000 0027 6000 3184")
    failed = authenticate(asked, "fail")
    nothing = shop.api.subscriptions.list().data
    again = submit(session, number="4000 0027 6000 3184")
    done = authenticate(again, "succeed")
    after = shop.api.checkout.sessions.retrieve(session.id)

    assert ("payment of $58.00" in asked.text) == (mode == "subscription")
    assert "bank couldn\N{RIGHT SINGLE QUOTATION MARK}t confirm" in failed.text
    assert nothing == []
    assert done.headers["Location"].startswith("https://shop.example/done?session=cs_")
    assert after.status == "complete"
    assert len(shop.api.subscriptions.list().data) == (mode == "subscription")
    assert Browsing().get(asked.url).status == 404


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4000 0000 0000 9995", "Your card was declined"),
        ("4000 0000 0000 0341", "Your card was declined"),
        ("4000 0000 0000 0069", "Your card has expired"),
        ("4242 4242 4242 4241", "The card number isn"),
    ],
)
def test_declined(shop: Shop, number: str, words: str) -> None:
    """A card that is declined leaves nothing but the form, with what was entered."""
    session = start(shop)
    reply = submit(session, number=number)

    assert (reply.status, words in reply.text) == (402, True)
    assert 'value="ada@example.com"' in reply.html
    assert shop.api.customers.list().data == []
    assert shop.api.checkout.sessions.retrieve(session.id).status == "open"


def test_expires(shop: Shop, happenings: Happenings) -> None:
    """A session expires after a day, or by request, and sells nothing any more."""
    late, closed = start(shop), start(shop, expires_at=shop.sandbox.now + 3600)
    happenings.forget()
    shop.api.checkout.sessions.expire(closed.id)
    shop.sandbox.advance(DAY)
    page = submit(late)

    assert happenings.types == ["checkout.session.expired"] * 2
    assert shop.api.checkout.sessions.retrieve(late.id).status == "expired"
    assert (page.status, "checkout has expired" in page.text) == (410, True)
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        shop.api.checkout.sessions.expire(late.id)
    assert [each.id for each in shop.api.checkout.sessions.list().data] == [
        closed.id,
        late.id,
    ]


def test_on_a_test_clock(shop: Shop) -> None:
    """The subscription of a customer with a test clock begins at its time."""
    clock = shop.api.test_helpers.test_clocks.create({"frozen_time": 1_900_000_000})
    ada = shop.customer(price=None, card=None, fields={"test_clock": clock.id})
    session = start(shop, customer=ada.id)
    submit(session)
    [subscription] = shop.api.subscriptions.list({"customer": ada.id}).data

    assert subscription.created == 1_900_000_000
    assert session.created < 1_890_000_000


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"mode": None}, "Missing required param: mode"),
        ({"success_url": None}, "Missing required param: success_url"),
        ({"success_url": "done"}, "Invalid URL"),
        ({"line_items": None}, "Missing required param: line_items"),
        ({"line_items": [{"price": "price_none"}]}, "No such price: 'price_none'"),
        ({"line_items": [{"quantity": 1}]}, r"line_items\[0\]\[price\]"),
        ({"customer": "cus_none"}, "No such customer"),
        ({"mode": "setup"}, "You can not pass `line_items` in `setup` mode"),
        ({"setup_intent_data": {"description": "x"}}, "`setup_intent_data`"),
        ({"expires_at": 5}, "at least 30 minutes"),
        (
            {"customer": "cus_none", "customer_email": "a@example.com"},
            "only specify one of these parameters: customer, customer_email",
        ),
    ],
)
def test_refused(shop: Shop, params: dict[str, Any], words: str) -> None:
    """What Stripe would refuse is refused."""
    with pytest.raises(stripe.InvalidRequestError, match=words):
        start(shop, **params)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"mode": "payment"}, "the mode payment"),
        ({"ui_mode": "embedded_page"}, "the ui_mode embedded_page"),
        (
            {"phone_number_collection": {"enabled": True}},
            "phone_number_collection of Checkout Sessions",
        ),
        (
            {"line_items": [{"price": PRO, "adjustable_quantity": {"enabled": True}}]},
            "adjustable_quantity of line items",
        ),
    ],
)
def test_not_here(shop: Shop, params: dict[str, Any], words: str) -> None:
    """What the sandbox has not is told by its name; what is switched off is not."""
    with pytest.raises(stripe.APIError, match=words):
        start(shop, **params)
    assert start(shop, phone_number_collection={"enabled": False}).id
