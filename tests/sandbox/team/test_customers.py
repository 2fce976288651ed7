"""Customers, what they pay with, their tax ids and balances."""

from __future__ import annotations

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .calls import THERE, Call, Refused, Team, left_out, try_call

ADDRESS = {"line1": "1 Main St", "city": "Berlin", "country": "DE"}
VAT = {"type": "eu_vat", "value": "DE123456789"}
ADA = {"email": "ada@example.com", "name": "Ada"}
CREDIT = {"amount": -500, "currency": "usd", "description": "Sorry"}


def with_tax_id(team: Team) -> tuple[str, str]:
    """Return a customer, and the tax id that they have."""
    customer = team.customer()
    return customer, team.v1.customers.tax_ids.create(customer, VAT).id


def with_credit(team: Team) -> tuple[str, str]:
    """Return a customer, and the transaction that gave them credit."""
    customer = team.customer()
    made = team.v1.customers.balance_transactions.create(customer, CREDIT)
    return customer, made.id


def deleted(team: Team) -> str:
    """Return a customer who was deleted."""
    customer = team.customer()
    team.v1.customers.delete(customer)
    return customer


def twice(team: Team) -> bool:
    """Create one customer by two requests with one idempotency key."""
    made = [
        team.v1.customers.create(ADA, {"idempotency_key": "once"}).id for _ in range(2)
    ]
    return bool(made[0] == made[1])


def every_email(team: Team) -> list[str]:
    """Page through all customers, one at a time."""
    for name in ("ada", "bob", "eve"):
        team.v1.customers.create({"email": f"{name}@example.com"})
    pages = team.v1.customers.list({"limit": 1})
    return [each.email for each in pages.auto_paging_iter()]


