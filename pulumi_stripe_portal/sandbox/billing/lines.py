"""Invoice lines and invoice items: what is billed, for which time."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import discounts
from .amounts import amount, is_metered, share
from .money import money

__all__ = [
    "collect",
    "cost",
    "credit",
    "day",
    "debit",
    "line_of_period",
    "line_of_trial",
    "pending_items",
]


def line_of_period(context: Context, subscription: Json, item: Json) -> Json:
    """Return the line that bills *item* for its current period."""
    price = context.get("price", item["price"])
    return _line(context, subscription, item, cost(context, subscription, item)) | {
        "description": _describe(context, price, item, subscription["currency"]),
    }


def line_of_trial(context: Context, subscription: Json, item: Json) -> Json:
    """Return the line of *item* during a trial, which costs nothing."""
    product = _product(context, context.get("price", item["price"]))
    line = _line(context, subscription, item, 0)
    return line | {"description": f"Trial period for {product['name']}"}


def credit(context: Context, subscription: Json, item: Json, moment: int) -> None:
    """Credit what was paid for *item* from *moment* on, on the next invoice."""
    value = _rest(item, discounts.amount_paid(context, subscription, item), moment)
    if value:
        _proration(context, subscription, item, -value, unused=True)


def debit(context: Context, subscription: Json, item: Json, moment: int) -> None:
    """Bill *item* from *moment* on, on the next invoice."""
    value = _rest(item, cost(context, subscription, item), moment)
    _proration(context, subscription, item, value, unused=False)


def pending_items(context: Context, subscription: str) -> list[Json]:
    """Return the items that the next invoice of *subscription* will bill."""
    return [
        each
        for each in reversed(context.partition.all("invoiceitem"))
        if each["invoice"] is None
        and each["parent"]["subscription_details"]["subscription"] == subscription
    ]


def collect(context: Context, invoice: str, item: Json) -> Json:
    """Put an invoice item onto *invoice* and return its line."""
    context.partition.put({**item, "invoice": invoice})
    details = item["parent"]["subscription_details"]
    parent = _parent(details["subscription"], details["subscription_item"])
    own = parent["subscription_item_details"]
    own |= {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "proration_details": {"credited_items": None},
    }
    shared = ("amount", "currency", "description", "discountable", "period", "pricing")
    return _empty(context) | {
        **{name: item[name] for name in shared},
        "parent": parent,
        "quantity": item["quantity"],
        "quantity_decimal": item["quantity_decimal"],
        "subscription": details["subscription"],
        "subtotal": item["amount"],
    }


def cost(context: Context, subscription: Json, item: Json) -> int:
    """Return what *item* costs for one period."""
    price = context.get("price", item["price"])
    return amount(price, item["quantity"], subscription["currency"])


def day(moment: int) -> str:
    """Return the date as Stripe's descriptions have it: `22 Nov 2026`."""
    return f"{datetime.fromtimestamp(moment, timezone.utc):%d %b %Y}"


def _rest(item: Json, whole: int, moment: int) -> int:
    start, end = item["current_period_start"], item["current_period_end"]
    return share(whole, end - moment, end - start)


def _proration(
    context: Context, subscription: Json, item: Json, value: int, *, unused: bool
) -> None:
    """Make and record the invoice item for the rest of the period."""
    now, price = context.clock.now(), context.get("price", item["price"])
    quantity = item["quantity"] or 1
    times = f"{quantity} × " if quantity > 1 else ""  # noqa: RUF001 - as Stripe writes it
    kind = "Unused" if unused else "Remaining"
    name = _product(context, price)["name"]
    made = context.new(context.resources["invoiceitem"])
    del made["created"]
    made |= {
        "amount": value,
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "customer_account": None,
        "date": now,
        "description": f"{kind} time on {times}{name} after {day(now)}",
        "discountable": not unused,
        "discounts": [],
        "frozen_fields": None,
        "invoice": None,
        "invoicing_rules": None,
        "metadata": {},
        "net_amount": value,
        "parent": {
            "subscription_details": {
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_details",
        },
        "period": {"end": item["current_period_end"], "start": now},
        "pricing": _pricing(price),
        "proration": True,
        "proration_details": {"credited_items": None, "discount_amounts": []},
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "tax_rates": [],
        "test_clock": None,
    }
    context.partition.put(made)
    record(context, made)


def _line(context: Context, subscription: Json, item: Json, value: int) -> Json:
    price = context.get("price", item["price"])
    period = {"end": item["current_period_end"], "start": item["current_period_start"]}
    return _empty(context) | {
        "amount": value,
        "currency": subscription["currency"],
        "parent": _parent(subscription["id"], item["id"]),
        "period": period,
        "pricing": _pricing(price),
        "quantity": item["quantity"],
        "quantity_decimal": None if item["quantity"] is None else str(item["quantity"]),
        "subscription": subscription["id"],
        "subtotal": value,
    }


def _empty(context: Context) -> Json:
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


def _parent(subscription: str, item: str) -> Json:
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


def _pricing(price: Json) -> Json:
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }


def _describe(context: Context, price: Json, item: Json, currency: str) -> str:
    """Say what is billed as Stripe does: `1 × Pro (at $29.00 / month)` [R]."""  # noqa: RUF002
    name = _product(context, price)["name"]
    if is_metered(price):
        return str(name)
    recurring = price["recurring"]
    count = recurring["interval_count"]
    every = (
        recurring["interval"]
        if count == 1
        else f"every {count} {recurring['interval']}s"
    )
    terms = price["currency_options"].get(currency, price)
    unit = money(Decimal(terms["unit_amount_decimal"] or 0), currency, "en")
    rate = f"at {unit} / {every}".replace("\N{NO-BREAK SPACE}", " ")
    return f"{item['quantity'] or 1} × {name} ({rate})"  # noqa: RUF001 - as Stripe


def _product(context: Context, price: Json) -> Json:
    found = context.partition.get("product", price["product"])
    return found or {"name": price["product"]}
