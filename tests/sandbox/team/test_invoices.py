"""Invoices and their items: made by request, finalised, paid, sent, looked for."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .calls import BASIC, THERE, Call, Refused, Team, left_out, try_call


def final(team: Team) -> str:
    """Return an invoice that is open."""
    id_: str = team.v1.invoices.finalize_invoice(team.invoice().id).id
    return id_


def charged(team: Team) -> str:
    """Return an open invoice that is charged automatically."""
    draft = team.invoice(collection_method="charge_automatically")
    id_: str = team.v1.invoices.finalize_invoice(draft.id).id
    return id_


def other_card(team: Team) -> Any:
    """Pay an invoice by a card that isn't the customer's default."""
    invoice = team.v1.invoices.retrieve(final(team))
    card = team.shop.add_card(invoice.customer, "pm_card_mastercard")
    terms = {"payment_method": card, "expand": ["payments"]}
    return team.v1.invoices.pay(invoice.id, terms)


def first(team: Team) -> str:
    """Return the first invoice of a new subscription."""
    id_: str = team.subscribe().latest_invoice
    return id_


def item(team: Team, **fields: Any) -> Any:
    """Make an item that waits for an invoice."""
    wanted = {"customer": team.customer(), "amount": 500, "currency": "usd", **fields}
    return team.v1.invoice_items.create(wanted)


def preview(team: Team, **details: Any) -> Any:
    """Preview the next invoice of a subscription, with a change."""
    made = team.subscribe()
    if "items" in details:
        details["items"][0]["id"] = made["items"].data[0].id
    wanted: Any = {"subscription": made.id}
    if details:
        wanted["subscription_details"] = details
    return team.v1.invoices.create_preview(wanted)


CALLS: list[Call] = [
    (
        "invoices.create",
        lambda t: t.v1.invoices.create(
            {
                "customer": t.customer(),
                "auto_advance": False,
                "collection_method": "send_invoice",
                "days_until_due": 30,
                "description": "For the set-up",
                "footer": "Thanks",
                "metadata": {"order": "1"},
            }
        ),
        {"status": "draft", "billing_reason": "manual", "footer": "Thanks"},
    ),
    (
        "… of what waits",
        lambda t: t.v1.invoices.create(
            {"customer": item(t).customer, "pending_invoice_items_behavior": "include"}
        ),
        {"total": 500, "lines.data.#": 1},
    ),
    (
        "… without a customer",
        lambda t: t.v1.invoices.create({}),
        Refused(400, "parameter_missing", "customer"),
    ),
    (
        "… of a subscription",
        lambda t: t.v1.invoices.create(
            {"customer": t.customer(), "subscription": t.subscribe().id}
        ),
        left_out("the parameter subscription of invoices"),
    ),
    (
        "invoices.finalize_invoice",
        lambda t: t.v1.invoices.finalize_invoice(t.invoice().id),
        {
            "status": "open",
            "hosted_invoice_url": THERE,
            "invoice_pdf": THERE,
            "number": THERE,
            "total": 1200,
        },
    ),
    (
        "invoices.finalize_invoice, twice",
        lambda t: t.v1.invoices.finalize_invoice(final(t)),
        Refused(400, "invoice_not_editable"),
    ),
    (
        "invoices.pay",
        lambda t: t.v1.invoices.pay(charged(t)),
        {"status": "paid", "amount_paid": 1200, "amount_remaining": 0},
    ),
    (
        "invoices.pay, by another card",
        other_card,
        {"status": "paid", "payments.data.0.status": "paid"},
    ),
    (
        "invoices.pay, by a card that is nobody's",
        lambda t: t.v1.invoices.pay(charged(t), {"payment_method": "pm_card_visa"}),
        Refused(400, "resource_missing", "The payment method must be attached to"),
    ),
    (
        "invoices.pay, elsewhere",
        lambda t: t.v1.invoices.pay(final(t), {"paid_out_of_band": True}),
        left_out("the parameter paid_out_of_band of paying invoices"),
    ),
    (
        "invoices.pay of one that is paid",
        lambda t: t.v1.invoices.pay(first(t)),
        Refused(400, None, "Invoice is already paid"),
    ),
    (
        "invoices.send_invoice",
        lambda t: t.v1.invoices.send_invoice(t.invoice().id),
        {"status": "open"},
    ),
    (
        "invoices.void_invoice",
        lambda t: t.v1.invoices.void_invoice(final(t)),
        {"status": "void"},
    ),
    (
        "invoices.mark_uncollectible",
        lambda t: t.v1.invoices.mark_uncollectible(final(t)),
        {"status": "uncollectible"},
    ),
    (
        "invoices.delete",
        lambda t: t.v1.invoices.delete(t.invoice().id),
        {"deleted": True},
    ),
    (
        "invoices.delete of one that is final",
        lambda t: t.v1.invoices.delete(final(t)),
        Refused(400, "invoice_not_editable"),
    ),
    (
        "invoices.update",
        lambda t: t.v1.invoices.update(
            t.invoice().id, {"description": "New", "metadata": {"a": "1"}}
        ),
        {"description": "New", "metadata": {"a": "1"}},
    ),
    (
        "invoices.retrieve, expanded",
        lambda t: t.v1.invoices.retrieve(
            first(t),
            {
                "expand": [
                    "customer",
                    "payments",
                    "parent.subscription_details.subscription",
                ]
            },
        ),
        {
            "customer.email": "jenny@example.com",
            "payments.data.0.status": "paid",
            "lines.data.0.pricing.price_details.price": "price_ProMonthlyTest",
            "parent.subscription_details.subscription.status": "active",
            "billing_reason": "subscription_create",
        },
    ),
    (
        "invoices.retrieve, expanded deeper than Stripe does",
        lambda t: t.v1.invoices.retrieve(
            first(t), {"expand": ["lines.data.pricing.price_details.price"]}
        ),
        Refused(400, None, "You cannot expand more than 4 levels of a property"),
    ),
    (
        "invoices.list",
        lambda t: t.v1.invoices.list(
            {"subscription": t.subscribe().id, "status": "paid", "limit": 5}
        ),
        {"data.#": 1, "data.0.total": 2900},
    ),
    (
        "invoices.search",
        lambda t: [
            final(t),
            t.v1.invoices.search({"query": "status:'open' AND total>1000"}),
        ][1],
        {"data.#": 1},
    ),
    (
        "invoices.line_items.list",
        lambda t: t.v1.invoices.line_items.list(first(t)),
        {"data.#": 1, "data.0.amount": 2900},
    ),
    (
        "invoices.line_items.update",
        lambda t: t.v1.invoices.line_items.update(
            t.invoice().id, "il_1", {"description": "x"}
        ),
        left_out("/lines/"),
    ),
    (
        "invoices.add_lines",
        lambda t: t.v1.invoices.add_lines(
            t.invoice().id, {"lines": [{"amount": 1, "description": "x"}]}
        ),
        left_out("/add_lines"),
    ),
    (
        "invoices.attach_payment",
        lambda t: t.v1.invoices.attach_payment(final(t), {"payment_intent": "pi_1"}),
        left_out("/attach_payment"),
    ),
    (
        "invoices.create_preview",
        preview,
        {"total": 2900, "lines.data.#": 1, "id": THERE},
    ),
    (
        "invoices.create_preview of a switch",
        lambda t: preview(
            t, items=[{"price": BASIC}], proration_behavior="create_prorations"
        ),
        {"lines.data.#": 3},
    ),
    (
        "invoices.create_preview of an end",
        lambda t: preview(t, cancel_at_period_end=True),
        Refused(404, "invoice_upcoming_none", "No upcoming invoices for customer"),
    ),
    (
        "invoices.create_preview of a new subscription",
        lambda t: t.v1.invoices.create_preview(
            {
                "customer": t.customer(),
                "subscription_details": {"items": [{"price": BASIC}]},
            }
        ),
        {"total": 900, "status": "draft"},
    ),
    (
        "invoices.create_preview of a customer's next",
        lambda t: t.v1.invoices.create_preview({"customer": t.subscribe().customer}),
        {"total": 2900, "parent.subscription_details.subscription": THERE},
    ),
    (
        "invoices.create_preview of nothing",
        lambda t: t.v1.invoices.create_preview({"customer": t.customer()}),
        Refused(404, "invoice_upcoming_none", "No upcoming invoices for customer"),
    ),
    (
        "invoice_items.create",
        lambda t: item(t, description="Hours", metadata={"a": "1"}),
        {"amount": 500, "description": "Hours", "invoice": None},
    ),
    (
        "… of an amount and a number",
        lambda t: t.v1.invoice_items.create(
            {
                "customer": t.customer(),
                "currency": "usd",
                "quantity": 3,
                "unit_amount_decimal": "150",
            }
        ),
        {"amount": 450, "quantity": 3},
    ),
    (
        "… less",
        lambda t: item(t, amount=-200),
        {"amount": -200},
    ),
    (
        "… with a price that is described",
        lambda t: t.v1.invoice_items.create(
            {
                "customer": t.customer(),
                "price_data": {
                    "currency": "usd",
                    "product": "prod_ProTest",
                    "unit_amount": 800,
                },
            }
        ),
        left_out("the parameter price_data of invoice items"),
    ),
    (
        "invoice_items.list",
        lambda t: t.v1.invoice_items.list({"customer": item(t).customer}),
        {"data.#": 1},
    ),
    (
        "invoice_items.update",
        lambda t: t.v1.invoice_items.update(item(t).id, {"amount": 600}),
        left_out("POST /v1/invoiceitems/"),
    ),
    (
        "invoice_items.delete",
        lambda t: t.v1.invoice_items.delete(item(t).id),
        {"deleted": True},
    ),
    (
        "invoice_payments.list",
        lambda t: t.v1.invoice_payments.list({"invoice": first(t)}),
        {"data.0.amount_paid": 2900, "data.0.payment.type": "payment_intent"},
    ),
    (
        "invoice_rendering_templates.list",
        lambda t: t.v1.invoice_rendering_templates.list(),
        left_out("GET /v1/invoice_rendering_templates"),
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
