"""The products and prices that a new account begins with: a SaaS in three tiers."""

from __future__ import annotations

from .data.accounts import DEFAULT_ACCOUNT
from .data.store import Json, Partition
from .routes import prices, products

__all__ = ["seed"]

_TIERS = {
    "Basic": ("For individuals", 900, 9_000),
    "Pro": ("For growing teams", 2_900, 29_000),
    "Enterprise": ("For organisations", 9_900, 99_000),
}
"""Name: description, price per month and per year in US cents."""


def seed(partition: Partition, now: int) -> None:
    """Fill *partition*.

    Ids differ between the modes as they do at Stripe (`prod_BasicTest`,
    `price_BasicMonthlyLive`), lookup keys do not (`basic_monthly`, `basic_annual`).
    Other accounts than the first have their name in the ids as well.
    """
    common: Json = {"created": now, "livemode": partition.livemode}
    suffix = "Live" if partition.livemode else "Test"
    if partition.account != DEFAULT_ACCOUNT:
        words = partition.account.removeprefix("acct_").split("_")
        suffix += "".join(word.capitalize() for word in words)
    for tier, (description, monthly, annual) in _TIERS.items():
        product: Json = {"id": f"prod_{tier}{suffix}", "object": "product", **common}
        details = {"name": tier, "description": description, "updated": now}
        partition.put({**product, **products.DEFAULTS, **details})
        for period, interval, amount in (
            ("Monthly", "month", monthly),
            ("Annual", "year", annual),
        ):
            price: Json = {
                "id": f"price_{tier}{period}{suffix}",
                "object": "price",
                **common,
            }
            terms = prices.fields(
                {
                    "currency": "usd",
                    "product": product["id"],
                    "recurring": {"interval": interval},
                    "unit_amount": amount,
                }
            )
            key = f"{tier}_{period}".lower()
            partition.put({**price, **terms, "lookup_key": key})
