"""Payment and setup intents: confirmed by request, and by 3-D Secure."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.happenings import INVOICED, Happenings
from tests.sandbox.portal.browsing import Browsing
from tests.sandbox.portal.shop import Customer, Shop

PRO = "price_ProMonthlyTest"
SECRET = {"expand": ["latest_invoice.confirmation_secret", "latest_invoice.payments"]}
INCOMPLETE: Any = {
    "payment_behavior": "default_incomplete",
    "payment_settings": {"save_default_payment_method": "on_subscription"},
    **SECRET,
}
BACK = "https://shop.example/back"


def api(shop: Shop) -> Any:
    """Return the client, whose types know no test cards and no hashes of ours."""
    return shop.api


def error_of(caught: pytest.ExceptionInfo[stripe.CardError]) -> Any:
    """Return the error as it came."""
    body: Any = caught.value.json_body
    return body["error"]


def begin(shop: Shop, **terms: Any) -> tuple[Any, Any]:
    """Start a subscription that is to be paid; return it and its payment intent."""
    jenny = shop.customer(price=None, card=None)
    items: Any = {"customer": jenny.id, "items": [{"price": PRO}], **INCOMPLETE}
    made = api(shop).subscriptions.create({**items, **terms})
    invoice: Any = made.latest_invoice
    [payment] = invoice.payments.data
    intent = api(shop).payment_intents.retrieve(payment.payment.payment_intent)
    assert invoice.confirmation_secret.client_secret == intent.client_secret
    assert (made.status, invoice.status, intent.amount) == ("incomplete", "open", 2900)
    return made, intent


def challenge(page: str, answer: str) -> str:
    """Answer the page of 3-D Secure, and return where it leads."""
    browser = Browsing()
    shown = browser.get(page)
    assert shown.status == 200
    reply = browser.send("POST", page, {"answer": answer})
    return str(reply.headers["Location"])


def test_default_incomplete(shop: Shop, happenings: Happenings) -> None:
    """A subscription that waits for its payment is active once that is confirmed."""
    made, intent = begin(shop)
    happenings.forget()
    paid = api(shop).payment_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa"}
    )
    after = api(shop).subscriptions.retrieve(made.id, {"expand": ["latest_invoice"]})
    invoice = after.latest_invoice
    [payment] = api(shop).invoice_payments.list({"invoice": invoice.id}).data

    assert paid.status == "succeeded"
    assert (after.status, invoice.status) == ("active", "paid")
    assert after.default_payment_method == paid.payment_method
    assert (payment.status, payment.amount_paid) == ("paid", 2900)
    assert happenings.types == [
        "payment_method.attached",
        *INVOICED[3:],
        "customer.subscription.updated",
        "customer.subscription.updated",
    ]


@pytest.mark.parametrize("return_url", [BACK, None])
def test_three_d_secure(shop: Shop, return_url: str | None) -> None:
    """The customer is sent to a page, and comes back with what came of it."""
    made, intent = begin(shop)
    wanted: Any = {"payment_method": "pm_card_authenticationRequired"}
    if return_url:
        wanted["return_url"] = return_url
    waiting: Any = api(shop).payment_intents.confirm(intent.id, wanted)
    assert waiting.status == "requires_action"
    if return_url:
        page = waiting.next_action.redirect_to_url.url
        assert waiting.next_action.redirect_to_url.return_url == BACK
    else:
        page = waiting.next_action.use_stripe_sdk["stripe_js"]
    if return_url:
        target = challenge(page, "succeed")
        assert target.startswith(f"{BACK}?payment_intent={intent.id}&")
        assert target.endswith("&redirect_status=succeeded")
    else:
        Browsing().send("POST", page, {"answer": "succeed"})

    assert api(shop).payment_intents.retrieve(intent.id).status == "succeeded"
    assert api(shop).subscriptions.retrieve(made.id).status == "active"


def test_failed_authentication(shop: Shop, happenings: Happenings) -> None:
    """Who doesn't authenticate is not charged, and can try again with another card."""
    made, intent = begin(shop)
    happenings.forget()
    waiting: Any = api(shop).payment_intents.confirm(
        intent.id,
        {"payment_method": "pm_card_threeDSecure2Required", "return_url": BACK},
    )
    target = challenge(waiting.next_action.redirect_to_url.url, "fail")
    failed: Any = api(shop).payment_intents.retrieve(intent.id)
    told = happenings.types
    api(shop).payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert target.endswith("&redirect_status=failed")
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    assert told == [
        "payment_method.attached",
        "payment_intent.requires_action",
        "payment_intent.payment_failed",
        "invoice.payment_failed",
    ]
    assert api(shop).subscriptions.retrieve(made.id).status == "active"


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_chargeCustomerFail", "generic_decline"),
        ("pm_card_radarBlock", "fraudulent"),
    ],
)
def test_a_decline_is_remembered(shop: Shop, card: str, code: str) -> None:
    """A charge that is declined is refused with 402, and the intent knows why."""
    _, intent = begin(shop)
    with pytest.raises(stripe.CardError) as caught:
        api(shop).payment_intents.confirm(intent.id, {"payment_method": card})
    after: Any = api(shop).payment_intents.retrieve(
        intent.id, {"expand": ["latest_charge"]}
    )

    assert (after.latest_charge.status, after.latest_charge.paid) == ("failed", False)
    assert error_of(caught)["decline_code"] == code
    assert after.status == "requires_payment_method"
    assert after.last_payment_error.decline_code == code


