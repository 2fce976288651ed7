"""The first period of a subscription: until its anchor, and what is billed with it."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, unsupported
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import inline_prices, invoice_items, invoices, items, prorations
from .params import only
from .periods import Span, after, interval

__all__ = ["add_items", "anchor", "charges", "start_date"]

_LONGEST = 10 * 366 * 24 * 60 * 60


def anchor(context: Context, params: Json, recurring: Json) -> int | None:
    """Return the `billing_cycle_anchor` of a new subscription, None for now.

    Raises:
        StripeError: It has passed, or is more than a period ahead.
    """
    wanted: int | None = params.get("billing_cycle_anchor")
    if wanted is None:
        return None
    if params.get("trial_end") or params.get("trial_period_days"):
        raise unsupported("a billing_cycle_anchor with a trial")
    now = context.clock.now()
    name, count = interval(recurring)
    latest = after(now, name, count)
    if not now < wanted <= latest:
        raise StripeError(
            "billing_cycle_anchor must be in the future, and cannot be later than the "
            f"next natural billing date ({latest}).",
            Evidence.OURS("the rule is documented, the words are not"),
            param="billing_cycle_anchor",
        )
    return wanted


def charges(context: Context, subscription: Json, params: Json) -> list[Json]:
    """Return the lines of the first period.

    Until an anchor in the future it is prorated
    [DOCUMENTED: docs.stripe.com/billing/subscriptions/billing-cycle].
    """
    end = items.span(subscription["items"]).end
    if params.get("backdate_start_date") and _prorates(params):
        since = params["backdate_start_date"]
        prorations.backdate(context, subscription, since)
    if params.get("billing_cycle_anchor") is None:
        return invoices.charges_of(context, subscription)
    if _prorates(params):
        name, count = interval(items.recurring(context, subscription["items"]))
        whole = items.with_span(
            subscription["items"], Span(after(end, name, -count), end)
        )
        now = context.clock.now()
        full = {**subscription, "items": whole}
        prorations.debit(context, full, whole, now, at_once=True)
    return []


def start_date(context: Context, params: Json) -> int:
    """Return when a subscription began: now, or when it is backdated to.

    Raises:
        StripeError: That is not in the past, or it has a trial.
    """
    now = context.clock.now()
    since: int = params.get("backdate_start_date", now)
    if since > now or since < now - _LONGEST:
        raise StripeError(
            "backdate_start_date must be in the past, by ten years at most.",
            Evidence.OURS("that it is in the past is documented, no more"),
            param="backdate_start_date",
        )
    if since < now and (params.get("trial_end") or params.get("trial_period_days")):
        raise unsupported("backdate_start_date with a trial")
    return since


def _prorates(params: Json) -> bool:
    return params.get("proration_behavior") != "none"


def add_items(context: Context, subscription: Json, params: Json) -> None:
    """Bill `add_invoice_items` with the first period: what is paid once.

    Raises:
        StripeError: A price that is not there, or is not paid once.
    """
    known = ("metadata", "price", "price_data", "quantity")
    for place, each in enumerate(params.get("add_invoice_items") or []):
        path = f"add_invoice_items[{place}]"
        only(each, known, "add_invoice_items")
        price = each.get("price")
        if each.get("price_data"):
            made = inline_prices.make(
                context, each["price_data"], f"{path}[price_data]"
            )
            price = made["id"]
        kept = {name: each[name] for name in ("metadata", "quantity") if name in each}
        named = {"customer": subscription["customer"], "pricing": {"price": price}}
        named |= {"subscription": subscription["id"], **kept}
        invoice_items.create(context, named)
