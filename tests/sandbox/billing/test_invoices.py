"""Invoices made by request: drafts and their items, finalised, paid, sent, given up."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from pulumi_stripe_portal.sandbox import portal_session
from tests.sandbox.happenings import INVOICED, Happenings
from tests.sandbox.portal.browsing import Browsing
from tests.sandbox.portal.shop import Customer, Shop

HOUR = 60 * 60
DAY = 24 * HOUR


def item(shop: Shop, customer: Customer, **params: Any) -> Any:
    """Make an invoice item of $5.00, but for *params*."""
    wanted: Any = {"customer": customer.id, "amount": 500, "currency": "usd"}
    given: Any = {**wanted, **params}
    return shop.api.invoice_items.create(given)


def draft(shop: Shop, customer: Customer, **params: Any) -> Any:
    """Make an invoice of what is pending."""
    wanted: Any = {
        "customer": customer.id,
        "pending_invoice_items_behavior": "include",
        **params,
    }
    return shop.api.invoices.create(wanted)


def test_from_draft_to_paid(
    shop: Shop, jenny: Customer, happenings: Happenings
) -> None:
    """Items are put on a draft, which is final and paid when it is asked for."""
    happenings.forget()
    first = item(shop, jenny, description="Setup", metadata={"a": "b"})
    made = draft(shop, jenny, description="Thanks", metadata={"order": "7"})
    later = item(shop, jenny, description="Extra", amount=250, invoice=made.id)
    changed = shop.api.invoices.update(made.id, {"footer": "Bye"})
    final = shop.api.invoices.finalize_invoice(made.id)
    told = happenings.types
    paid = shop.api.invoices.pay(made.id)

    assert (made.status, made.number, made.hosted_invoice_url) == ("draft", None, None)
    assert (made.total, changed.total, changed.footer) == (500, 750, "Bye")
    assert (first.invoice, later.invoice) == (None, made.id)
    [one, two] = final.lines.data
    assert (one.description, one.amount, one.metadata["a"]) == ("Setup", 500, "b")
    assert two.parent is not None
    assert two.parent.type == "invoice_item_details"
    assert (final.status, final.billing_reason, final.parent) == (
        "open",
        "manual",
        None,
    )
    assert (paid.status, paid.amount_paid) == ("paid", 750)
    assert told == [
        "invoiceitem.created",
        "invoice.created",
        "invoiceitem.created",
        "invoice.updated",
        "invoice.updated",
        *INVOICED[1:3],
    ]


def test_on_the_next_invoice(shop: Shop, jenny: Customer) -> None:
    """What no invoice was made for is on the subscription's next one."""
    item(shop, jenny, description="Overtime")
    item(shop, jenny, description="Of it", subscription=jenny.subscription)
    other = shop.customer("other@example.com")
    item(shop, other, description="Not hers")
    shop.configure()
    home = Browsing().get(shop.link(jenny))
    shop.sandbox.advance(32 * DAY)
    invoice, *_ = shop.api.invoices.list({"customer": jenny.id}).data

    told = [(line.description, line.amount) for line in invoice.lines.data]
    assert told[:2] == [("Overtime", 500), ("Of it", 500)]
    assert (invoice.total, invoice.status) == (1900, "paid")
    assert "Overtime $5.00" in home.text
    assert "Amount $19.00" in home.text


def test_prices_paid_once(shop: Shop, jenny: Customer) -> None:
    """An item may name a price that is paid once, and how many."""
    price = shop.api.prices.create(
        {"product": "prod_ProTest", "currency": "usd", "unit_amount": 1200}
    )
    made: Any = shop.api.invoice_items.create(
        {"customer": jenny.id, "pricing": {"price": price.id}, "quantity": 3}
    )

    assert (made.amount, made.description) == (3600, "Pro")
    assert made.pricing.price_details.price == price.id
    with pytest.raises(stripe.InvalidRequestError, match="type=recurring"):
        item(shop, jenny, pricing={"price": "price_ProMonthlyTest"})


