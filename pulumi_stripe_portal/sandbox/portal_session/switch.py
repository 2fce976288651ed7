"""Switching plan, quantity, or both, with a promotion code."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing import (
    collection,
    discounts,
    invoice_preview,
    items,
    schedules,
)
from pulumi_stripe_portal.sandbox.billing.cards import decline_of
from pulumi_stripe_portal.sandbox.billing.plan_switch import switch_items
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from .open_session import OpenSession, allow, transaction
from .overview import show_invoice, show_subscription, subscription
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
        currency: The currency of all amounts.
        due: The invoice that is to be paid at once, each line with its `price` and
            `product`; None where there will be none.
        upcoming: The next invoice in the same form, None where there will be none.
        ends_trial: Whether the trial ends with it.
        discount: The coupon of the promotion code, if one was entered.
    """

    price: Json
    quantity: int
    when: str
    at: int
    currency: str
    due: Json | None
    upcoming: Json | None
    ends_trial: bool
    discount: Json | None

    @property
    def due_now(self) -> int:
        """What is to be paid at once."""
        return int(self.due["amount_due"]) if self.due else 0

    @property
    def next_amount(self) -> int:
        """What the next invoice will be."""
        return int(self.upcoming["amount_due"]) if self.upcoming else 0

    @property
    def next_at(self) -> int | None:
        """When that is."""
        return int(self.upcoming["next_payment_attempt"]) if self.upcoming else None


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

    The portal offers to undo a planned switch [OURS: not known].

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
    end = items.span(request.before["items"]).end
    return SwitchPreview(
        price=render(context, price, context.get("price", item["price"]), ["product"]),
        quantity=item["quantity"],
        when="period_end" if request.later else "now",
        at=end if request.later else now,
        currency=request.before["currency"],
        due=due and show_invoice(context, due),
        upcoming=following and show_invoice(context, following),
        ends_trial=request.terms.end_trial,
        discount=request.coupon,
    )


def _unpaid(context: Context, after: Json) -> CardDeclined:
    id_ = collection.payer(context, after)
    if id_ is None:
        return CardDeclined("Add a payment method first.", "payment_method_needed")
    decline = decline_of(context.get("payment_method", id_)["card"])
    if decline is None:
        # The portal asks for another card, not for 3-D Secure [OURS: not known].
        return CardDeclined(
            "The bank wants to confirm this payment.",
            "invoice_payment_intent_requires_action",
        )
    return CardDeclined(decline.message, decline.code)