CALLS: list[Call] = [
    (
        "customers.create",
        lambda t: t.v1.customers.create({**ADA, "metadata": {"user": "1"}}),
        {"email": "ada@example.com", "metadata": {"user": "1"}, "livemode": False},
    ),
    (
        "… with an address and shipping",
        lambda t: t.v1.customers.create(
            {
                "address": ADDRESS,
                "phone": "+49 30 1",
                "shipping": {"name": "Ada", "address": ADDRESS},
            }
        ),
        {"address.city": "Berlin", "shipping.address.country": "DE", "phone": THERE},
    ),
    (
        "… with a card that is the default",
        lambda t: t.v1.customers.create(
            {
                "payment_method": "pm_card_visa",
                "invoice_settings": {"default_payment_method": "pm_card_visa"},
            }
        ),
        {"invoice_settings.default_payment_method": THERE},
    ),
    (
        "… with tax ids",
        lambda t: t.v1.customers.create({"tax_id_data": [VAT], "expand": ["tax_ids"]}),
        {"tax_ids.data.0.value": "DE123456789"},
    ),
    (
        "… with languages, reverse charge, balance and a footer",
        lambda t: t.v1.customers.create(
            {
                "balance": -500,
                "preferred_locales": ["de"],
                "tax_exempt": "reverse",
                "invoice_settings": {"footer": "Thanks"},
                "description": "First",
            }
        ),
        {
            "balance": -500,
            "preferred_locales": ["de"],
            "tax_exempt": "reverse",
            "invoice_settings.footer": "Thanks",
        },
    ),
    (
        "… with the source of the older API",
        lambda t: t.v1.customers.create({"source": "tok_visa"}),
        left_out("the parameter source of customers"),
    ),
    (
        "… with a bad email",
        lambda t: t.v1.customers.create({"email": "nobody"}),
        Refused(400, "email_invalid", "Invalid email address: nobody"),
    ),
    ("… twice, by one idempotency key", lambda t: [twice(t)], {"0": True}),
    (
        "customers.retrieve, expanded",
        lambda t: t.v1.customers.retrieve(
            t.subscribe().customer,
            {"expand": ["subscriptions", "invoice_settings.default_payment_method"]},
        ),
        {
            "subscriptions.data.0.status": "active",
            "invoice_settings.default_payment_method.card.last4": "4242",
        },
    ),
    (
        "customers.retrieve of nobody",
        lambda t: t.v1.customers.retrieve("cus_nobody"),
        Refused(404, "resource_missing", "No such customer: 'cus_nobody'"),
    ),
    (
        "customers.update, a key of the metadata taken out",
        lambda t: t.v1.customers.update(
            t.customer(metadata={"a": "1", "b": "2"}),
            {"metadata": {"a": ""}, "name": "Eve"},
        ),
        {"metadata": {"b": "2"}, "name": "Eve"},
    ),
    (
        "customers.delete",
        lambda t: t.v1.customers.delete(t.customer()),
        {"deleted": True},
    ),
    (
        "customers.retrieve of who was deleted",
        lambda t: t.v1.customers.retrieve(deleted(t)),
        {"deleted": True},
    ),
    ("customers.list, page by page", every_email, {"#": 3, "0": "eve@example.com"}),
    (
        "customers.list by email",
        lambda t: [
            t.customer(),
            t.v1.customers.list({"email": "jenny@example.com"}),
        ][1],
        {"data.#": 1, "has_more": False},
    ),
    (
        "customers.search by email and metadata",
        lambda t: [
            t.customer(metadata={"user": "7"}),
            t.v1.customers.search(
                {"query": "email:'jenny@example.com' AND metadata['user']:'7'"}
            ),
        ][1],
        {"object": "search_result", "data.#": 1},
    ),
    (
        "customers.tax_ids.create",
        lambda t: t.v1.customers.tax_ids.create(t.customer(), VAT),
        {"type": "eu_vat", "country": "DE", "verification.status": "pending"},
    ),
    (
        "customers.tax_ids.list",
        lambda t: t.v1.customers.tax_ids.list(with_tax_id(t)[0]),
        {"data.0.value": "DE123456789"},
    ),
    (
        "customers.tax_ids.retrieve",
        lambda t: t.v1.customers.tax_ids.retrieve(*with_tax_id(t)),
        {"object": "tax_id"},
    ),
    (
        "customers.tax_ids.delete",
        lambda t: t.v1.customers.tax_ids.delete(*with_tax_id(t)),
        {"deleted": True},
    ),
    (
        "tax_ids.create, of the account itself",
        lambda t: t.v1.tax_ids.create(VAT),
        left_out("POST /v1/tax_ids"),
    ),
    (
        "customers.balance_transactions.create",
        lambda t: t.v1.customers.balance_transactions.create(t.customer(), CREDIT),
        {"amount": -500, "ending_balance": -500, "type": "adjustment"},
    ),
    (
        "customers.balance_transactions.list",
        lambda t: t.v1.customers.balance_transactions.list(with_credit(t)[0]),
        {"data.#": 1},
    ),
    (
        "customers.balance_transactions.update",
        lambda t: t.v1.customers.balance_transactions.update(
            *with_credit(t), {"description": "So sorry"}
        ),
        {"description": "So sorry"},
    ),
    (
        "customers.payment_methods.list",
        lambda t: t.v1.customers.payment_methods.list(t.customer(), {"type": "card"}),
        {"data.0.card.brand": "visa"},
    ),
    (
        "customers.payment_sources.create",
        lambda t: t.v1.customers.payment_sources.create(
            t.customer(), {"source": "tok_visa"}
        ),
        left_out("POST /v1/customers/"),
    ),
    (
        "customers.cash_balance.retrieve",
        lambda t: t.v1.customers.cash_balance.retrieve(t.customer()),
        left_out("cash_balance"),
    ),
    (
        "customers.create_funding_instructions",
        lambda t: t.v1.customers.funding_instructions.create(
            t.customer(),
            {
                "currency": "usd",
                "funding_type": "bank_transfer",
                "bank_transfer": {"type": "us_bank_transfer"},
            },
        ),
        left_out("funding_instructions"),
    ),
    (
        "customers.delete_discount",
        lambda t: t.v1.customers.delete_discount(t.customer()),
        left_out("/discount"),
    ),
    (
        "customer_sessions.create",
        lambda t: t.v1.customer_sessions.create(
            {
                "customer": t.customer(),
                "components": {"pricing_table": {"enabled": True}},
            }
        ),
        left_out("POST /v1/customer_sessions"),
    ),
    (
        "ephemeral_keys.create",
        lambda t: t.v1.ephemeral_keys.create({"customer": t.customer()}),
        left_out("POST /v1/ephemeral_keys"),
    ),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_call(sandbox: Sandbox, call: Call) -> None:
    """It has the outcome that is written beside it."""
    try_call(Team(sandbox), call)