def test_advances_by_itself(shop: Shop, jenny: Customer) -> None:
    """With `auto_advance` a draft is final after an hour, and paid an hour later."""
    item(shop, jenny)
    made = draft(shop, jenny, auto_advance=True)
    shop.sandbox.advance(HOUR)
    final = shop.api.invoices.retrieve(made.id)
    shop.sandbox.advance(HOUR)

    assert made.automatically_finalizes_at == made.created + HOUR
    assert final.status == "open"
    assert shop.api.invoices.retrieve(made.id).status == "paid"


def test_sent(shop: Shop, jenny: Customer, happenings: Happenings) -> None:
    """An invoice that is sent waits to be paid, which the portal can do."""
    item(shop, jenny)
    made = draft(shop, jenny, collection_method="send_invoice", days_until_due=30)
    happenings.forget()
    sent = shop.api.invoices.send_invoice(made.id)
    told = happenings.types
    shop.configure()
    session = shop.sandbox.open_session(shop.link(jenny))
    paid = portal_session.pay_invoice(session, made.id)

    assert (sent.status, sent.due_date) == ("open", made.created + 30 * DAY)
    assert told == [*INVOICED[1:3], "invoice.sent"]
    assert paid["status"] == "paid"
    automatic = draft(shop, jenny)
    with pytest.raises(stripe.InvalidRequestError, match="collection method is"):
        shop.api.invoices.send_invoice(automatic.id)


def test_given_up(shop: Shop, jenny: Customer) -> None:
    """Open invoices are voided or written off; drafts deleted, their items kept."""
    waiting = item(shop, jenny)
    gone = draft(shop, jenny)
    shop.api.invoices.delete(gone.id)
    kept = shop.api.invoice_items.retrieve(waiting.id)
    final = shop.api.invoices.finalize_invoice(draft(shop, jenny).id)
    voided = shop.api.invoices.void_invoice(final.id)
    item(shop, jenny)
    other = shop.api.invoices.finalize_invoice(draft(shop, jenny).id)
    lost = shop.api.invoices.mark_uncollectible(other.id)

    assert kept.invoice is None
    assert (voided.status, lost.status) == ("void", "uncollectible")
    for refused in (shop.api.invoices.delete, shop.api.invoices.finalize_invoice):
        with pytest.raises(stripe.InvalidRequestError, match="no draft"):
            refused(final.id)


def test_nothing_due(shop: Shop, jenny: Customer) -> None:
    """An invoice over nothing, or that the balance covers, is paid when it is final."""
    empty = shop.api.invoices.finalize_invoice(draft(shop, jenny).id)
    shop.api.customers.update(jenny.id, {"balance": -2000})
    item(shop, jenny)
    covered = shop.api.invoices.finalize_invoice(draft(shop, jenny).id)

    assert (empty.status, empty.total) == ("paid", 0)
    assert (covered.status, covered.total, covered.amount_due) == ("paid", 500, 0)
    assert shop.api.customers.retrieve(jenny.id).balance == -1500


def test_drafts_are_not_in_the_portal(shop: Shop, jenny: Customer) -> None:
    """A customer sees what is final."""
    shop.configure()
    item(shop, jenny)
    made = draft(shop, jenny)
    session = shop.sandbox.open_session(shop.link(jenny))

    assert made.id not in [each["id"] for each in portal_session.invoices(session)]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"customer": "cus_none"}, "No such customer"),
        ({"amount": None}, "Missing required param: amount"),
        ({"subscription": "sub_none"}, "No such subscription"),
        ({"invoice": "in_none"}, "No such invoice"),
    ],
)
def test_no_item(
    shop: Shop, jenny: Customer, params: dict[str, Any], words: str
) -> None:
    """What an item names has to be there."""
    wanted: Any = {"customer": jenny.id, "amount": 5, "currency": "usd", **params}
    given: Any = {name: value for name, value in wanted.items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError, match=words):
        shop.api.invoice_items.create(given)
