"""Taxes: rates by hand and by address, on invoices, previews, pages and paper."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import stripe
from hypothesis import strategies as st

from tests.sandbox.portal.browsing import Browsing
from tests.sandbox.portal.shop import FEATURES, Customer, Shop
from tests.sandbox.portal.test_invoice_pages import invoice_of, paper_of

DAY = 24 * 60 * 60
BERLIN = {"line1": "Unter den Linden 1", "city": "Berlin", "country": "DE"}
AUTOMATIC: dict[str, Any] = {"automatic_tax": {"enabled": True}}


def rate(shop: Shop, percentage: float, *, inclusive: bool = False, **more: Any) -> str:
    """Make a tax rate and return its id."""
    name = more.pop("display_name", "VAT")
    terms = {"display_name": name, "percentage": percentage, "inclusive": inclusive}
    return shop.api.tax_rates.create({**terms, **more}).id  # type: ignore[typeddict-item]


def taxed(shop: Shop, country: str = "DE", **subscription: Any) -> Customer:
    """Subscribe a customer of a country to Basic, with automatic tax."""
    address = {**BERLIN, "country": country}
    return shop.customer(
        fields={"address": address}, subscription={**AUTOMATIC, **subscription}
    )


def adds_up(invoice: Any) -> None:
    """Assert that an invoice's lines, discounts and taxes make its totals."""
    lines = invoice.lines.data
    off = sum(each.amount for each in invoice.total_discount_amounts or [])
    taxes = {"exclusive": 0, "inclusive": 0}
    for each in invoice.total_taxes or []:
        taxes[each.tax_behavior] += each.amount

    assert invoice.subtotal == sum(line.amount for line in lines)
    assert invoice.total == invoice.subtotal - off + taxes["exclusive"]
    assert invoice.total_excluding_tax == invoice.total - sum(taxes.values())
    of_lines = sum(tax.amount for line in lines for tax in line.taxes or [])
    assert of_lines == sum(taxes.values())


def test_default_tax_rates(shop: Shop) -> None:
    """A subscription's rates are on each line; shown in full, as Stripe does."""
    txr = rate(shop, 19, country="DE", tax_type="vat")
    customer = shop.customer(subscription={"default_tax_rates": [txr]})
    invoice = invoice_of(shop, customer)

    adds_up(invoice)
    assert (invoice.subtotal, invoice.total, invoice.amount_paid) == (900, 1071, 1071)
    (tax,) = invoice.lines.data[0].taxes
    assert tax.tax_rate_details.tax_rate == txr
    assert (tax.amount, tax.taxable_amount, tax.tax_behavior) == (171, 900, "exclusive")
    (shown,) = shop.subscription(customer).default_tax_rates
    assert (shown.id, shown.percentage, shown.object) == (txr, 19.0, "tax_rate")
    assert invoice.default_tax_rates[0].id == txr


def test_rates_of_an_item_come_first(shop: Shop) -> None:
    """An item's own rates stand in place of the subscription's."""
    own, other = rate(shop, 7, display_name="Reduced"), rate(shop, 19)
    items = [{"price": "price_BasicMonthlyTest", "tax_rates": [own]}]
    terms = {"items": items, "default_tax_rates": [other]}
    customer = shop.customer(subscription=terms)

    assert invoice_of(shop, customer).total == 963
    item = shop.subscription(customer)["items"].data[0]
    assert [each.id for each in item.tax_rates] == [own]
    without: Any = {"items": [{"id": item.id, "tax_rates": ""}]}
    shop.api.subscriptions.update(customer.subscription, without)
    preview = shop.api.invoices.create_preview({"subscription": customer.subscription})
    assert preview.total == 1071


def test_an_inclusive_rate_is_in_the_price(shop: Shop) -> None:
    """What is to be paid stays the same, and the tax in it is told."""
    txr = rate(shop, 19, inclusive=True)
    customer = shop.customer(subscription={"default_tax_rates": [txr]})
    invoice = invoice_of(shop, customer)

    adds_up(invoice)
    assert (invoice.total, invoice.total_excluding_tax) == (900, 756)
    assert invoice.subtotal_excluding_tax == 756


def test_taxes_come_after_discounts(shop: Shop) -> None:
    """What is given away is not taxed."""
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "forever"}).id
    customer = taxed(shop, discounts=[{"coupon": coupon}])
    invoice = invoice_of(shop, customer)

    adds_up(invoice)
    assert invoice.total == 450 + 86


@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
    max_examples=15,
)
@hypothesis.given(
    percents=st.lists(st.integers(0, 3000), max_size=2),
    inclusive=st.booleans(),
    quantity=st.integers(1, 13),
    off=st.integers(1, 100),
    advance=st.integers(0, 29),
)
def test_totals_add_up(
    shop: Shop,
    percents: list[int],
    inclusive: bool,
    quantity: int,
    off: int,
    advance: int,
) -> None:
    """Whatever the rates, discounts and prorations: every part makes the total."""
    rates = [rate(shop, each / 100, inclusive=inclusive) for each in percents]
    coupon = shop.api.coupons.create({"percent_off": off, "duration": "forever"}).id
    terms = {"default_tax_rates": rates, "discounts": [{"coupon": coupon}]}
    customer = shop.customer(subscription=terms)
    shop.sandbox.advance(advance * DAY)
    (item,) = shop.subscription(customer)["items"].data
    wanted = {"id": item.id, "price": "price_ProMonthlyTest", "quantity": quantity}
    change: Any = {"items": [wanted], "proration_behavior": "always_invoice"}
    shop.api.subscriptions.update(customer.subscription, change)

    for invoice in shop.api.invoices.list({"customer": customer.id}).data:
        adds_up(invoice)


