"""Switching what a subscription is for: price, quantity, trial, billing cycle."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context

from . import (
    collection,
    discounts,
    invoice_items,
    invoices,
    items,
    prorations,
    tax_params,
)
from .periods import Span, interval, period

__all__ = ["Terms", "switch_items"]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a switch is billed.

    Attributes:
        proration_behavior: `none`, `create_prorations` for the next invoice, or
            `always_invoice` for one at once.
        billing_cycle_anchor: `unchanged`, or `now` to begin a new period.
        end_trial: Whether a trial ends with the switch.
        trial_end: When the trial ends from now on, where that changes.
        proration_date: The moment to count from, None for now.
        payment_behavior: What happens where an invoice can't be paid at once.
        on_session: Whether the customer is there, to authenticate.
    """

    proration_behavior: str = "create_prorations"
    billing_cycle_anchor: str = "unchanged"
    end_trial: bool = False
    trial_end: int | None = None
    proration_date: int | None = None
    payment_behavior: str = "allow_incomplete"
    on_session: bool = False


def switch_items(
    context: Context, before: Json, wanted: list[Json], terms: Terms
) -> Json:
    """Return the subscription with the items *wanted*, billed on *terms*.

    Another interval, the end of a trial, or `billing_cycle_anchor=now` begins a new
    period, which is billed at once
    [DOCUMENTED: docs.stripe.com/billing/subscriptions/billing-cycle].

    The event is the caller's.
    """
    if terms.trial_end is not None:
        return _on_trial(context, before, wanted, terms.trial_end)
    trialing = before["status"] == "trialing"
    if trialing and not terms.end_trial:
        return {**before, "items": items.with_span(wanted, items.span(before["items"]))}
    recurring = items.recurring(context, wanted)
    was = items.recurring(context, before["items"])
    another = interval(recurring) != interval(was)
    fresh = another or terms.end_trial or terms.billing_cycle_anchor == "now"
    old = items.span(before["items"])
    now = context.clock.now()
    prorated = terms.proration_behavior != "none" and not trialing
    moment = _moment(terms, old, now)
    after = {**before, "items": items.with_span(wanted, old)}
    if fresh:
        span = period(now, recurring, now)
        after |= {
            "billing_cycle_anchor": now,
            "items": items.with_span(wanted, span),
        }
    if terms.end_trial:
        after |= {"status": "active", "trial_end": now}
    at_once = terms.proration_behavior == "always_invoice"
    if prorated:
        _credit(context, before, wanted, moment, everything=fresh)
        if not fresh:
            after = _bill_usage(context, before, after, moment)
            changed = _changed(before, after)
            prorations.debit(context, after, changed, moment, at_once=at_once)
    waiting = invoice_items.pending_items(context, before["customer"], before["id"])
    if not fresh and not (at_once and waiting):
        return after
    context.partition.put(after)
    if not fresh:
        return _bill(context, after, [], terms)
    ended = [
        item
        for item in items.with_span(before["items"], Span(old.start, now))
        if not trialing and (prorated or item["price"] in _prices(wanted))
    ]
    charges = invoices.charges_of(context, after, ended)
    return _bill(context, after, charges, terms)


def _bill_usage(context: Context, before: Json, after: Json, moment: int) -> Json:
    """Bill what was used of prices that go, and return what is used from now on.

    In flexible billing mode that is an invoice item; in classic mode it is not billed
    [DOCUMENTED: docs.stripe.com/billing/subscriptions/usage-based, "Update prices
    mid-cycle"].
    """
    had, has = _prices(before["items"]), _prices(after["items"])
    if before["billing_mode"]["type"] == "flexible":
        for item in before["items"]:
            if item["price"] not in has:
                prorations.bill_usage(context, before, item, moment)
    changed = [
        item
        if item["price"] in had or item["quantity"] is not None
        else {**item, "billed_until": moment}
        for item in after["items"]
    ]
    return {**after, "items": changed}


def _prices(items: list[Json]) -> set[str]:
    return {item["price"] for item in items}


def _bill(context: Context, after: Json, charges: list[Json], terms: Terms) -> Json:
    invoice = invoices.bill(context, after, charges, "subscription_update")
    invoice = collection.collect(
        context, invoice, terms.payment_behavior, on_session=terms.on_session
    )
    after = discounts.spend(context, after) | {"latest_invoice": invoice["id"]}
    after |= tax_params.after_invoice(invoice)
    if invoice["status"] == "open" and after["collection_method"] != "send_invoice":
        after |= {"status": "past_due"}
    return after


def _on_trial(
    context: Context, before: Json, wanted: list[Json], trial_end: int
) -> Json:
    """Let a trial run until *trial_end*.

    Nothing is credited where a trial begins in a paid period [OURS: what Stripe does is
    not known].
    """
    now = context.clock.now()
    span = Span(now, trial_end)
    return {
        **before,
        "billing_cycle_anchor": trial_end,
        "items": items.with_span(wanted, span),
        "status": "trialing",
        "trial_end": trial_end,
        "trial_start": before["trial_start"] or now,
    }


def _credit(
    context: Context, before: Json, wanted: list[Json], moment: int, *, everything: bool
) -> None:
    """Credit the time not used of the items that change, as it was paid for."""
    kept = {item["id"]: item for item in wanted}
    for item in before["items"]:
        if everything or _differs(item, kept.get(item["id"])):
            prorations.credit(context, before, item, moment)


def _changed(before: Json, after: Json) -> list[Json]:
    had = {item["id"]: item for item in before["items"]}
    return [item for item in after["items"] if _differs(item, had.get(item["id"]))]


def _differs(one: Json, other: Json | None) -> bool:
    names = ("price", "quantity")
    return other is None or any(one[name] != other[name] for name in names)


def _moment(terms: Terms, span: Span, now: int) -> int:
    moment = terms.proration_date
    if moment is None:
        return now
    if not span.start <= moment <= span.end:
        raise StripeError(
            "The proration date is not in the current period.",
            Evidence.OURS("no words of Stripe's for it are known"),
            param="proration_date",
        )
    return moment