def test_authentication_then_decline(shop: Shop) -> None:
    """A card may decline after 3-D Secure."""
    _, intent = begin(shop)
    card = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    waiting: Any = api(shop).payment_intents.confirm(
        intent.id, {"payment_method": card, "return_url": BACK}
    )
    challenge(waiting.next_action.redirect_to_url.url, "succeed")
    after: Any = api(shop).payment_intents.retrieve(intent.id)

    assert after.last_payment_error.decline_code == "insufficient_funds"


@pytest.mark.parametrize(
    ("card", "first", "renewal"),
    [
        ("pm_card_authenticationRequired", "incomplete", "past_due"),
        ("pm_card_authenticationRequiredOnSetup", "incomplete", "active"),
        ("pm_card_authenticationRequiredSetupForOffSession", "incomplete", "active"),
        ("pm_card_threeDSecureOptional", "active", "active"),
    ],
)
def test_when_cards_are_authenticated(
    shop: Shop, happenings: Happenings, card: str, first: str, renewal: str
) -> None:
    """Each card of 3-D Secure asks when it is documented to."""
    jenny = shop.customer(price=None, card=card)
    terms: Any = {"customer": jenny.id, "items": [{"price": PRO}]}
    made = api(shop).subscriptions.create(
        {**terms, "expand": ["latest_invoice.payments"]}
    )
    invoice: Any = made.latest_invoice
    if made.status == "incomplete":
        payment = invoice.payments.data[0].payment.payment_intent
        intent: Any = api(shop).payment_intents.retrieve(payment)
        page = intent.next_action.use_stripe_sdk["stripe_js"]
        Browsing().send("POST", page, {"answer": "succeed"})
    started = api(shop).subscriptions.retrieve(made.id).status
    happenings.forget()
    shop.sandbox.advance(32 * 24 * 60 * 60)

    assert (made.status, started) == (first, "active")
    assert api(shop).subscriptions.retrieve(made.id).status == renewal
    asked = "invoice.payment_action_required" in happenings.types
    assert asked == (renewal == "past_due")


def test_all_or_nothing(shop: Shop) -> None:
    """With `error_if_incomplete` a card that asks for 3-D Secure leaves nothing."""
    jenny = shop.customer(price=None, card="pm_card_authenticationRequired")
    terms: Any = {"customer": jenny.id, "items": [{"price": PRO}]}
    with pytest.raises(stripe.CardError) as caught:
        api(shop).subscriptions.create(
            {**terms, "payment_behavior": "error_if_incomplete"}
        )

    assert caught.value.code == "invoice_payment_intent_requires_action"
    assert api(shop).invoices.list({"customer": jenny.id}).data == []


def test_confirm_asks_for_what_it_needs(shop: Shop) -> None:
    """Without a card, or after it is paid, nothing is confirmed."""
    made, intent = begin(shop)
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        api(shop).payment_intents.confirm(intent.id)
    api(shop).payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    with pytest.raises(stripe.InvalidRequestError, match="status of succeeded"):
        api(shop).payment_intents.confirm(intent.id)
    with pytest.raises(stripe.APIError, match="POST /v1/payment_intents, but"):
        api(shop).payment_intents.create({"amount": 500, "currency": "usd"})
    assert made.id


