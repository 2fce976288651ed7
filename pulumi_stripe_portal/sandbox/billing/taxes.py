"""Taxes: which rates hold for a line of an invoice, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pulumi_stripe_portal.sandbox.data.ids import alphanumeric
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import tax_ids
from .amounts import round_amount
from .invoice_fields import NO_TAX
from .tax_params import RATE
from .tax_table import EU, is_located, rate_at

__all__ = ["apply", "named"]


def apply(context: Context, invoice: Json, payable: Json) -> Json:
    """Return a draft with the taxes that *payable* asks for, and its totals with them.

    That is its subscription, or the draft itself where it was made by request. The
    draft's totals have no taxes in them yet.

    Taxes are computed on each line after its discounts, and rounded there
    [DOCUMENTED: docs.stripe.com/tax/calculating#rounding].
    """
    customer = context.get("customer", invoice["customer"])
    automatic_tax = payable["automatic_tax"]
    located = is_located(customer["address"])
    reason = _exemption(context, customer, is_automatic=automatic_tax["enabled"])
    lines, names = [], {}
    for line in invoice["lines"]:
        rates = _rates(context, payable, line)
        behavior = None
        if automatic_tax["enabled"] and located:
            rates = [_automatic_rate(context, customer["address"])]
            behavior = _behavior(context, line)
        lines.append({**line, "taxes": _taxes(line, rates, behavior, reason)})
        for rate in rates:
            shown = {name: rate[name] for name in ("display_name", "percentage")}
            names[rate["id"]] = shown
    taxes = [tax for line in lines for tax in line["taxes"]]
    added = _sum(taxes, "exclusive")
    total = invoice["total"] + added
    due = max(total + customer["balance"], 0)
    return {
        **invoice,
        "amount_due": due,
        "amount_remaining": due,
        "automatic_tax": _status(automatic_tax, is_located=located),
        "default_tax_rates": payable["default_tax_rates"],
        "lines": lines,
        "subtotal_excluding_tax": invoice["subtotal"] - _included(lines),
        "tax_names": names,
        "total": total,
        "total_excluding_tax": total - sum(tax["amount"] for tax in taxes),
        "total_taxes": _together(taxes),
    }


def named(invoice: Json) -> list[Json]:
    """Return the taxes of an invoice with each rate's `display_name` and percentage."""
    return [
        {**tax, **invoice["tax_names"][tax["tax_rate_details"]["tax_rate"]]}
        for tax in invoice["total_taxes"]
    ]


def _rates(context: Context, payable: Json, line: Json) -> list[Json]:
    """Return the rates of a line: its item's own, else those for all.

    An item's own rates stand in place of the default ones
    [SPECIFIED: stripe 16.1.0, InvoiceItemCreateParams.tax_rates].
    """
    details = _details(line)
    items = [
        context.partition.get("invoiceitem", details.get("invoice_item") or ""),
        *(
            item
            for item in payable.get("items", ())
            if item["id"] == details.get("subscription_item")
        ),
    ]
    own = (item["tax_rates"] for item in items if item)
    ids = next(filter(None, own), payable["default_tax_rates"])
    return [context.get(RATE, id_) for id_ in ids]


def _details(line: Json) -> Json:
    parent: Json = line["parent"] or {}
    kinds = ("subscription_item_details", "invoice_item_details")
    return next(filter(None, (parent.get(kind) for kind in kinds)), {})


def _exemption(context: Context, customer: Json, *, is_automatic: bool) -> str | None:
    """Return why *customer* owes nothing, if so.

    A business of the EU, with a VAT id that isn't known to be wrong, owes the tax
    itself [DOCUMENTED: docs.stripe.com/tax/zero-tax#reverse-charges].
    """
    if customer["tax_exempt"] != "none":
        exempt = customer["tax_exempt"] == "exempt"
        return "customer_exempt" if exempt else "reverse_charge"
    country = (customer["address"] or {}).get("country")
    if not is_automatic or country not in EU:
        return None
    for each in tax_ids.of(context, customer["id"]):
        status = (each["verification"] or {}).get("status")
        if each["type"] == "eu_vat" and status != "unverified":
            return "reverse_charge"
    return None


def _taxes(
    line: Json, rates: list[Json], behavior: str | None, reason: str | None
) -> list[Json]:
    amount = _discounted(line)
    inclusive = [rate for rate in rates if _is_inclusive(rate, behavior)]
    percent = sum((_percent(rate) for rate in inclusive), Decimal(0))
    base = Decimal(amount) / (1 + percent / 100) if reason is None else Decimal(amount)
    return [
        {
            "amount": 0 if reason else round_amount(base * _percent(rate) / 100),
            "tax_behavior": "inclusive" if rate in inclusive else "exclusive",
            "tax_rate_details": {"tax_rate": rate["id"]},
            "taxability_reason": reason or _taxability(rate),
            "taxable_amount": 0 if reason else round_amount(base),
            "type": "tax_rate_details",
        }
        for rate in rates
    ]


def _discounted(line: Json) -> int:
    off = sum(each["amount"] for each in line["discount_amounts"])
    return int(line["amount"] - off)


def _is_inclusive(rate: Json, behavior: str | None) -> bool:
    return rate["inclusive"] if behavior is None else behavior == "inclusive"


def _percent(rate: Json) -> Decimal:
    return Decimal(str(rate["percentage"]))


def _taxability(rate: Json) -> str:
    if "automatic" not in rate:
        return "not_available"
    return "standard_rated" if rate["percentage"] else "not_collecting"


def _behavior(context: Context, line: Json) -> str:
    """Return whether a line's price, or its invoice item, has its tax in it.

    A price without a `tax_behavior` has none in it [OURS: at Stripe a setting decides].
    """
    named = _details(line).get("invoice_item") or ""
    item = context.partition.get("invoiceitem", named) or {}
    details = (line["pricing"] or {}).get("price_details") or {}
    price = context.partition.get("price", details.get("price", "")) or {}
    behavior = item.get("tax_behavior") or price.get("tax_behavior")
    return "inclusive" if behavior == "inclusive" else "exclusive"


def _automatic_rate(context: Context, address: Json) -> Json:
    """Return the tax rate that stands for the table's at *address*, made if new.

    Its id is the same whether an invoice is made or only previewed.
    """
    rate = rate_at(address)
    country, state = address["country"], address["state"]
    place = f"{country}-{state}" if rate and rate.state else country
    for each in context.partition.all(RATE):
        if each.get("automatic") == place:
            return each
    where = f"{context.partition.account}/{context.partition.livemode}"
    id_ = "txr_1" + alphanumeric(f"tax_rate/{where}/{place}", 23)
    made: Json = context.new(context.resources[RATE], id_) | {
        "active": False,
        "automatic": place,
        "country": country,
        "description": None,
        "display_name": rate.display_name if rate else "Tax",
        "effective_percentage": float(rate.percentage) if rate else 0.0,
        "flat_amount": None,
        "inclusive": False,
        "jurisdiction": place,
        "jurisdiction_level": "state" if rate and rate.state else "country",
        "metadata": {},
        "percentage": float(rate.percentage) if rate else 0.0,
        "rate_type": "percentage",
        "state": rate.state if rate else None,
        "tax_type": rate.tax_type if rate else None,
    }
    context.partition.put(made)
    return made


def _status(wanted: Json, *, is_located: bool) -> Json:
    """Return the invoice's `automatic_tax`.

    Where the address has gone there is no tax any more, and the invoice says why
    [SPECIFIED: stripe 16.1.0, Invoice.AutomaticTax.disabled_reason].
    """
    if wanted["enabled"] and is_located:
        return {**wanted, "provider": "stripe", "status": "complete"}
    reason = "finalization_requires_location_inputs" if wanted["enabled"] else None
    return {**NO_TAX, "disabled_reason": reason, "provider": None, "status": None}


def _included(lines: list[Json]) -> int:
    """Return how much of the subtotal, before discounts, is tax."""
    included = 0
    for line in lines:
        part = _sum(line["taxes"], "inclusive")
        after = _discounted(line)
        included += round_amount(Decimal(part) * line["amount"] / after) if after else 0
    return included


def _sum(taxes: Iterable[Json], behavior: str) -> int:
    return sum(each["amount"] for each in taxes if each["tax_behavior"] == behavior)


def _together(taxes: list[Json]) -> list[Json]:
    """Return one entry for each rate, with what it comes to on all lines."""
    together: dict[Any, Json] = {}
    for tax in taxes:
        key = (tax["tax_rate_details"]["tax_rate"], tax["tax_behavior"])
        known = together.get(key, {**tax, "amount": 0, "taxable_amount": 0})
        amounts = ("amount", "taxable_amount")
        together[key] = known | {name: known[name] + tax[name] for name in amounts}
    return list(together.values())
