"""Subscriptions: how they begin, and each of the parameters that they can have."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .calls import BASIC, PRO, THERE, Call, Outcome, Refused, Team, left_out, try_call

DAY = 86400
SECRET = ["latest_invoice.confirmation_secret", "pending_setup_intent"]
DATA = {
    "currency": "usd",
    "product": "prod_ProTest",
    "unit_amount": 3100,
    "recurring": {"interval": "month"},
}


def begun(name: str, outcome: Outcome, **terms: Any) -> Call:
    """Return the call that subscribes on *terms*; a function gets the team."""

    def make(team: Team) -> Any:
        given = {n: v(team) if callable(v) else v for n, v in terms.items()}
        return team.subscribe(**given)

    return f"subscriptions.create, {name}", make, outcome


def rate(team: Team) -> str:
    """Make a tax rate of 10 percent."""
    wanted = {"display_name": "VAT", "percentage": 10, "inclusive": False}
    id_: str = team.v1.tax_rates.create(wanted).id
    return id_


def own_card(team: Team) -> Any:
    """Subscribe a customer to be paid by a card that isn't their default."""
    customer = team.customer()
    card = team.shop.add_card(customer, "pm_card_mastercard")
    made = team.subscribe(customer, default_payment_method=card)
    return [made.default_payment_method == card]


