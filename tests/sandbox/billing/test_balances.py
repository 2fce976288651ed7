"""A customer's balance, and what made it what it is."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.happenings import Happenings
from tests.sandbox.portal.shop import Customer, Shop


def test_what_made_a_balance(
    shop: Shop, jenny: Customer, happenings: Happenings
) -> None:
    """Credit is given, set, and used by invoices: each is a transaction."""
    made = shop.api.customers.balance_transactions
    happenings.forget()
    given = made.create(
        jenny.id,
        {
            "amount": -1000,
            "currency": "usd",
            "description": "Sorry",
            "metadata": {"a": "b"},
        },
    )
    told = happenings.types
    shop.api.customers.update(jenny.id, {"balance": -1200})
    shop.api.invoice_items.create(
        {"customer": jenny.id, "amount": 300, "currency": "usd"}
    )
    draft = shop.api.invoices.create(
        {"customer": jenny.id, "pending_invoice_items_behavior": "include"}
    )
    final = shop.api.invoices.finalize_invoice(draft.id)
    listed = made.list(jenny.id).data
    changed = made.update(jenny.id, given.id, {"description": "Really sorry"})

    assert told == ["customer.updated"]
    assert (given.ending_balance, given.description) == (-1000, "Sorry")
    assert [(each.type, each.amount, each.ending_balance) for each in listed] == [
        ("applied_to_invoice", 300, -900),
        ("adjustment", -200, -1200),
        ("adjustment", -1000, -1000),
    ]
    assert listed[0].invoice == final.id
    assert shop.api.customers.retrieve(jenny.id).balance == -900
    assert changed.description == "Really sorry"
    assert made.list(jenny.id, {"invoice": final.id}).data[0].id == listed[0].id


def test_initial_balance(shop: Shop) -> None:
    """A customer may begin with a balance."""
    made = shop.api.customers.create({"balance": -500})
    [first] = shop.api.customers.balance_transactions.list(made.id).data

    assert (first.type, first.amount, first.currency) == ("initial", -500, "usd")
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        shop.api.customers.balance_transactions.list("cus_none")
