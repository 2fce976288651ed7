"""What a customer sees: subscriptions and invoices."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing import (
    cancellation,
    collection,
    invoice_preview,
    items,
    lines,
    schedules,
    taxes,
)
from pulumi_stripe_portal.sandbox.billing.waiting import needs_method
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .offers import is_updatable
from .open_session import OpenSession, allow
from .own_subscriptions import find_own, is_visible
from .portal_errors import NotFound
from .switch_options import is_offered, quantity_of, switch_targets

__all__ = [
    "CustomerSubscription",
    "invoices",
    "next_invoice",
    "show_invoice",
    "show_subscription",
    "subscription",
    "subscriptions",
]

_EXPANDED = (
    "default_payment_method",
    "discounts.source.coupon",
    "items.data.price.product",
    "schedule",
)


@dataclass(frozen=True)
class CustomerSubscription:
    """A subscription as the portal shows it.

    Attributes:
        object: The subscription, with product, card, schedule and coupons expanded.
        may: What can be done about it: switch, quantity, promotion_code, cancel,
            renew, pause, resume, undo_switch, remove_payment_method,
            and add_method, where that resumes it.
        ends_at: When it is to end, if it is.
        next_switch: `price` (with its product), `quantity` and the time `at` of the
            switch that is scheduled, if one is.
        period_end: When the current period ends.
        amount: What it costs per period, before discounts.
    """

    object: Json
    may: frozenset[str]
    ends_at: int | None
    next_switch: Json | None
    period_end: int
    amount: int


def subscriptions(session: OpenSession) -> list[CustomerSubscription]:
    """Return the subscriptions that run, newest first; in a flow only its own."""
    with session.context.store.lock:
        return [
            _subscription(session, each)
            for each in session.context.partition.all("subscription")
            if is_visible(session, each) and not each["ended_at"]
        ]


def subscription(session: OpenSession, id: str) -> CustomerSubscription:
    """Return one subscription.

    Raises:
        NotFound: There is none, it is another's, or it has ended.
    """
    with session.context.store.lock:
        found = find_own(session, id)
        if found["ended_at"]:
            raise NotFound("This subscription has ended.")
        return _subscription(session, found)


def next_invoice(session: OpenSession, id: str) -> Json | None:
    """Return a preview of the next invoice as `named`, None where none will be paid."""
    with session.context.store.lock:
        found = find_own(session, id)
        if found["pause_collection"]:
            return None
        preview = invoice_preview.upcoming_invoice(session.context, found)
        return preview and show_invoice(session.context, preview)


def show_invoice(context: Context, stored: Json) -> Json:
    """Return an invoice with its `taxes`, and its lines with `price` and `product`.

    A line without a price has its description as the product's name.
    """
    shown = render(context, context.resources["invoice"], stored, [])
    shown["lines"]["data"] = [
        {**line, **_sold(context, line)} for line in stored["lines"]
    ]
    shown["taxes"] = taxes.named(stored)
    return shown


def _sold(context: Context, line: Json) -> Json:
    if line["pricing"] is None:
        return {"price": None, "product": {"name": line["description"]}}
    details = line["pricing"]["price_details"]
    return {
        "price": context.get("price", details["price"]),
        "product": context.get("product", details["product"]),
    }


def invoices(session: OpenSession, *, limit: int = 100) -> list[Json]:
    """Return the invoices, newest first.

    Raises:
        NotAllowed: The configuration has no invoice history.
    """
    allow(possible=session.allowed.invoice_history)
    stored_session, customer = session.object, session.customer["id"]
    context = session.context
    with context.store.lock:
        found = [
            each
            for each in context.partition.all("invoice")
            if each["customer"] == customer and each["status"] != "draft"
        ]
        if stored_session["on_behalf_of"]:
            account = stored_session["on_behalf_of"]
            found = [each for each in found if each["on_behalf_of"] == account]
        resource = context.resources["invoice"]
        return [render(context, resource, each, []) for each in found[:limit]]


def show_subscription(context: Context, stored: Json) -> Json:
    """Return *stored* with all that a `CustomerSubscription` has expanded."""
    return render(context, context.resources["subscription"], stored, _EXPANDED)


def _subscription(session: OpenSession, stored: Json) -> CustomerSubscription:
    context = session.context
    return CustomerSubscription(
        object=show_subscription(context, stored),
        may=frozenset(name for name, able in _may(session, stored).items() if able),
        ends_at=cancellation.ends_at(stored),
        next_switch=_next_switch(context, stored),
        period_end=items.span(stored["items"]).end,
        amount=sum(lines.cost(context, stored, item) for item in stored["items"]),
    )


def _may(session: OpenSession, stored: Json) -> dict[str, bool]:
    allowed = session.allowed
    ending = cancellation.will_end(stored)
    waiting = stored["schedule"] is not None
    paused = stored["pause_collection"] is not None or stored["status"] == "paused"
    changes = is_updatable(session.context, stored)
    anything = allowed.subscription_update or allowed.subscription_pause
    resumes = anything or session.object["flow"] is None
    payer = collection.payer(session.context, stored)
    return {
        "switch": changes and bool(switch_targets(session, stored)),
        "quantity": changes and quantity_of(session, stored) is not None,
        "promotion_code": changes
        and "promotion_code" in allowed.update
        and is_offered(session, stored),
        "cancel": allowed.subscription_cancel and not ending and not waiting,
        "renew": allowed.subscription_cancel and ending,
        "pause": allowed.subscription_pause and changes,
        "resume": resumes
        and paused
        and (stored["status"] != "paused" or payer is not None),
        "add_method": allowed.payment_method_update
        and payer is None
        and needs_method(stored),
        "undo_switch": allowed.subscription_update and waiting,
        "remove_payment_method": allowed.payment_method_update
        and stored["default_payment_method"] is not None,
    }


def _next_switch(context: Context, stored: Json) -> Json | None:
    wanted = schedules.next_items(context, stored)
    if wanted is None:
        return None
    price = context.resources["price"]
    found = context.get("price", wanted[0]["price"])
    return {
        "price": render(context, price, found, ["product"]),
        "quantity": wanted[0]["quantity"],
        "at": items.span(stored["items"]).end,
    }
