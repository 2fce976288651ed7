"""Intents and charges; and what has no part in subscriptions, which is left out."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .calls import PRO, THERE, Call, Refused, Team, left_out, try_call

BACK = "https://shop.example/back"


def first_intent(team: Team, **fields: Any) -> str:
    """Return the payment intent of a first invoice that isn't paid yet."""
    made = team.subscribe(
        team.customer(None),
        payment_behavior="default_incomplete",
        expand=["latest_invoice.payments"],
        **fields,
    )
    id_: str = made.latest_invoice.payments.data[0].payment.payment_intent
    return id_


def charge(team: Team) -> Any:
    """Return the charge of a first invoice."""
    return team.v1.charges.list({"customer": team.subscribe().customer}).data[0]


def setup(team: Team, **fields: Any) -> Any:
    """Return a new setup intent."""
    return team.v1.setup_intents.create({"customer": team.customer(None), **fields})


CALLS: list[Call] = [
    (
        "setup_intents.create",
        lambda t: setup(t, usage="off_session", allowed_payment_method_types=["card"]),
        {
            "status": "requires_payment_method",
            "client_secret": THERE,
            "payment_method_types": ["card"],
        },
    ),
    (
        "… with the parameter of older versions",
        lambda t: setup(t, payment_method_types=["card"]),
        Refused(400, "payment_method_types_no_longer_supported"),
    ),
    (
        "… without cards",
        lambda t: setup(t, allowed_payment_method_types=["sepa_debit"]),
        left_out("sepa_debit"),
    ),
    (
        "… with automatic payment methods",
        lambda t: setup(t, automatic_payment_methods={"enabled": True}),
        {"automatic_payment_methods.enabled": True},
    ),
    (
        "… confirmed at once",
        lambda t: setup(
            t, confirm=True, payment_method="pm_card_visa", return_url=BACK
        ),
        {"status": "succeeded", "payment_method": THERE},
    ),
    (
        "… of a card that wants 3-D Secure",
        lambda t: setup(
            t,
            confirm=True,
            payment_method="pm_card_authenticationRequired",
            return_url=BACK,
        ),
        {"status": "requires_action", "next_action.redirect_to_url.url": THERE},
    ),
    (
        "… of a card that is declined",
        lambda t: setup(
            t,
            confirm=True,
            payment_method="pm_card_visa_chargeDeclined",
            return_url=BACK,
        ),
        Refused(402, "card_declined", decline_code="generic_decline"),
    ),
    (
        "setup_intents.confirm",
        lambda t: t.v1.setup_intents.confirm(
            setup(t).id, {"payment_method": "pm_card_visa", "return_url": BACK}
        ),
        {"status": "succeeded"},
    ),
    (
        "setup_intents.confirm without a card",
        lambda t: t.v1.setup_intents.confirm(setup(t).id),
        Refused(400, "setup_intent_unexpected_state"),
    ),
    (
        "setup_intents.cancel",
        lambda t: t.v1.setup_intents.cancel(
            setup(t).id, {"cancellation_reason": "abandoned"}
        ),
        {"status": "canceled", "cancellation_reason": "abandoned"},
    ),
    (
        "setup_intents.retrieve and list",
        lambda t: t.v1.setup_intents.list({"customer": setup(t).customer}),
        {"data.#": 1},
    ),
    (
        "setup_intents.update",
        lambda t: t.v1.setup_intents.update(setup(t).id, {"metadata": {"a": "1"}}),
        left_out("POST /v1/setup_intents/"),
    ),
    (
        "setup_intents.verify_microdeposits",
        lambda t: t.v1.setup_intents.verify_microdeposits(setup(t).id),
        left_out("verify_microdeposits"),
    ),
    (
        "payment_intents.retrieve",
        lambda t: t.v1.payment_intents.retrieve(first_intent(t)),
        {"status": "requires_payment_method", "amount": 2900, "client_secret": THERE},
    ),
    (
        "payment_intents.confirm",
        lambda t: t.v1.payment_intents.confirm(
            first_intent(t), {"payment_method": "pm_card_visa", "return_url": BACK}
        ),
        {"status": "succeeded", "amount_received": 2900, "latest_charge": THERE},
    ),
    (
        "payment_intents.confirm of a card that is declined",
        lambda t: t.v1.payment_intents.confirm(
            first_intent(t), {"payment_method": "pm_card_chargeCustomerFail"}
        ),
        Refused(402, "card_declined", decline_code="generic_decline"),
    ),
    (
        "payment_intents.confirm of a card that wants 3-D Secure",
        lambda t: t.v1.payment_intents.confirm(
            first_intent(t),
            {
                "payment_method": "pm_card_threeDSecure2Required",
                "return_url": BACK,
            },
        ),
        {"status": "requires_action", "next_action.type": "redirect_to_url"},
    ),
    (
        "payment_intents.list",
        lambda t: t.v1.payment_intents.list({"customer": t.subscribe().customer}),
        {"data.#": 1, "data.0.status": "succeeded"},
    ),
    (
        "payment_intents.create",
        lambda t: t.v1.payment_intents.create({"amount": 500, "currency": "usd"}),
        left_out("POST /v1/payment_intents"),
    ),
    (
        "payment_intents.update",
        lambda t: t.v1.payment_intents.update(first_intent(t), {"description": "x"}),
        left_out("POST /v1/payment_intents/"),
    ),
    (
        "payment_intents.cancel",
        lambda t: t.v1.payment_intents.cancel(first_intent(t)),
        left_out("/cancel"),
    ),
    (
        "payment_intents.capture",
        lambda t: t.v1.payment_intents.capture(first_intent(t)),
        left_out("/capture"),
    ),
    (
        "payment_intents.search",
        lambda t: t.v1.payment_intents.search({"query": "status:'succeeded'"}),
        left_out("GET /v1/payment_intents/search"),
    ),
    (
        "charges.retrieve",
        lambda t: t.v1.charges.retrieve(charge(t).id),
        {"amount": 2900, "paid": True, "payment_method_details.card.last4": "4242"},
    ),
    (
        "charges.create",
        lambda t: t.v1.charges.create(
            {"amount": 500, "currency": "usd", "source": "tok_visa"}
        ),
        left_out("POST /v1/charges"),
    ),
    (
        "refunds.create",
        lambda t: t.v1.refunds.create({"charge": charge(t).id}),
        left_out("POST /v1/refunds"),
    ),
    ("refunds.list", lambda t: t.v1.refunds.list(), left_out("GET /v1/refunds")),
    ("disputes.list", lambda t: t.v1.disputes.list(), left_out("GET /v1/disputes")),
    (
        "tokens.create",
        lambda t: t.v1.tokens.create({"card": {"number": "4242424242424242"}}),
        left_out("POST /v1/tokens"),
    ),
    (
        "sources.create",
        lambda t: t.v1.sources.create({"type": "card", "token": "tok_visa"}),
        left_out("POST /v1/sources"),
    ),
    (
        "test_helpers.confirmation_tokens.create",
        lambda t: t.v1.test_helpers.confirmation_tokens.create(
            {"payment_method": "pm_card_visa"}
        ),
        left_out("POST /v1/test_helpers/confirmation_tokens"),
    ),
    (
        "payment_links.create",
        lambda t: t.v1.payment_links.create(
            {"line_items": [{"price": PRO, "quantity": 1}]}
        ),
        left_out("POST /v1/payment_links"),
    ),
    (
        "quotes.create",
        lambda t: t.v1.quotes.create({"customer": t.customer()}),
        left_out("POST /v1/quotes"),
    ),
    (
        "credit_notes.create",
        lambda t: t.v1.credit_notes.create(
            {"invoice": t.subscribe().latest_invoice, "amount": 100}
        ),
        left_out("POST /v1/credit_notes"),
    ),
    (
        "credit_notes.list",
        lambda t: t.v1.credit_notes.list(),
        left_out("GET /v1/credit_notes"),
    ),
    ("balance.retrieve", lambda t: t.v1.balance.retrieve(), left_out("/v1/balance")),
    (
        "balance_transactions.list",
        lambda t: t.v1.balance_transactions.list(),
        left_out("GET /v1/balance_transactions"),
    ),
    ("payouts.list", lambda t: t.v1.payouts.list(), left_out("GET /v1/payouts")),
    (
        "transfers.create",
        lambda t: t.v1.transfers.create(
            {"amount": 1, "currency": "usd", "destination": "acct_shop"}
        ),
        left_out("POST /v1/transfers"),
    ),
    (
        "payment_method_domains.create",
        lambda t: t.v1.payment_method_domains.create({"domain_name": "shop.example"}),
        left_out("POST /v1/payment_method_domains"),
    ),
    (
        "mandates.retrieve",
        lambda t: t.v1.mandates.retrieve("mandate_1"),
        left_out("GET /v1/mandates/mandate_1"),
    ),
    (
        "shipping_rates.list",
        lambda t: t.v1.shipping_rates.list(),
        left_out("GET /v1/shipping_rates"),
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
