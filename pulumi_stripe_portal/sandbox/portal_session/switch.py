"""Switching plan, quantity, or both, with a promotion code."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing import (
    discounts,
    invoice_preview,
    items,
    schedules,
)
from pulumi_stripe_portal.sandbox.billing import invoices as billing_invoices
from pulumi_stripe_portal.sandbox.billing.cards import decline_of
from pulumi_stripe_portal.sandbox.billing.plan_switch import switched
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from .open_session import Visit, acting
from .overview import named, shown
from .portal_errors import CardDeclined
from .update_request import Wish, confirmed, wished

__all__ = [
    "SwitchPreview",
    "confirm_preview",
    "confirm_switch",
    "preview_switch",
    "switch",
]


@dataclass(frozen=True)
class SwitchPreview:
    """What a switch would bring.

    Attributes:
        price: The price afterwards, with its product expanded.
        quantity: How many.
        when: `now` or `period_end`.
        at: When it takes effect.
        due_now: What is to be paid at once.
        currency: The currency of all amounts.
        lines: The lines of the invoice that is to be paid, or of the prorations that
            the next invoice will have, each with its `product`.
        ends_trial: Whether the trial ends with it.
        next_amount: What the next invoice will be.
        next_at: When that is, None where there will be none.
        discount: The coupon of the promotion code, if one was entered.
    """

    price: Json
    quantity: int
    when: str
    at: int
    due_now: int
    currency: str
    lines: list[Json]
    ends_trial: bool
    next_amount: int
    next_at: int | None
    discount: Json | None


def preview_switch(
    visit: Visit,
    id: str,
    *,
    price: str | None = None,
    quantity: int | None = None,
    promotion_code: str | None = None,
) -> SwitchPreview:
    """Return what `switch` with the same arguments would bring.

    Raises:
        PortalError: As `switch`, but for cards.
    """
    with visit.context.store.lock:
        return _preview(visit, wished(visit, id, price, quantity, promotion_code))


def switch(
    visit: Visit,
    id: str,
    *,
    price: str | None = None,
    quantity: int | None = None,
    promotion_code: str | None = None,
) -> Json:
    """Switch a subscription to *price*, to *quantity* of it, or both; return it.

    Raises:
        NotAllowed: The configuration does not list the price, or does not allow it.
        Invalid: The quantity is out of range, the code is none, or nothing changes.
        CardDeclined: What is due at once cannot be charged; nothing has changed.
        NotFound: There is no such subscription.
    """
    with acting(visit) as context:
        wish = wished(visit, id, price, quantity, promotion_code)
        return _done(context, wish)


def confirm_preview(visit: Visit) -> SwitchPreview:
    """Return what `confirm_switch` would bring.

    Raises:
        PortalError: As `confirm_switch`, but for cards.
    """
    with visit.context.store.lock:
        return _preview(visit, confirmed(visit))


def confirm_switch(visit: Visit) -> Json:
    """Switch as the visit's flow `subscription_update_confirm` says.

    Raises:
        PortalError: As `switch`; NotAllowed where the visit has no such flow.
    """
    with acting(visit) as context:
        return _done(context, confirmed(visit))


def _changed(context: Context, wish: Wish) -> Json:
    after = wish.before
    for place, each in enumerate(wish.discounts):
        made = discounts.grant(context, after, each, f"discounts[{place}]")
        after = {**after, "discounts": [*after["discounts"], made["id"]]}
    if wish.later:
        keep(context, after, wish.before)
        return schedules.defer(context, after, wish.wanted)
    after = switched(context, after, wish.wanted, wish.terms)
    return keep(context, after, wish.before)


def _done(context: Context, wish: Wish) -> Json:
    after = _changed(context, wish)
    made = after["latest_invoice"]
    if made != wish.before["latest_invoice"]:
        invoice = context.get("invoice", made)
        if invoice["status"] == "open" and after["status"] == "past_due":
            raise _unpaid(context, after)
    return shown(context, after)


def _preview(visit: Visit, wish: Wish) -> SwitchPreview:
    context = visit.context
    now = context.clock.now()
    due = None
    if not wish.later:
        due = invoice_preview.immediate(
            context, wish.before, lambda place, _: _changed(place, wish)
        )
    following = invoice_preview.upcoming(
        context, wish.before, lambda place, _: _changed(place, wish)
    )
    item = wish.wanted[0]
    price = context.resources["price"]
    prorations = [
        line
        for line in (following or {}).get("lines", [])
        if line["parent"]["subscription_item_details"]["proration"]
    ]
    end = items.span(wish.before["items"]).end
    return SwitchPreview(
        price=render(context, price, context.get("price", item["price"]), ["product"]),
        quantity=item["quantity"],
        when="period_end" if wish.later else "now",
        at=end if wish.later else now,
        due_now=due["amount_due"] if due else 0,
        currency=wish.before["currency"],
        lines=named(context, due["lines"] if due else prorations),
        ends_trial=wish.terms.end_trial,
        next_amount=following["amount_due"] if following else 0,
        next_at=following["next_payment_attempt"] if following else None,
        discount=wish.coupon,
    )


def _unpaid(context: Context, after: Json) -> CardDeclined:
    id_ = billing_invoices.payer(context, after)
    if id_ is None:
        message = "Add a payment method first."
        return CardDeclined(message, "payment_method_needed")
    decline = decline_of(context.get("payment_method", id_)["card"])
    message = decline.message if decline else "Your card was declined."
    return CardDeclined(message, decline.code if decline else "card_declined")
