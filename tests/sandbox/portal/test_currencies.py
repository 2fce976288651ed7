"""What a plan costs, in its own currency and in the customer's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .browsing import Browsing
from .shop import Customer, Shop


@pytest.fixture
def priced(shop: Shop) -> Callable[..., str]:
    """Makes a price of a product called Neko, and returns its id."""
    product = shop.api.products.create({"name": "Neko"}).id

    def make(
        currency: str, amount: int, interval: str = "month", count: int = 1
    ) -> str:
        params: object = {
            "product": product,
            "currency": currency,
            "unit_amount": amount,
            "recurring": {"interval": interval, "interval_count": count},
        }
        return shop.api.prices.create(params).id  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(
    ("terms", "rate"),
    [
        (("usd", 900), "$9.00 / month"),
        (("jpy", 1200), "¥1,200 / month"),
        (("eur", 2900), "€29.00 / month"),
        (("kwd", 1250), "KWD 1.250 / month"),
        (("chf", 2500, "year"), "CHF 25.00 / year"),
        (("usd", 90000, "month", 3), "$900.00 / every 3 months"),
    ],
)
def test_invoices_say_the_price_as_stripe_does(
    shop: Shop, priced: Callable[..., str], terms: tuple[object, ...], rate: str
) -> None:
    """The currency decides on decimals and symbol."""
    shop.customer(price=priced(*terms))

    [invoice] = shop.api.invoices.list().data

    assert invoice.lines.data[0].description == f"1 × Neko (at {rate})"  # noqa: RUF001


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en-US", ["Unused time on Neko", "-¥1,200", "Neko ¥12,000 Due"]),
        ("de-DE", ["Nicht genutzte Zeit von Neko", "Neko 12.000 ¥ Heute"]),
        ("ja-JP", ["Neko の未使用期間", "Neko ￥12,000 本日"]),
    ],
)
def test_a_change_is_in_the_customers_language(
    shop: Shop, priced: Callable[..., str], language: str, texts: list[str]
) -> None:
    """So is each line of what it costs, which Stripe's invoices have in English."""
    month, year = priced("jpy", 1200), priced("jpy", 12000, "year")
    customer = _switching(shop, month, year)
    browser = Browsing(language)
    portal = browser.get(shop.link(customer)).url
    update = f"{portal}/subscriptions/{customer.subscription}/update"

    page = browser.get(f"{update}/confirm?price={year}")

    for text in texts:
        assert text in page.text


def _switching(shop: Shop, *prices: str) -> Customer:
    product = shop.api.prices.retrieve(prices[0]).product
    shop.configure(
        subscription_update={
            "enabled": True,
            "default_allowed_updates": ["price"],
            "proration_behavior": "always_invoice",
            "products": [{"product": product, "prices": [*prices]}],
        }
    )
    return shop.customer(price=prices[0])
