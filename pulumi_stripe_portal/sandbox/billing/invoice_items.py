"""Invoice items: what the next invoice bills besides the subscription's items."""

from __future__ import annotations

from decimal import Decimal

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from . import lines
from .amounts import round_amount
from .params import only
from .tax_params import find_rates

__all__ = ["collect", "create", "pending_items"]

_KNOWN = (
    "amount",
    "currency",
    "customer",
    "description",
    "discountable",
    "metadata",
    "period",
    "pricing",
    "quantity",
    "subscription",
    "tax_behavior",
    "tax_rates",
    "unit_amount_decimal",
)


def create(context: Context, params: Json) -> Json:
    """Make an item that waits for the next invoice of its customer or subscription.

    Raises:
        StripeError: It has no customer, no amount, or no price that is paid once.
    """
    only(params, _KNOWN, "invoice items")
    if not params.get("customer"):
        raise missing_param("customer")
    customer = reference(context, "customer", params["customer"], "customer")
    named = params.get("subscription")
    if named:
        reference(context, "subscription", named, "subscription")
    quantity = params.get("quantity", 1)
    price, unit = _price(context, params)
    now = context.clock.now()
    whole = params["amount"] if "amount" in params else round_amount(unit * quantity)
    currency = params.get("currency") or (price or customer)["currency"] or "usd"
    made = context.new(context.resources["invoiceitem"])
    del made["created"]
    made |= {
        "amount": whole,
        "currency": currency.lower(),
        "customer": customer["id"],
        "customer_account": None,
        "date": now,
        "description": params.get("description")
        or (lines.product(context, price)["name"] if price else None),
        "discountable": params.get("discountable", whole > 0),
        "discounts": [],
        "frozen_fields": None,
        "invoice": None,
        "invoicing_rules": None,
        "metadata": merge_metadata({}, params.get("metadata") or {}),
        "net_amount": whole,
        "parent": named
        and {
            "subscription_details": {"subscription": named, "subscription_item": None},
            "type": "subscription_details",
        },
        "period": params.get("period") or {"end": now, "start": now},
        "pricing": lines.pricing(price, unit) if price else None,
        "proration": False,
        "proration_details": None,
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "tax_behavior": params.get("tax_behavior"),
        "tax_rates": find_rates(context, params.get("tax_rates"), "tax_rates"),
        "test_clock": customer["test_clock"],
    }
    return keep(context, made)


def pending_items(
    context: Context, customer: str, subscription: str | None = None
) -> list[Json]:
    """Return what the next invoice of a *customer*, or of a *subscription*, will bill.

    What belongs to no subscription is on the next invoice, whatever it is for
    [DOCUMENTED: docs.stripe.com/billing/invoices/subscription].
    """
    return [
        each
        for each in reversed(context.partition.all("invoiceitem"))
        if each["invoice"] is None
        and each["customer"] == customer
        and _subscription(each) in (None, subscription)
    ]


def collect(context: Context, invoice: str, item: Json) -> Json:
    """Put an invoice item onto *invoice* and return its line."""
    context.partition.put({**item, "invoice": invoice})
    shared = ("amount", "currency", "description", "discountable", "period", "pricing")
    off = (item["proration_details"] or {}).get("discount_amounts", [])
    return lines.blank(context) | {
        **{name: item[name] for name in shared},
        "discount_amounts": off,
        "discounts": item["discounts"],
        "invoice": invoice,
        "metadata": item["metadata"],
        "parent": _parent(item),
        "quantity": item["quantity"],
        "quantity_decimal": item["quantity_decimal"],
        "subscription": _subscription(item),
        "subtotal": item["amount"],
    }


def _parent(item: Json) -> Json:
    told = {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "proration_details": {"credited_items": None},
    }
    details = (item["parent"] or {}).get("subscription_details") or {}
    if details.get("subscription_item"):
        made = lines.parent(details["subscription"], details["subscription_item"])
        made["subscription_item_details"] |= told
        return made
    return {
        "invoice_item_details": {**told, "subscription": details.get("subscription")},
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }


def _subscription(item: Json) -> str | None:
    details = (item["parent"] or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def _price(context: Context, params: Json) -> tuple[Json | None, Decimal]:
    named = (params.get("pricing") or {}).get("price")
    if named:
        price = reference(context, "price", named, "pricing[price]")
        if price["type"] != "one_time":
            raise StripeError(
                "The price specified is set to `type=recurring` but this field only "
                "accepts prices with `type=one_time`.",
                Evidence.REPORTED("public code"),
                param="pricing[price]",
            )
        return price, Decimal(price["unit_amount_decimal"] or 0)
    if "amount" not in params and "unit_amount_decimal" not in params:
        raise missing_param("amount")
    return None, Decimal(params.get("unit_amount_decimal") or 0)
