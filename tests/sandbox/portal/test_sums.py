"""Wherever a page shows a total, it shows all of its parts: they add up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.request import urlopen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_stripe_portal.sandbox import Sandbox
from tests.sandbox.portal.browsing import Browsing, Reply
from tests.sandbox.portal.papers import read
from tests.sandbox.portal.shop import FEATURES, Customer, Shop

DAY = 24 * 60 * 60
MONEY = re.compile(r"-?\$[\d,]+\.\d\d")
TIERS: Any = {
    "currency": "usd",
    "recurring": {"interval": "month"},
    "billing_scheme": "tiered",
    "tiers_mode": "graduated",
    "tiers": [
        {"up_to": 1, "unit_amount": 1000, "flat_amount": 300},
        {"up_to": "inf", "unit_amount": 700},
    ],
}


@pytest.fixture(scope="module")
def ground() -> Iterator[Sandbox]:
    """One sandbox for all."""
    with Sandbox() as sandbox:
        yield sandbox


def tiered(shop: Shop) -> str:
    """Make a price of Enterprise in tiers."""
    params: Any = {**TIERS, "product": "prod_EnterpriseTest"}
    return shop.api.prices.create(params).id


def cents(written: str) -> int:
    """Read an amount as the page writes it."""
    *_, found = MONEY.findall(written)
    return int(re.sub(r"[$,.]", "", found))


def sums(page: Reply) -> dict[str, int]:
    """Return the totals of a page by what they are called; their parts add up."""
    totals = {}
    for table in re.findall(r'<table class="lines">.*?</table>', page.html, re.S):
        [*bodies] = re.findall(r"<tbody>(.*?)</tbody>", table, re.S)
        assert bodies
        for body in bodies:
            *parts, total = re.findall(r"<tr.*?</tr>", body, re.S)
            assert 'class="total"' in total
            assert sum(cents(each) for each in parts) == cents(total)
            [label] = re.findall(r"<th[^>]*>(.*?)</th>", total, re.S)
            totals[unescape(label)] = cents(total)
    return totals


def of_pdf(url: str) -> dict[str, int]:
    """Return the amounts of an invoice's PDF, of which the lines add up."""
    with urlopen(url) as answer:
        written = [each for each in read(answer.read()).text.split("\n") if each]
    first, begin = written.index("Amount") + 1, written.index("Subtotal")
    amounts = {
        at: cents(each)
        for at, each in enumerate(written[first:begin])
        if MONEY.fullmatch(each)
    }
    # A line has its amount after its price, if it has one.
    lines = sum(value for at, value in amounts.items() if at + 1 not in amounts)
    end = written.index("Amount due") + 2
    names, values = written[begin:end:2], written[begin + 1 : end : 2]
    found = dict(zip(names, map(cents, values), strict=True))
    assert lines == found["Subtotal"]
    return found


def subscribed(shop: Shop, coupon: dict[str, Any] | None, balance: int) -> Customer:
    """Make a customer on Basic, with a discount and a balance."""
    terms: Any = {}
    if coupon:
        terms = {"discounts": [{"coupon": shop.api.coupons.create(coupon).id}]}  # type: ignore[arg-type]
    jenny = shop.customer(subscription=terms)
    shop.api.customers.update(jenny.id, {"balance": balance})
    return jenny


COUPONS = st.sampled_from(
    [
        None,
        *(
            {**kind, "duration": duration}
            for kind in ({"percent_off": 35}, {"amount_off": 500, "currency": "usd"})
            for duration in ("once", "forever")
        ),
    ]
)