@pytest.mark.parametrize(
    ("country", "total"), [("DE", 1071), ("JP", 990), ("GB", 1080), ("BR", 900)]
)
def test_automatic_tax(shop: Shop, country: str, total: int) -> None:
    """It is that of the customer's country; nothing where none is known."""
    customer = taxed(shop, country)
    invoice = invoice_of(shop, customer)

    adds_up(invoice)
    assert invoice.total == total
    assert (invoice.automatic_tax.enabled, invoice.automatic_tax.status) == (
        True,
        "complete",
    )
    assert shop.subscription(customer).automatic_tax.enabled
    (tax,) = invoice.total_taxes
    found = shop.api.tax_rates.retrieve(tax.tax_rate_details.tax_rate)
    assert found.country == country


@pytest.mark.parametrize("address", [None, {"city": "Ulm"}, {"country": "US"}])
def test_tax_needs_an_address(shop: Shop, address: Any) -> None:
    """Automatic tax is refused where it is not known where the customer is."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.customer(fields={"address": address or {}}, subscription=AUTOMATIC)

    assert caught.value.code == "customer_tax_location_invalid"


def test_an_address_that_goes(shop: Shop) -> None:
    """Without an address the next invoice has no tax, and says why."""
    customer = taxed(shop)
    shop.api.customers.update(customer.id, {"address": ""})
    shop.sandbox.advance(32 * DAY)
    invoice = invoice_of(shop, customer)

    assert invoice.total == 900
    assert invoice.automatic_tax.enabled is False
    reason = "finalization_requires_location_inputs"
    assert invoice.automatic_tax.disabled_reason == reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"tax_exempt": "exempt"}, "customer_exempt"),
        ({"tax_exempt": "reverse"}, "reverse_charge"),
        (
            {"tax_id_data": [{"type": "eu_vat", "value": "DE123456789"}]},
            "reverse_charge",
        ),
    ],
)
def test_who_owes_no_tax(shop: Shop, fields: dict[str, Any], reason: str) -> None:
    """Who is exempt, or owes it themselves, pays none; the invoice says which."""
    made = {"address": BERLIN, **fields}
    invoice = invoice_of(shop, shop.customer(fields=made, subscription=AUTOMATIC))

    adds_up(invoice)
    assert invoice.total == 900
    assert [each.taxability_reason for each in invoice.total_taxes] == [reason]
    noted = "reverse charge" in paper_of(invoice.invoice_pdf).text
    assert noted == (reason == "reverse_charge")


def test_previews(shop: Shop, jenny: Customer) -> None:
    """A preview has the tax that the invoice will have, and can try automatic tax."""
    moved: Any = {"address": BERLIN}
    shop.api.customers.update(jenny.id, moved)
    named: Any = {"subscription": jenny.subscription}

    assert shop.api.invoices.create_preview(named).total == 900
    tried = shop.api.invoices.create_preview(named | AUTOMATIC)
    assert tried.total == 1071
    adds_up(tried)
    assert shop.subscription(jenny).automatic_tax.enabled is False


def test_both_kinds_at_once(shop: Shop) -> None:
    """Rates by hand and automatic tax exclude each other."""
    with pytest.raises(stripe.InvalidRequestError, match="default_tax_rates"):
        taxed(shop, default_tax_rates=[rate(shop, 19)])


def test_an_archived_rate(shop: Shop) -> None:
    """It can't be used any more, but goes on where it is."""
    txr = rate(shop, 19)
    customer = shop.customer(subscription={"default_tax_rates": [txr]})
    shop.api.tax_rates.update(txr, {"active": False})
    shop.sandbox.advance(32 * DAY)

    assert invoice_of(shop, customer).total == 1071
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        shop.customer(subscription={"default_tax_rates": [txr]})
    assert shop.api.tax_rates.list({"active": True}).data == []


def test_portal_shows_taxes(shop: Shop) -> None:
    """The next invoice, the confirm page, the invoice and its PDF have the tax."""
    customer = taxed(shop)
    shop.api.customers.tax_ids.create(
        customer.id, {"type": "de_stn", "value": "1234567890"}
    )
    shop.configure()
    browsing = Browsing("de")
    home = browsing.get(shop.link(customer))

    assert "VAT (19 %)" in home.text
    path = f"/subscriptions/{customer.subscription}/update/confirm"
    configuration = shop.configure(
        subscription_update={
            **FEATURES["subscription_update"],
            "proration_behavior": "always_invoice",
        }
    )
    link = shop.link(customer, configuration=configuration)
    url = browsing.get(link).url
    confirm = browsing.get(f"{url}{path}?price=price_ProMonthlyTest&quantity=1")
    assert "VAT (19 %)" in confirm.text
    shop.sandbox.advance(32 * DAY)
    invoice = invoice_of(shop, customer)
    paper = paper_of(invoice.invoice_pdf)
    for text in ("VAT (19%)", "$1.71", "$10.71", "DE STN 1234567890", "Berlin"):
        assert text in paper.text
    assert "VAT (19%)" in Browsing().get(invoice.hosted_invoice_url).text
