"""The portal's configurations and sessions, and Checkout Sessions."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.portal.shop import FEATURES

from .calls import PRO, THERE, Call, Outcome, Refused, Team, left_out, try_call

DONE = "https://shop.example/done?session={CHECKOUT_SESSION_ID}"
LINES = [{"price": PRO, "quantity": 1}]


def configured(team: Team, **fields: Any) -> Any:
    """Make a configuration with everything."""
    return team.v1.billing_portal.configurations.create(
        {"features": FEATURES, "default_return_url": "https://shop.example", **fields}
    )


def flow(kind: str, **fields: Any) -> Call:
    """Return the call that makes a link to one thing to do."""

    def make(team: Team) -> Any:
        configured(team)
        made = team.subscribe()
        given = {n: v(team, made) if callable(v) else v for n, v in fields.items()}
        data: Any = {"type": kind}
        if kind != "payment_method_update":
            data[kind] = {"subscription": made.id, **given}
        data["after_completion"] = {"type": "portal_homepage"}
        wanted = {"customer": made.customer, "flow_data": data}
        return team.v1.billing_portal.sessions.create(wanted)

    return f"a link to {kind}", make, {"flow.type": kind, "url": THERE}


def checkout(name: str, outcome: Outcome, **fields: Any) -> Call:
    """Return the call that makes a session of Checkout."""

    def make(team: Team) -> Any:
        wanted = {"mode": "subscription", "success_url": DONE, "line_items": LINES}
        given = {n: v(team) if callable(v) else v for n, v in fields.items()}
        every = {n: v for n, v in {**wanted, **given}.items() if v is not None}
        return team.v1.checkout.sessions.create(every)

    return f"checkout.sessions.create, {name}", make, outcome


def session(team: Team) -> str:
    """Return a session that is open."""
    wanted = {"mode": "subscription", "success_url": DONE, "line_items": LINES}
    id_: str = team.v1.checkout.sessions.create(wanted).id
    return id_


CALLS: list[Call] = [
    (
        "billing_portal.configurations.create",
        lambda t: configured(
            t,
            business_profile={"headline": "Hello"},
            login_page={"enabled": True},
            metadata={"a": "1"},
            name="Plans",
        ),
        {
            "is_default": True,
            "login_page.url": THERE,
            "features.subscription_update": THERE,
        },
    ),
    (
        "billing_portal.configurations.create, expanded",
        lambda t: configured(t, expand=["features.subscription_update.products"]),
        {"features.subscription_update.products.0.product": "prod_BasicTest"},
    ),
    (
        "billing_portal.configurations.update",
        lambda t: t.v1.billing_portal.configurations.update(
            configured(t).id, {"features": {"subscription_cancel": {"enabled": False}}}
        ),
        {"features.subscription_cancel.enabled": False},
    ),
    (
        "billing_portal.configurations.update, the default switched off",
        lambda t: t.v1.billing_portal.configurations.update(
            configured(t).id, {"active": False}
        ),
        Refused(400, None, "You cannot set `active: false` on your default"),
    ),
    (
        "billing_portal.configurations.list",
        lambda t: [
            configured(t),
            t.v1.billing_portal.configurations.list({"is_default": True}),
        ][1],
        {"data.#": 1},
    ),
    (
        "billing_portal.sessions.create",
        lambda t: [
            configured(t),
            t.v1.billing_portal.sessions.create(
                {
                    "customer": t.customer(),
                    "return_url": "https://shop.example/account",
                    "locale": "de",
                }
            ),
        ][1],
        {"url": THERE, "locale": "de", "return_url": "https://shop.example/account"},
    ),
    (
        "billing_portal.sessions.create, without a configuration",
        lambda t: t.v1.billing_portal.sessions.create({"customer": t.customer()}),
        Refused(400, None, "No configuration provided and your test mode default"),
    ),
    (
        "billing_portal.sessions.create, for nobody",
        lambda t: [
            configured(t),
            t.v1.billing_portal.sessions.create({"customer": "cus_nobody"}),
        ],
        Refused(400, "resource_missing", "No such customer: 'cus_nobody'"),
    ),
    flow("payment_method_update"),
    flow("subscription_cancel"),
    flow("subscription_update"),
    flow(
        "subscription_update_confirm",
        items=lambda _, made: [
            {"id": made["items"].data[0].id, "price": "price_BasicMonthlyTest"}
        ],
    ),
    (
        "billing.feedback_options.create",
        lambda t: t.v1.billing.feedback_options.create({"description": "Too blue"}),
        {"status": "active"},
    ),
    checkout("for a new customer", {"url": THERE, "status": "open", "customer": None}),
    checkout(
        "for a customer",
        {"customer": THERE, "client_reference_id": "7", "metadata": {"a": "1"}},
        customer=lambda t: t.customer(),
        client_reference_id="7",
        metadata={"a": "1"},
        cancel_url="https://shop.example/plans",
        locale="de",
    ),
    checkout(
        "by email", {"customer_email": "a@example.com"}, customer_email="a@example.com"
    ),
    checkout("with codes", {"allow_promotion_codes": True}, allow_promotion_codes=True),
    checkout(
        "with a coupon",
        {"amount_total": 2175, "total_details.amount_discount": 725},
        discounts=lambda t: [{"coupon": t.coupon()}],
    ),
    checkout(
        "with a trial",
        {"amount_total": 0},
        payment_method_collection="if_required",
        subscription_data={
            "trial_period_days": 7,
            "trial_settings": {"end_behavior": {"missing_payment_method": "cancel"}},
            "metadata": {"a": "1"},
        },
    ),
    checkout(
        "of a price that is described",
        {"amount_total": 1000},
        line_items=[
            {
                "price_data": {
                    "currency": "usd",
                    "product_data": {"name": "Gold"},
                    "unit_amount": 500,
                    "recurring": {"interval": "month"},
                },
                "quantity": 2,
            }
        ],
    ),
    checkout(
        "of a line with metadata",
        {"line_items.data.0.metadata": {"seat": "a"}},
        line_items=[{**LINES[0], "metadata": {"seat": "a"}}],
        expand=["line_items"],
    ),
    checkout(
        "to expire soon",
        {"expires_at": THERE},
        expires_at=lambda t: t.now + 3600,
    ),
    checkout(
        "to save a card",
        {"mode": "setup", "payment_status": "no_payment_required"},
        mode="setup",
        line_items=None,
        customer=lambda t: t.customer(None),
        currency="usd",
    ),
    checkout(
        "to pay once",
        left_out("the mode payment"),
        mode="payment",
    ),
    checkout(
        "embedded",
        left_out("of Checkout Sessions"),
        ui_mode="embedded_page",
        success_url=None,
        return_url="https://shop.example",
    ),
    checkout(
        "with a phone number",
        left_out("phone_number_collection"),
        phone_number_collection={"enabled": True},
    ),
    checkout(
        "without a way back",
        Refused(400, "parameter_missing", "success_url"),
        success_url=None,
    ),
    checkout(
        "for a customer and by email",
        Refused(400, None, "You may only specify one of these parameters"),
        customer=lambda t: t.customer(),
        customer_email="a@example.com",
    ),
    (
        "checkout.sessions.retrieve, expanded",
        lambda t: t.v1.checkout.sessions.retrieve(
            session(t), {"expand": ["line_items"]}
        ),
        {"line_items.data.0.price.id": PRO, "payment_status": "unpaid"},
    ),
    (
        "checkout.sessions.line_items.list",
        lambda t: t.v1.checkout.sessions.line_items.list(session(t)),
        {"data.0.amount_total": 2900},
    ),
    (
        "checkout.sessions.expire",
        lambda t: t.v1.checkout.sessions.expire(session(t)),
        {"status": "expired", "url": None},
    ),
    (
        "checkout.sessions.list",
        lambda t: [session(t), t.v1.checkout.sessions.list({"status": "open"})][1],
        {"data.#": 1},
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
