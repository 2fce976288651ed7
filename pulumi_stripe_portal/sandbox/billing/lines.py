"""Invoice lines: what is billed, for which time."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import usage
from .amounts import Part, amount, is_metered, parts
from .money import money

__all__ = [
    "blank",
    "cost",
    "day",
    "line_of_trial",
    "lines_of_period",
    "lines_of_usage",
    "parent",
    "pricing",
    "product",
]


def lines_of_period(context: Context, subscription: Json, item: Json) -> list[Json]:
    """Return the lines that bill *item* for its current period, one for each tier.

    What falls into one tier is a line of its own, at the tier's price
    [DOCUMENTED: docs.stripe.com/billing/subscriptions/usage-based/pricing-models].
    """
    price, currency = context.get("price", item["price"]), subscription["currency"]
    return [
        _line(context, subscription, item, each)
        | {"description": _describe(context, price, each, currency)}
        for each in parts(price, item["quantity"], currency)
    ]


def lines_of_usage(
    context: Context, subscription: Json, item: Json, end: int | None = None
) -> list[Json]:
    """Return the lines that bill what was used of a metered *item*, none of others.

    Usage is billed at the end of its period
    [DOCUMENTED: docs.stripe.com/billing/subscriptions/usage-based]: until *end*, where
    that comes before.
    """
    price, currency = context.get("price", item["price"]), subscription["currency"]
    if not is_metered(price):
        return []
    start = max(item["current_period_start"], item["billed_until"] or 0)
    period = {"end": end or item["current_period_end"], "start": start}
    meter, customer = price["recurring"]["meter"], subscription["customer"]
    count = usage.used(context, meter, customer, start, period["end"])
    whole = int(count) if count == int(count) else count
    return [
        _line(context, subscription, item, each)
        | {"description": _describe(context, price, each, currency), "period": period}
        for each in parts(price, whole, currency)
    ]


def line_of_trial(context: Context, subscription: Json, item: Json) -> Json:
    """Return the line of *item* during a trial, which costs nothing."""
    price = context.get("price", item["price"])
    name = product(context, price)["name"]
    unit = parts(price, item["quantity"], subscription["currency"])[0].unit
    line = _line(context, subscription, item, Part(0, item["quantity"], unit))
    return line | {"description": f"Trial period for {name}"}


def cost(context: Context, subscription: Json, item: Json) -> int:
    """Return what *item* costs for one period."""
    price = context.get("price", item["price"])
    return amount(price, item["quantity"], subscription["currency"])


def day(moment: int) -> str:
    """Return the date as Stripe's descriptions have it: `22 Nov 2026`."""
    return f"{datetime.fromtimestamp(moment, timezone.utc):%d %b %Y}"


def _line(context: Context, subscription: Json, item: Json, part: Part) -> Json:
    price = context.get("price", item["price"])
    period = {"end": item["current_period_end"], "start": item["current_period_start"]}
    count = part.quantity
    return blank(context) | {
        "amount": part.amount,
        "currency": subscription["currency"],
        "parent": parent(subscription["id"], item["id"]),
        "period": period,
        "pricing": pricing(price, part.unit),
        "quantity": None if count is None else int(count),
        "quantity_decimal": None if count is None else f"{Decimal(count):f}",
        "subscription": subscription["id"],
        "subtotal": part.amount,
    }


def blank(context: Context) -> Json:
    """Return a line with everything that is the same for most."""
    return {
        "id": context.new_id("il_1", 23),
        "object": "line_item",
        "amount": 0,
        "currency": "usd",
        "description": None,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": context.partition.livemode,
        "metadata": {},
        "parent": None,
        "period": None,
        "pretax_credit_amounts": [],
        "pricing": None,
        "quantity": 1,
        "quantity_decimal": "1",
        "subscription": None,
        "subtotal": 0,
        "taxes": [],
    }


def parent(subscription: str, item: str) -> Json:
    """Return the field `parent` of a line of a subscription's item."""
    details = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": subscription,
        "subscription_item": item,
    }
    return {
        "invoice_item_details": None,
        "subscription_item_details": details,
        "type": "subscription_item_details",
    }


def pricing(price: Json, unit: Decimal | None = None) -> Json:
    """Return the field `pricing`; *unit* is what one costs, where a tier decides."""
    own = price["unit_amount_decimal"]
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": own if unit is None else f"{unit:f}",
    }


def _describe(context: Context, price: Json, part: Part, currency: str) -> str:
    """Say what is billed.

    A line of an invoice is described as `1 × Pro (at $29.00 / month)` [REPORTED: public
    code], one of a tier as `5 × Pro (Tier 1 at $29.00 / month)` [OURS: as it is
    remembered from invoices].
    """  # noqa: RUF002
    name = product(context, price)["name"]
    if part.quantity is None:
        return str(name)
    recurring = price["recurring"]
    count = recurring["interval_count"]
    every = (
        recurring["interval"]
        if count == 1
        else f"every {count} {recurring['interval']}s"
    )
    tier = f"Tier {part.tier} " if part.tier else ""
    kind = "flat fee " if part.is_flat else ""
    rate = f"{tier}{kind}at {money(part.unit, currency, 'en')} / {every}"
    rate = rate.replace("\N{NO-BREAK SPACE}", " ")
    return f"{part.quantity} × {name} ({rate})"  # noqa: RUF001 - as Stripe


def product(context: Context, price: Json) -> Json:
    """Return the product of *price*, which outlives its deletion here."""
    found = context.partition.get("product", price["product"])
    return found or {"name": price["product"]}
