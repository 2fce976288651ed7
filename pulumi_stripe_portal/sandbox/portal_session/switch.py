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
from pulumi_stripe_portal.sandbox.billing.plan_switch import switch_items
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from .open_session import OpenSession, allow, transaction
from .overview import show_subscription, subscription, with_products
from .own_subscriptions import find_own
from .portal_errors import CardDeclined
from .update_request import UpdateRequest, request_of_customer, request_of_flow

__all__ = [
    "SwitchPreview",
    "confirm_preview",
    "confirm_switch",
    "preview_switch",
    "switch",
    "undo_switch",
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
    session: OpenSession,
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
    with session.context.store.lock:
        return _preview(
            session, request_of_customer(session, id, price, quantity, promotion_code)
        )


def switch(
    session: OpenSession,
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
    with transaction(session) as context:
        request = request_of_customer(session, id, price, quantity, promotion_code)
        return _finish(context, request)


def confirm_preview(session: OpenSession) -> SwitchPreview:
    """Return what `confirm_switch` would bring.

    Raises:
        PortalError: As `confirm_switch`, but for cards.
    """
    with session.context.store.lock:
        return _preview(session, request_of_flow(session))


def confirm_switch(session: OpenSession) -> Json:
    """Switch as the session's flow `subscription_update_confirm` says.

    Raises:
        PortalError: As `switch`; NotAllowed where the session has no such flow.
    """
    with transaction(session) as context:
        return _finish(context, request_of_flow(session))


def undo_switch(session: OpenSession, id: str) -> Json:
    """Take a switch back that waits for the period's end.

    Whether the real portal offers this is not known [U].

    Raises:
        NotAllowed: Nothing is scheduled, or updating is off.
        NotFound: There is no such subscription.
    """
    with transaction(session) as context:
        allow(possible="undo_switch" in subscription(session, id).may)
        id_ = find_own(session, id)["schedule"]
        schedules.release(context, context.get("subscription_schedule", id_))
        return show_subscription(context, find_own(session, id))


def _change(context: Context, request: UpdateRequest) -> Json:
    after = request.before
    for place, each in enumerate(request.discounts):
        made = discounts.grant(context, after, each, f"discounts[{place}]")
        after = {**after, "discounts": [*after["discounts"], made["id"]]}
    if request.later:
        keep(context, after, request.before)
        return schedules.defer(context, after, request.wanted)
    after = switch_items(context, after, request.wanted, request.terms)
    return keep(context, after, request.before)


def _finish(context: Context, request: UpdateRequest) -> Json:
    after = _change(context, request)
    made = after["latest_invoice"]
    if made != request.before["latest_invoice"]:
        invoice = context.get("invoice", made)
        if invoice["status"] == "open" and after["status"] == "past_due":
            raise _unpaid(context, after)
    return show_subscription(context, after)


def _preview(session: OpenSession, request: UpdateRequest) -> SwitchPreview:
    context = session.context
    now = context.clock.now()
    due = None
    if not request.later:
        due = invoice_preview.immediate_invoice(
            context, request.before, lambda place, _: _change(place, request)
        )
    following = invoice_preview.upcoming_invoice(
        context, request.before, lambda place, _: _change(place, request)
    )
    item = request.wanted[0]
    price = context.resources["price"]
    prorations = [
        line
        for line in (following or {}).get("lines", [])
        if line["parent"]["subscription_item_details"]["proration"]
    ]
    end = items.span(request.before["items"]).end
    return SwitchPreview(
        price=render(context, price, context.get("price", item["price"]), ["product"]),
        quantity=item["quantity"],
        when="period_end" if request.later else "now",
        at=end if request.later else now,
        due_now=due["amount_due"] if due else 0,
        currency=request.before["currency"],
        lines=with_products(context, due["lines"] if due else prorations),
        ends_trial=request.terms.end_trial,
        next_amount=following["amount_due"] if following else 0,
        next_at=following["next_payment_attempt"] if following else None,
        discount=request.coupon,
    )


def _unpaid(context: Context, after: Json) -> CardDeclined:
    id_ = billing_invoices.payer(context, after)
    if id_ is None:
        message = "Add a payment method first."
        return CardDeclined(message, "payment_method_needed")
    decline = decline_of(context.get("payment_method", id_)["card"])
    message = decline.message if decline else "Your card was declined."
    return CardDeclined(message, decline.code if decline else "card_declined")