def test_setup_of_a_trial(shop: Shop) -> None:
    """A trial without a card has a setup intent, whose card it takes."""
    jenny = shop.customer(price=None, card=None)
    terms: Any = {"customer": jenny.id, "items": [{"price": PRO}]}
    made = api(shop).subscriptions.create(
        {
            **terms,
            "payment_behavior": "default_incomplete",
            "trial_period_days": 7,
            "expand": ["pending_setup_intent"],
        }
    )
    pending: Any = made.pending_setup_intent
    waiting: Any = api(shop).setup_intents.confirm(
        pending.id,
        {"payment_method": "pm_card_authenticationRequired", "return_url": BACK},
    )
    target = challenge(waiting.next_action.redirect_to_url.url, "succeed")
    after = api(shop).subscriptions.retrieve(made.id)

    assert (pending.status, waiting.status) == (
        "requires_payment_method",
        "requires_action",
    )
    assert target.startswith(f"{BACK}?setup_intent={pending.id}&")
    assert after.pending_setup_intent is None
    assert after.default_payment_method == waiting.payment_method


def test_setup_intents(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """A card is saved at once, later, or not at all."""
    intents = api(shop).setup_intents
    wanted: Any = {"customer": jenny.id, "payment_method": "pm_card_mastercard"}
    happenings.forget()
    done = intents.create({**wanted, "confirm": True, "metadata": {"a": "b"}})
    told = happenings.types
    waiting = intents.create(wanted)
    gone = intents.cancel(waiting.id, {"cancellation_reason": "abandoned"})
    with pytest.raises(stripe.CardError):
        intents.create(
            {**wanted, "payment_method": "pm_card_chargeDeclined", "confirm": True}
        )
    [declined, *_] = intents.list({"customer": jenny.id}).data

    assert (done.status, done["metadata"]["a"]) == ("succeeded", "b")
    assert told == [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]
    assert (waiting.status, gone.status) == ("requires_confirmation", "canceled")
    assert declined.last_setup_error is not None
    assert declined.last_setup_error.code == "card_declined"
    with pytest.raises(stripe.InvalidRequestError, match="already canceled"):
        intents.confirm(gone.id)


def test_a_voided_invoice_is_not_paid(shop: Shop) -> None:
    """With its invoice a payment intent is canceled."""
    made, intent = begin(shop)
    api(shop).invoices.void_invoice(made.latest_invoice.id)

    assert api(shop).payment_intents.retrieve(intent.id).status == "canceled"


NAMES = """
visa visa_debit mastercard mastercard_debit mastercard_prepaid amex discover diners
jcb unionpay us de jp au gb br mx cvcCheckFail avsFail riskLevelElevated
bypassPending refundFail amex_threeDSecureNotSupported
"""


@pytest.mark.parametrize("name", NAMES.split())
def test_ready_made_cards(shop: Shop, name: str) -> None:
    """Each ready-made card can be added."""
    jenny = shop.customer(price=None, card=None)

    assert shop.add_card(jenny.id, f"pm_card_{name}").startswith("pm_")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("visa_chargeDeclinedLostCard", "lost_card"),
        ("visa_chargeDeclinedStolenCard", "stolen_card"),
        ("visa_chargeDeclinedVelocityLimitExceeded", "card_velocity_exceeded"),
        ("chargeDeclinedProcessingError", None),
    ],
)
def test_declined_cards(shop: Shop, name: str, code: str | None) -> None:
    """Each card that is declined says so as documented."""
    jenny = shop.customer(price=None, card=None)
    with pytest.raises(stripe.CardError) as caught:
        shop.add_card(jenny.id, f"pm_card_{name}")

    assert error_of(caught).get("decline_code") == code


@pytest.mark.parametrize(
    "card",
    [
        {"number": "4000000000000259", "exp_month": 12, "exp_year": 2040},
        {"number": "4000000000001208", "exp_month": 12, "exp_year": 2040},
        {"token": "tok_createDispute"},
        {"token": "pm_card_visa_cartesBancaires"},
    ],
)
def test_cards_that_are_not_here(sandbox: Sandbox, card: Any) -> None:
    """A documented card that the sandbox doesn't play is told by its name."""
    methods = sandbox.client().v1.payment_methods
    with pytest.raises(stripe.APIError, match="Stripe has the test card") as caught:
        methods.create({"type": "card", "card": card})

    assert caught.value.http_status == 501