@settings(max_examples=25, deadline=None)
@given(
    coupon=COUPONS,
    code=st.booleans(),
    balance=st.sampled_from([-100_000, -700, 0, 300]),
    days=st.integers(0, 27),
    switches=st.lists(
        st.tuples(
            st.sampled_from(["BasicMonthly", "BasicAnnual", "ProMonthly", "tiers"]),
            st.integers(1, 4),
        ),
        min_size=1,
        max_size=2,
    ),
    behavior=st.sampled_from(["none", "create_prorations", "always_invoice"]),
)
def test_every_total_is_the_sum_of_what_is_shown(
    ground: Sandbox,
    coupon: dict[str, Any] | None,
    code: bool,
    balance: int,
    days: int,
    switches: list[tuple[str, int]],
    behavior: str,
) -> None:
    """Overview and confirmation add up, and what they say is what is invoiced."""
    ground.reset()
    shop = Shop(ground)
    tiers = tiered(shop)
    update: Any = {
        **FEATURES["subscription_update"],
        "proration_behavior": behavior,
    }
    update["products"] = [
        *update["products"],
        {
            "product": "prod_EnterpriseTest",
            "prices": [tiers],
            "adjustable_quantity": {"enabled": True},
        },
    ]
    shop.configure("sums", subscription_update=update)
    jenny = subscribed(shop, coupon, balance)
    promotion = shop.promotion_code(code="SAVE") if code else ""
    for name, quantity in switches:
        ground.advance(days * DAY // 2)
        browser = Browsing()
        home = browser.get(shop.link(jenny))
        price = tiers if name == "tiers" else f"price_{name}Test"
        entered = {"price": price, "quantity": str(quantity)}
        entered |= {"promotion_code": promotion} if promotion else {}
        query = "&".join(f"{key}={value}" for key, value in entered.items())
        at = f"subscriptions/{jenny.subscription}/update/confirm"
        page = browser.get(f"{home.url}/{at}?{query}")
        if page.status != 200:
            continue  # nothing would change, or the code is used up
        promotion = ""
        told = sums(page)
        before = shop.subscription(jenny).latest_invoice
        done = browser.post(home, at, entered)
        after = shop.subscription(jenny).latest_invoice
        made = shop.api.invoices.retrieve(str(after))

        if made.invoice_pdf:
            told_of = of_pdf(made.invoice_pdf)
            *_, due = names = list(told_of)
            place = names.index("Total")
            assert told_of["Total"] == sum(told_of[name] for name in names[:place])
            assert told_of[due] == sum(told_of[name] for name in names[place:-1])
        assert sums(home)
        assert told["Due today"] == (made.amount_due if before != after else 0)
        [(label, upcoming)] = [
            each for each in told.items() if each[0].startswith("Next invoice")
        ]
        assert sums(done) == {"Amount": upcoming}, label


def test_a_downgrade_shows_its_credit(shop: Shop) -> None:
    """What a downgrade gives back stands above an amount due of nothing."""
    update = {**FEATURES["subscription_update"], "proration_behavior": "always_invoice"}
    shop.configure("credit", subscription_update=update)
    jenny = shop.customer(price="price_ProMonthlyTest")
    browser = Browsing()
    home = browser.get(shop.link(jenny))
    at = f"{home.url}/subscriptions/{jenny.subscription}/update/confirm"
    page = browser.get(f"{at}?price=price_BasicMonthlyTest&quantity=1")

    assert sums(page)["Due today"] == 0
    assert "Added to your credit balance $20.00" in page.text
    assert "Credit balance -$9.00" in page.text


def test_a_discount_counts_once(shop: Shop) -> None:
    """A proration is net: its discount amounts are zero, and none is taken off it."""
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "forever"}).id
    jenny = shop.customer(subscription={"discounts": [{"coupon": coupon}]})
    [item] = shop.subscription(jenny)["items"].data
    after = shop.api.subscriptions.update(
        jenny.subscription,
        {
            "items": [{"id": item.id, "price": "price_ProMonthlyTest"}],
            "proration_behavior": "always_invoice",
            "expand": ["latest_invoice"],
        },
    )
    invoice: Any = after.latest_invoice
    [discount] = after.discounts

    assert [line.amount for line in invoice.lines.data] == [-450, 1450]
    assert (invoice.subtotal, invoice.total) == (1000, 1000)
    assert invoice.total_discount_amounts[0].amount == 0
    for line in invoice.lines.data:
        assert line.discountable is False
        assert line.discounts == [discount]
        [nothing] = line.discount_amounts
        assert (nothing.amount, nothing.discount) == (0, discount)
    # What was billed with the discount is credited with it, whenever that began.
    shop.api.subscriptions.update(jenny.subscription, {"discounts": ""})
    back = shop.api.invoices.create_preview(
        {
            "subscription": jenny.subscription,
            "subscription_details": {
                "items": [{"id": item.id, "price": "price_BasicMonthlyTest"}],
                "proration_behavior": "always_invoice",
            },
        }
    )
    assert [line.amount for line in back.lines.data] == [-1450, 900]


def test_a_tier_is_a_line_at_its_own_price(shop: Shop) -> None:
    """Each tier, and each flat fee, is billed and shown by itself."""
    shop.configure("tiers")
    terms = {"items": [{"price": tiered(shop), "quantity": 3}]}
    jenny = shop.customer(subscription=terms)
    [invoice] = shop.api.invoices.list({"customer": jenny.id}).data
    told = [
        (line.quantity, line.amount, line.description) for line in invoice.lines.data
    ]
    page = Browsing().get(shop.link(jenny))

    times = "\N{MULTIPLICATION SIGN}"
    assert told == [
        (1, 1000, f"1 {times} Enterprise (Tier 1 at $10.00 / month)"),
        (1, 300, f"1 {times} Enterprise (Tier 1 flat fee at $3.00 / month)"),
        (2, 1400, f"2 {times} Enterprise (Tier 2 at $7.00 / month)"),
    ]
    assert f"2 {times} Enterprise, $7.00 $14.00" in page.text
    assert sums(page) == {"Amount": 2700}
