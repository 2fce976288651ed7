"""Prorations: the rest of a period credited and billed, on the next invoice.

Their amounts are net of discounts, and their discount amounts zero
[DOCUMENTED: docs.stripe.com/changelog, 2025-09-30.clover, itemized prorations].
"""

from __future__ import annotations

from typing import NamedTuple

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import discounts, items, lines
from .amounts import share
from .periods import after, interval

__all__ = ["backdate", "bill_usage", "credit", "debit"]


def credit(context: Context, subscription: Json, item: Json, moment: int) -> None:
    """Credit what was billed for *item* from *moment* on, on the next invoice."""
    billed = _billed(context, subscription, item)
    end = item["current_period_end"]
    value = share(billed.amount, end - moment, end - billed.start)
    if value:
        made = _proration(context, subscription, item, moment, unused=True)
        _keep(context, made, -value, billed.discounts)


def debit(
    context: Context,
    subscription: Json,
    wanted: list[Json],
    moment: int,
    *,
    at_once: bool,
) -> None:
    """Bill the items *wanted* from *moment* on, on the next invoice.

    A discount that is for one invoice counts where that invoice is made *at_once*; else
    the next period has it [OURS: not known].
    """
    active = discounts.active(context, subscription)
    lasting = [each for each in active if not discounts.is_once(context, each)]
    once = [each for each in active if at_once and each not in lasting]
    every = subscription["items"]
    rest = _net(context, subscription, every, lasting)
    prorations = []
    for item in wanted:
        if item["quantity"] is None:
            continue  # what is metered is billed at the period's end
        start, end = item["current_period_start"], item["current_period_end"]
        made = _proration(context, subscription, item, moment, unused=False)
        value = share(rest[item["id"]], end - moment, end - start)
        prorations.append({**made, "amount": value, "discountable": True})
    taken = discounts.reductions(context, once, prorations)
    named = [each["id"] for each in (*lasting, *once)]
    for made, reduced in zip(prorations, taken, strict=True):
        value = made["amount"] - sum(each["amount"] for each in reduced)
        _keep(context, {**made, "discountable": False}, value, named)


def bill_usage(context: Context, subscription: Json, item: Json, moment: int) -> None:
    """Bill what was used of a metered *item* until *moment*, on the next invoice."""
    for line in lines.lines_of_usage(context, subscription, item, moment):
        made = _proration(context, subscription, item, moment, unused=False)
        same = ("description", "period", "pricing", "quantity", "quantity_decimal")
        made |= {name: line[name] for name in same}
        if line["amount"]:
            _keep(context, made, line["amount"], [])


def backdate(context: Context, subscription: Json, since: int) -> None:
    """Bill the time from *since* until now, before the first period began."""
    name, count = interval(items.recurring(context, subscription["items"]))
    now = context.clock.now()
    cost = _net(context, subscription, subscription["items"], [])
    for item in subscription["items"]:
        value, end = 0, now
        while end > since:
            start = after(end, name, -count)
            part = min(end - since, end - start)
            value += share(cost[item["id"]], part, end - start)
            end = start
        made = _proration(context, subscription, item, since, unused=False)
        period = {"end": now, "start": since}
        _keep(context, {**made, "period": period}, value, [])


class _Billed(NamedTuple):
    """What was billed for an item until its period's end, from *start* on."""

    amount: int
    start: int
    discounts: list[str]


def _billed(context: Context, subscription: Json, item: Json) -> _Billed:
    """Find what was billed for *item* as it is: a proration, else its period.

    A credit is of what was billed before
    [DOCUMENTED: docs.stripe.com/billing/subscriptions/billing-mode/compare]. What never
    was, as after a switch without prorations, is credited at its price.
    """
    end = item["current_period_end"]
    for each in context.partition.all("invoiceitem"):
        if each["proration"] and each["amount"] >= 0 and _is_of(each, item):
            return _Billed(each["amount"], each["period"]["start"], each["discounts"])
    for invoice in context.partition.all("invoice"):
        found = [
            each
            for each in invoice["lines"]
            if each["period"]["end"] == end and _bills(each, item)
        ]
        if found:
            reduced = [one for each in found for one in each["discount_amounts"]]
            paid = sum(each["amount"] for each in found)
            return _Billed(
                paid - sum(each["amount"] for each in reduced),
                found[0]["period"]["start"],
                list(dict.fromkeys(each["discount"] for each in reduced)),
            )
    active = discounts.active(context, subscription)
    net = _net(context, subscription, subscription["items"], active)
    return _Billed(net[item["id"]], item["current_period_start"], [])


def _is_of(proration: Json, item: Json) -> bool:
    details = proration["parent"]["subscription_details"]
    return bool(
        details["subscription_item"] == item["id"]
        and proration["pricing"]["price_details"]["price"] == item["price"]
        and proration["quantity"] == (item["quantity"] or 1)
        and proration["period"]["end"] == item["current_period_end"]
    )


def _bills(line: Json, item: Json) -> bool:
    details = line["parent"]["subscription_item_details"]
    return bool(
        details
        and not details["proration"]
        and details["subscription_item"] == item["id"]
        and line["pricing"]["price_details"]["price"] == item["price"]
    )


def _net(
    context: Context, subscription: Json, billed: list[Json], applied: list[Json]
) -> dict[str, int]:
    """Return by item what a whole period costs with the discounts *applied*."""
    net: dict[str, int] = {}
    every = [
        (item["id"], line)
        for item in billed
        for line in lines.lines_of_period(context, subscription, item)
    ]
    taken = discounts.reductions(context, applied, [line for _, line in every])
    for (id_, line), reduced in zip(every, taken, strict=True):
        off = sum(each["amount"] for each in reduced)
        net[id_] = net.get(id_, 0) + line["amount"] - off
    return net


def _keep(context: Context, made: Json, value: int, named: list[str]) -> None:
    nothing = [{"amount": 0, "discount": each} for each in named]
    details = {"credited_items": None, "discount_amounts": nothing}
    amounts = {"amount": value, "net_amount": value, "discounts": named}
    item = {**made, **amounts, "proration_details": details}
    context.partition.put(item)
    record(context, item)


def _proration(
    context: Context, subscription: Json, item: Json, moment: int, *, unused: bool
) -> Json:
    """Return an invoice item for the rest of the period, without its amounts."""
    price = context.get("price", item["price"])
    quantity = item["quantity"] or 1
    times = f"{quantity} × " if quantity > 1 else ""  # noqa: RUF001 - as Stripe writes it
    kind = "Unused" if unused else "Remaining"
    name = lines.product(context, price)["name"]
    made = context.new(context.resources["invoiceitem"])
    del made["created"]
    return made | {
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "customer_account": None,
        "date": context.clock.now(),
        "description": f"{kind} time on {times}{name} after {lines.day(moment)}",
        "discountable": False,
        "frozen_fields": None,
        "invoice": None,
        "invoicing_rules": None,
        "metadata": {},
        "parent": {
            "subscription_details": {
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_details",
        },
        "period": {"end": item["current_period_end"], "start": moment},
        "pricing": lines.pricing(price),
        "proration": True,
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "tax_rates": item["tax_rates"],
        "test_clock": subscription["test_clock"],
    }
