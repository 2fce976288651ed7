"""With taxes, too, every page and paper adds up, and all of them say the same."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.billing.test_checkout import ENTERED
from tests.sandbox.billing.test_taxes import rate

from .browsing import Browsing
from .papers import read
from .shop import FEATURES, Shop
from .test_sums import COUPONS, MONEY, cents, ground, sums

__all__ = ["ground"]  # the fixture

DAY = 24 * 60 * 60
TAX = re.compile(r"\(\d+(\.\d+)?%( inclusive)?\)$")
ABROAD = {"address.country": "FR", "address.city": "Lyon"}

Parts = list[tuple[str, int]]


def checked(parts: Parts) -> dict[str, int]:
    """Return what stands below the lines of an invoice, which adds up."""
    found = dict(parts)
    assert len(found) == len(parts)
    taxes = {name: value for name, value in parts if TAX.search(name)}
    added = sum(value for name, value in taxes.items() if "inclusive" not in name)
    total = found["Total"]
    assert total == found["Subtotal"] + found.get("Discount", 0) + added
    if taxes:
        assert found["Total excluding tax"] == total - sum(taxes.values())
    balance = sum(found.get(name, 0) for name in found if "credit" in name.lower())
    due = found.get("Amount due", found.get("Amount paid", 0))
    assert due == total + balance
    return found


def of_page(url: str) -> dict[str, int]:
    """Return the sums of an invoice's page."""
    html = Browsing().get(url).html
    [table] = re.findall(r'<table class="lines">.*?</table>', html, re.DOTALL)
    lines, below = re.findall(r"<tbody.*?</tbody>", table, re.DOTALL)
    parts = [
        (unescape(label), cents(amount))
        for label, amount in re.findall(
            r'<th scope="row">(.*?)</th><td class="number">(.*?)</td>', below
        )
    ]
    billed = re.findall(r'<td class="number">(.*?)</td>', lines)
    assert sum(map(cents, billed)) == dict(parts)["Subtotal"]
    return checked(parts)


def of_paper(url: str) -> dict[str, int]:
    """Return the sums of a PDF."""
    with urlopen(url) as answer:
        written = [each for each in read(answer.read()).text.split("\n") if each]
    begin = written.index("Subtotal")
    parts: Parts = []
    for label, amount in zip(written[begin::2], written[begin + 1 :: 2], strict=False):
        if not MONEY.fullmatch(amount):
            break
        parts.append((label, cents(amount)))
    return checked(parts)


def same_everywhere(shop: Shop, id_: str) -> dict[str, int]:
    """Return the sums of an invoice: on its page, the PDF, the receipt, and the API."""
    invoice: Any = shop.api.invoices.retrieve(id_)
    page = of_page(invoice.hosted_invoice_url)
    paper = of_paper(invoice.invoice_pdf)
    assert page == paper
    assert page["Total"] == invoice.total
    assert page["Amount due"] == invoice.amount_due
    if invoice.receipt_number:
        receipt = of_paper(f"{invoice.hosted_invoice_url}/receipt")
        assert receipt == {k: v for k, v in page.items() if k != "Amount due"}
    return page


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rates=st.lists(
        st.tuples(st.integers(1, 30), st.booleans()),
        max_size=2,
        unique_by=lambda x: x[0],
    ),
    automatic=st.booleans(),
    coupon=COUPONS,
    balance=st.sampled_from([-100_000, -700, 0, 300]),
    quantity=st.integers(1, 4),
    days=st.integers(0, 27),
)
def test_from_checkout_to_the_receipt(
    ground: Sandbox,
    rates: list[tuple[int, bool]],
    automatic: bool,
    coupon: dict[str, Any] | None,
    balance: int,
    quantity: int,
    days: int,
) -> None:
    """Checkout, the confirmation of a switch, invoice, PDF and receipt agree."""
    ground.reset()
    shop = Shop(ground)
    shop.configure(
        subscription_update={
            **FEATURES["subscription_update"],
            "proration_behavior": "always_invoice",
        }
    )
    jenny = shop.customer(price=None, card=None, fields={"balance": balance})
    named = [
        rate(shop, percent, inclusive=inclusive, display_name=f"Tax {place}")
        for place, (percent, inclusive) in enumerate(rates)
    ]
    params: Any = {
        "mode": "subscription",
        "customer": jenny.id,
        "customer_update": {"address": "auto"},
        "line_items": [{"price": "price_BasicMonthlyTest", "quantity": quantity}],
        "success_url": "https://shop.example/done",
        "subscription_data": {} if automatic else {"default_tax_rates": named},
        "automatic_tax": {"enabled": automatic},
    }
    if coupon:
        made = shop.api.coupons.create(coupon)  # type: ignore[arg-type]
        params["discounts"] = [{"coupon": made.id}]
    session = shop.api.checkout.sessions.create(params)
    entered = ABROAD if automatic else {}
    checkout = Browsing().get(f"{session.url}?{urlencode(entered)}")
    told = sums(checkout)
    Browsing().send("POST", str(session.url), {**ENTERED, **entered})
    done: Any = shop.api.checkout.sessions.retrieve(session.id)
    invoice = same_everywhere(shop, done.invoice)

    assert told["Due today"] == invoice["Amount due"]
    assert (done.amount_subtotal, done.amount_total) == (
        invoice["Subtotal"],
        invoice["Total"],
    )
    assert done.total_details.amount_tax == sum(
        value for name, value in invoice.items() if TAX.search(name)
    )
    ground.advance(days * DAY)
    browser = Browsing()
    home = browser.get(shop.link(jenny))
    at = f"subscriptions/{done.subscription}/update/confirm"
    wanted = {"price": "price_ProMonthlyTest", "quantity": "2"}
    confirm = sums(browser.get(f"{home.url}/{at}?{urlencode(wanted)}"))
    browser.post(home, at, wanted)
    after: Any = shop.api.subscriptions.retrieve(done.subscription)
    switched = same_everywhere(shop, after.latest_invoice)

    assert after.latest_invoice != done.invoice
    assert confirm["Due today"] == switched["Amount due"]