CALLS: list[Call] = [
    begun(
        "plainly",
        {
            "status": "active",
            "items.data.0.price.id": PRO,
            "items.data.0.current_period_end": THERE,
            "billing_mode.type": "flexible",
            "cancel_at_period_end": False,
        },
    ),
    begun("some", {"items.data.0.quantity": 3}, items=[{"price": PRO, "quantity": 3}]),
    begun("two things", {"items.data.#": 2}, items=[{"price": PRO}, {"price": BASIC}]),
    begun(
        "for a price that is described",
        {"items.data.0.price.unit_amount": 3100},
        items=[{"price_data": DATA}],
    ),
    begun(
        "for a price that isn't there",
        Refused(400, "resource_missing", "No such price: 'price_none'"),
        items=[{"price": "price_none"}],
    ),
    begun("without an item", Refused(400, "parameter_missing", "items"), items=[]),
    begun(
        "with a trial of some days",
        {"status": "trialing", "trial_end": THERE},
        trial_period_days=14,
    ),
    begun(
        "with a trial until then",
        {"status": "trialing"},
        trial_end=lambda t: t.now + 3 * DAY,
    ),
    begun(
        "with a trial, without a card",
        {
            "status": "trialing",
            "pending_setup_intent": THERE,
            "trial_settings.end_behavior.missing_payment_method": "cancel",
        },
        customer=lambda t: t.customer(None),
        trial_period_days=7,
        trial_settings={"end_behavior": {"missing_payment_method": "cancel"}},
        payment_behavior="default_incomplete",
    ),
    begun(
        "to be confirmed by Elements",
        {
            "status": "incomplete",
            "latest_invoice.confirmation_secret.client_secret": THERE,
        },
        customer=lambda t: t.customer(None),
        payment_behavior="default_incomplete",
        payment_settings={"save_default_payment_method": "on_subscription"},
        expand=SECRET,
    ),
    begun(
        "without a card",
        Refused(400, "resource_missing", "This customer has no attached payment"),
        customer=lambda t: t.customer(None),
    ),
    begun(
        "with a card that is declined",
        {"status": "incomplete"},
        customer=lambda t: t.customer("pm_card_chargeCustomerFail"),
    ),
    begun(
        "with a card that is declined, or not at all",
        Refused(402, "card_declined", decline_code="generic_decline"),
        customer=lambda t: t.customer("pm_card_chargeCustomerFail"),
        payment_behavior="error_if_incomplete",
    ),
    begun(
        "paid by invoice",
        {"status": "active", "latest_invoice.status": "open"},
        collection_method="send_invoice",
        days_until_due=30,
        expand=["latest_invoice"],
    ),
    begun(
        "with an anchor",
        {"billing_cycle_anchor": THERE},
        billing_cycle_anchor=lambda t: t.now + 5 * DAY,
        proration_behavior="none",
    ),
    begun(
        "with an anchor on a day of the month",
        left_out("billing_cycle_anchor_config"),
        billing_cycle_anchor_config={"day_of_month": 1},
    ),
    begun(
        "dated back",
        {"start_date": THERE, "status": "active"},
        backdate_start_date=lambda t: t.now - 3 * DAY,
    ),
    begun(
        "with a fee",
        {"latest_invoice.total": 3400},
        add_invoice_items=[
            {
                "price_data": {
                    "currency": "usd",
                    "product": "prod_ProTest",
                    "unit_amount": 500,
                }
            }
        ],
        expand=["latest_invoice"],
    ),
    begun(
        "with a coupon",
        {"latest_invoice.total": 2175, "discounts.#": 1},
        discounts=lambda t: [{"coupon": t.coupon()}],
        expand=["latest_invoice"],
    ),
    begun(
        "with a promotion code",
        {"latest_invoice.total": 2175},
        discounts=lambda t: [{"promotion_code": t.code().id}],
        expand=["latest_invoice"],
    ),
    begun(
        "with a tax rate",
        {"latest_invoice.total": 3190, "default_tax_rates.0.percentage": 10},
        default_tax_rates=lambda t: [rate(t)],
        expand=["latest_invoice"],
    ),
    begun(
        "with a tax rate of its item",
        {"items.data.0.tax_rates.0.percentage": 10},
        items=lambda t: [{"price": PRO, "tax_rates": [rate(t)]}],
    ),
    begun(
        "described",
        {
            "description": "For Ada",
            "metadata": {"team": "7"},
            "items.data.0.metadata": {"seat": "a"},
        },
        description="For Ada",
        metadata={"team": "7"},
        items=[{"price": PRO, "metadata": {"seat": "a"}}],
        off_session=True,
    ),
    begun(
        "to end then",
        {"cancel_at": THERE, "cancel_at_period_end": False},
        cancel_at=lambda t: t.now + 40 * DAY,
    ),
    begun("to end with its period", {"cancel_at": THERE}, cancel_at_period_end=True),
    begun(
        "in the classic mode",
        {"billing_mode.type": "classic", "cancel_at_period_end": True},
        billing_mode={"type": "classic"},
        cancel_at_period_end=True,
    ),
    begun("in another currency", {"currency": "usd"}, currency="usd"),
    (
        "subscriptions.create, with a card of its own",
        own_card,
        {"0": True},
    ),
    begun(
        "for a connected account",
        {"on_behalf_of": "acct_shop"},
        on_behalf_of=lambda t: t.sandbox.connect("acct_shop").id,
    ),
    *(
        begun(f"with {name}", left_out(says), **{name: value})
        for name, value, says in (
            ("application_fee_percent", 10, "application_fee_percent"),
            ("billing_thresholds", {"amount_gte": 10_000}, "billing_thresholds"),
            ("invoice_settings", {"issuer": {"type": "self"}}, "invoice_settings"),
            (
                "pending_invoice_item_interval",
                {"interval": "month"},
                "pending_invoice_item_interval",
            ),
            ("transfer_data", {"destination": "acct_shop"}, "transfer_data"),
            (
                "payment_settings",
                {"payment_method_options": {"card": {"network": "visa"}}},
                "payment_method_options",
            ),
            (
                "automatic_tax",
                {
                    "enabled": True,
                    "liability": {"type": "account", "account": "acct_shop"},
                },
                "account of automatic_tax[liability]",
            ),
            ("customer_account", "acct_1", "customer_account"),
        )
    ),
    begun(
        "with a misspelled parameter",
        Refused(400, "parameter_unknown", "Received unknown parameter: trial_days"),
        trial_days=3,
    ),
    begun(
        "with the coupon of older versions",
        Refused(400, "parameter_unknown", "Received unknown parameter: coupon"),
        coupon="SPRING",
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
