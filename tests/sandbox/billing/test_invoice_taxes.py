"""Taxes of invoices made by request, reckoned as those of subscriptions are."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.portal.browsing import Browsing
from tests.sandbox.portal.shop import Customer, Shop
from tests.sandbox.portal.test_invoice_pages import paper_of

from .test_invoices import HOUR, draft, item
from .test_taxes import AUTOMATIC, BERLIN, adds_up, rate


@pytest.fixture
def ada(shop: Shop) -> Customer:
    """A customer in Berlin, without a subscription."""
    return shop.customer(price=None, fields={"address": BERLIN})


def test_rates(shop: Shop, ada: Customer) -> None:
    """An item's own rates stand in place of the invoice's; both are on every paper."""
    own, every = rate(shop, 7, display_name="Reduced"), rate(shop, 19)
    made = item(shop, ada, description="Book", amount=1000, tax_rates=[own])
    item(shop, ada, description="Pen", amount=500)
    before = draft(shop, ada, default_tax_rates=[every])
    final = shop.api.invoices.finalize_invoice(before.id)
    page = Browsing().get(final.hosted_invoice_url or "")
    paper = paper_of(final.invoice_pdf or "")

    assert [each.id for each in made.tax_rates] == [own]
    assert before.total == final.total == final.amount_due == 1500 + 70 + 95
    adds_up(final)
    assert final.total_taxes is not None
    told = {each.tax_rate_details.tax_rate: each.amount for each in final.total_taxes}  # type: ignore[union-attr]
    assert told == {own: 70, every: 95}
    assert [each.id for each in final.default_tax_rates] == [every]
    for text in ("Reduced (7%)", "VAT (19%)"):
        assert text in page.text
        assert text in paper.text
    for text in ("$0.70", "$0.95", "$15.00", "$16.65"):
        assert text in paper.text
    paid = shop.api.invoices.pay(final.id)
    assert paid.amount_paid == 1665


def test_changed_rates(shop: Shop, ada: Customer) -> None:
    """A draft is reckoned anew when its rates change, and when an item is added."""
    item(shop, ada)
    made = draft(shop, ada)
    taxed = shop.api.invoices.update(
        made.id, {"default_tax_rates": [rate(shop, 20, inclusive=True)]}
    )
    item(shop, ada, amount=700, invoice=made.id)
    more = shop.api.invoices.retrieve(made.id)
    bare = shop.api.invoices.update(made.id, {"default_tax_rates": ""})

    assert (made.total, taxed.total, more.total, bare.total) == (500, 500, 1200, 1200)
    assert (taxed.total_excluding_tax, more.total_excluding_tax) == (417, 1000)
    assert (bare.total_excluding_tax, bare.total_taxes) == (1200, [])
    for each in (taxed, more, bare):
        adds_up(each)


def test_automatic_tax(shop: Shop, ada: Customer) -> None:
    """It is of where the customer is when the invoice is made final."""
    item(shop, ada, amount=1000)
    item(shop, ada, amount=1190, tax_behavior="inclusive")
    made = draft(shop, ada, **AUTOMATIC)
    moved: Any = {"address": {**BERLIN, "country": "JP"}, "name": "Ada in Tokyo"}
    shop.api.customers.update(ada.id, moved)
    final = shop.api.invoices.finalize_invoice(made.id)

    assert (made.total, made.total_excluding_tax) == (1190 + 1190, 2000)
    assert final.total == 1100 + 1190
    assert (made.automatic_tax.status, final.automatic_tax.status) == (
        "complete",
        "complete",
    )
    assert final.customer_address is not None
    assert (final.customer_name, final.customer_address.country) == (
        "Ada in Tokyo",
        "JP",
    )
    adds_up(final)


def test_where_it_is_due_is_not_known(shop: Shop, ada: Customer) -> None:
    """Without an address it is refused, at first and when it is to be final."""
    nobody = shop.customer(price=None)
    item(shop, ada)
    made = draft(shop, ada, **AUTOMATIC)
    shop.api.customers.update(ada.id, {"address": ""})

    for refused in (
        lambda: draft(shop, nobody, **AUTOMATIC),
        lambda: shop.api.invoices.finalize_invoice(made.id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            refused()
        assert caught.value.code == "customer_tax_location_invalid"
    off: Any = {"automatic_tax": {"enabled": False}}
    shop.api.invoices.update(made.id, off)
    final = shop.api.invoices.finalize_invoice(made.id)
    assert (final.total, final.automatic_tax.enabled) == (500, False)


def test_one_that_advances_by_itself(shop: Shop, ada: Customer) -> None:
    """It stays a draft where its tax is not known, and an event says why."""
    item(shop, ada)
    made = draft(shop, ada, auto_advance=True, **AUTOMATIC)
    shop.api.customers.update(ada.id, {"address": ""})
    shop.sandbox.advance(HOUR)
    [event] = shop.events("invoice.finalization_failed")
    told = event["data"]["object"]

    assert shop.api.invoices.retrieve(made.id).status == "draft"
    assert told["last_finalization_error"]["code"] == "customer_tax_location_invalid"


def test_what_does_not_go_together(shop: Shop, ada: Customer) -> None:
    """Automatic tax takes no rates by hand, on the invoice or its items."""
    txr = rate(shop, 19)
    made = draft(shop, ada, **AUTOMATIC)

    with pytest.raises(stripe.InvalidRequestError, match="default_tax_rates"):
        shop.api.invoices.update(made.id, {"default_tax_rates": [txr]})
    for wrong in ({"tax_rates": [txr]}, {"amount": -5}):
        with pytest.raises(stripe.InvalidRequestError, match="automatic tax"):
            item(shop, ada, invoice=made.id, **wrong)


def test_on_the_next_invoice(shop: Shop) -> None:
    """What waits for a subscription's invoice brings its own rates there."""
    jenny = shop.customer()
    item(shop, jenny, amount=1000, tax_rates=[rate(shop, 7)])
    preview = shop.api.invoices.create_preview({"subscription": jenny.subscription})

    assert (preview.subtotal, preview.total) == (1900, 1970)
    adds_up(preview)


def test_an_address_that_goes(shop: Shop) -> None:
    """Automatic tax is off from then on, and the subscription says why."""
    jenny = shop.customer(fields={"address": BERLIN}, subscription=AUTOMATIC)
    shop.api.customers.update(jenny.id, {"address": ""})
    shop.sandbox.advance(32 * 24 * HOUR)
    after = shop.subscription(jenny).automatic_tax

    assert (after.enabled, after.disabled_reason) == (False, "requires_location_inputs")


def test_a_customer_who_has_gone(shop: Shop, ada: Customer) -> None:
    """Their draft can't be changed or made final, by itself neither; time goes on."""
    item(shop, ada)
    made = draft(shop, ada, auto_advance=True)
    shop.api.customers.delete(ada.id)
    shop.sandbox.advance(HOUR)
    changes: Any = {"default_tax_rates": [rate(shop, 19)]}

    assert shop.api.invoices.retrieve(made.id).status == "draft"
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        shop.api.invoices.update(made.id, changes)
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        shop.api.invoices.finalize_invoice(made.id)
