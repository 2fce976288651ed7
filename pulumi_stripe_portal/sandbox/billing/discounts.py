"""Coupons, promotion codes, and the discounts that come of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import record

from .amounts import round_amount
from .params import only
from .periods import after

__all__ = [
    "active",
    "by_code",
    "coupon_of",
    "grant",
    "is_once",
    "is_redeemable",
    "is_usable",
    "reductions",
    "replace",
    "spend",
]


def is_redeemable(context: Context, coupon: Json) -> bool:
    """Tell whether *coupon* can still be redeemed: what its field `valid` shows."""
    until, most = coupon["redeem_by"], coupon["max_redemptions"]
    in_time = until is None or until > context.clock.now()
    return in_time and (most is None or coupon["times_redeemed"] < most)


def is_usable(context: Context, code: Json, customer: str) -> bool:
    """Tell whether *customer* can use a promotion code now."""
    until, most = code["expires_at"], code["max_redemptions"]
    coupon = context.get("coupon", code["promotion"]["coupon"])
    first_only = code["restrictions"]["first_time_transaction"]
    amount_paid = any(
        each["customer"] == customer and each["status"] == "paid" and each["total"] > 0
        for each in context.partition.all("invoice")
    )
    return (
        code["active"]
        and (until is None or until > context.clock.now())
        and (most is None or code["times_redeemed"] < most)
        and code["customer"] in (None, customer)
        and not (first_only and amount_paid)
        and is_redeemable(context, coupon)
    )


def by_code(context: Context, code: str) -> Json | None:
    """Find the active promotion code that customers know as *code*, in any case."""
    for each in context.partition.all("promotion_code"):
        if each["active"] and each["code"].upper() == code.strip().upper():
            return each
    return None


def replace(
    context: Context, subscription: Json, wanted: list[Json], param: str = "discounts"
) -> Json:
    """Give *subscription* the discounts that a request names, in place of those it has.

    Raises:
        StripeError: A coupon or code that there is not, or that cannot be used.
    """
    kept: list[str] = []
    for place, each in enumerate(wanted):
        path = f"{param}[{place}]"
        if each.get("discount"):
            reference(context, "discount", each["discount"], f"{path}[discount]")
            kept.append(each["discount"])
            continue
        made = grant(context, subscription, each, path)
        kept.append(made["id"])
    for id_ in subscription["discounts"]:
        if id_ not in kept:
            _end(context, id_)
    return {**subscription, "discounts": kept}


def grant(context: Context, subscription: Json, named: Json, path: str) -> Json:
    """Make a discount of the coupon or promotion code that *named* has.

    Raises:
        StripeError: There is no such one, or it cannot be used.
    """
    only(named, ("coupon", "promotion_code", "discount"), "discounts")
    code = None
    coupon_id = named.get("coupon")
    if named.get("promotion_code"):
        param = f"{path}[promotion_code]"
        code = reference(context, "promotion_code", named["promotion_code"], param)
        if not is_usable(context, code, subscription["customer"]):
            raise _expired("promotion code", code["id"], param)
        coupon_id = code["promotion"]["coupon"]
    if not coupon_id:
        raise StripeError(
            "A discount names a coupon or a promotion code.",
            Evidence.OURS("no words of Stripe's for it are known"),
            param=path,
        )
    coupon = reference(context, "coupon", coupon_id, f"{path}[coupon]")
    if not is_redeemable(context, coupon):
        raise _expired("coupon", coupon_id, f"{path}[coupon]")
    return _start(context, subscription, coupon, code)


def active(context: Context, subscription: Json) -> list[Json]:
    """Return the discounts of *subscription* that have not ended."""
    now = context.clock.now()
    found = [context.get("discount", id_) for id_ in subscription["discounts"]]
    return [each for each in found if each["end"] is None or each["end"] > now]


def coupon_of(context: Context, discount: Json) -> Json:
    """Return the coupon behind *discount*; coupons outlive their deletion there."""
    stored = context.partition.get("coupon", discount["source"]["coupon"])
    return stored or discount["of"]


def is_once(context: Context, discount: Json) -> bool:
    """Tell whether *discount* is for one invoice."""
    return bool(coupon_of(context, discount)["duration"] == "once")


def reductions(
    context: Context, discounts: list[Json], lines: list[Json]
) -> list[list[Json]]:
    """Return for each line how much each discount takes off it."""
    taken: list[list[Json]] = [[] for _ in lines]
    for each in discounts:
        coupon = coupon_of(context, each)
        left = coupon["amount_off"]
        for line, reduced in zip(lines, taken, strict=True):
            if not line["discountable"] or line["amount"] <= 0:
                continue
            rest = line["amount"] - sum(one["amount"] for one in reduced)
            details = (line["pricing"] or {}).get("price_details") or {}
            product = details.get("product")
            off = _reduction(coupon, rest, product)
            if left is not None:
                off = min(off, left)
                left -= off
            reduced.append({"amount": off, "discount": each["id"]})
    return taken


def spend(context: Context, subscription: Json) -> Json:
    """Drop the discounts that were for one invoice, after it, and those that ended."""
    kept = []
    now = context.clock.now()
    for id_ in subscription["discounts"]:
        discount = context.get("discount", id_)
        ended = discount["end"] is not None and discount["end"] <= now
        if ended or is_once(context, discount):
            _end(context, id_)
        else:
            kept.append(id_)
    return {**subscription, "discounts": kept}


def _start(
    context: Context, subscription: Json, coupon: Json, code: Json | None
) -> Json:
    now = context.clock.now()
    months = coupon["duration_in_months"]
    made = context.new(context.resources["discount"])
    del made["created"], made["livemode"]
    made |= {
        "checkout_session": None,
        "customer": subscription["customer"],
        "customer_account": None,
        "end": after(now, "month", months) if months else None,
        "invoice": None,
        "invoice_item": None,
        "of": coupon,
        "promotion_code": code and code["id"],
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": now,
        "subscription": subscription["id"],
        "subscription_item": None,
    }
    for each in filter(None, (coupon, code)):
        times = each["times_redeemed"] + 1
        context.partition.put({**each, "times_redeemed": times})
    context.partition.put(made)
    record(context, made)
    return made


def _end(context: Context, id_: str) -> None:
    discount = context.get("discount", id_)
    ended = {**discount, "end": context.clock.now()}
    context.partition.put(ended)
    record(context, ended, verb="deleted")


def _reduction(coupon: Json, whole: int, product: str | None) -> int:
    products: Any = (coupon["applies_to"] or {}).get("products")
    if whole <= 0 or (products and product not in products):
        return 0
    if coupon["percent_off"] is not None:
        percent = Decimal(str(coupon["percent_off"]))
        return round_amount(Decimal(whole) * percent / 100)
    return min(int(coupon["amount_off"]), whole)


def _expired(noun: str, id_: str, param: str) -> StripeError:
    """Say that *id_* cannot be used."""
    return StripeError(
        f"This {noun} is expired or cannot be redeemed: '{id_}'.",
        Evidence.OURS("the code is documented, the words are not"),
        param=param,
        code="coupon_expired",
    )
