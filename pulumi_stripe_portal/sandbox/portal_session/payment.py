"""Cards: adding, choosing, removing; and paying what is open."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.billing import (
    collection,
    confirmation,
    payment_intents,
    renewal,
    setup_intents,
    subscriptions,
    waiting,
)
from pulumi_stripe_portal.sandbox.billing import payment_methods as methods
from pulumi_stripe_portal.sandbox.billing.next_actions import CHALLENGES
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from .open_session import OpenSession, allow, transaction
from .overview import show_subscription, subscription
from .own_subscriptions import find_own
from .portal_errors import NotAllowed, NotFound

__all__ = [
    "add_payment_method",
    "authentication_url",
    "clear_subscription_payment_method",
    "default_payment_method",
    "is_removable",
    "pay_invoice",
    "payment_methods",
    "remove_payment_method",
    "set_default_payment_method",
]


def payment_methods(session: OpenSession) -> list[Json]:
    """Return the customer's cards, newest first."""
    context = session.context
    with context.store.lock:
        resource = context.resources["payment_method"]
        found = methods.of(context, session.customer["id"])
        return [render(context, resource, each, []) for each in found]


def default_payment_method(session: OpenSession) -> str | None:
    """Return the id of the card that pays unless a subscription names another."""
    with session.context.store.lock:
        return methods.default_of(session.customer)


def is_removable(session: OpenSession, id: str) -> bool:
    """Tell whether a card can go.

    One payment method has to stay while a subscription runs [DOCUMENTED:
    support.stripe.com/questions/billing-customer-portal].
    """
    context = session.context
    with context.store.lock:
        customer = session.customer["id"]
        found = [each["id"] for each in methods.of(context, customer)]
        can = session.allowed.payment_method_update and id in found
        return can and (len(found) > 1 or not subscriptions.of(context, customer))


def add_payment_method(
    session: OpenSession,
    *,
    number: str,
    exp_month: int,
    exp_year: int,
    cvc: str,
    name: str | None = None,
    postal_code: str | None = None,
    make_default: bool = True,
    return_url: str | None = None,
    leaves: str | None = None,
) -> Json:
    """Add a test card; the customer's first one always becomes the default.

    A card that needs 3-D Secure is added once its bank has confirmed it: see
    `authentication_url`. From there the browser comes back to *return_url*, and goes on
    to *leaves*, if that is given.

    Raises:
        NotAllowed: The configuration does not allow it.
        CardDeclined: It is no test card, or one that is declined; `field` says where.
    """
    with transaction(session) as context:
        allow(possible=session.allowed.payment_method_update)
        customer = session.customer
        details: Json = {"name": name, "email": customer["email"]}
        details["address"] = {"postal_code": postal_code}
        card = {"number": number, "exp_month": exp_month, "exp_year": exp_year}
        made = methods.create(
            context, {"billing_details": details, "card": {**card, "cvc": cvc}}
        )
        first = methods.default_of(customer) is None
        intent = setup_intents.create(
            context, {"customer": customer["id"], "payment_method": made["id"]}
        )
        after = {"leaves": leaves, "makes_default": make_default or first}
        intent = setup_intents.confirm(
            context, {**intent, **after}, {"return_url": return_url}
        )
        waiting.resume_waiting(context, customer["id"])
        added = context.get("payment_method", made["id"])
        return render(context, context.resources["payment_method"], added, [])


def authentication_url(session: OpenSession, id: str) -> str | None:
    """Return the page of 3-D Secure that a card or an invoice waits for, if it does."""
    context = session.context
    with context.store.lock:
        for kind in ("setup_intent", "payment_intent"):
            for each in context.partition.all(kind):
                about = each["payment_method"], each.get("invoice")
                if each["status"] == "requires_action" and id in about:
                    return f"{CHALLENGES}{each['client_secret']}"
    return None


def set_default_payment_method(session: OpenSession, id: str) -> None:
    """Pay with another card, except for subscriptions that name their own.

    Raises:
        NotAllowed: The configuration does not allow it.
        NotFound: There is no such card.
    """
    with transaction(session) as context:
        allow(possible=session.allowed.payment_method_update)
        method = _method(session, id)
        methods.make_default(context, session.customer["id"], method["id"])


def remove_payment_method(session: OpenSession, id: str) -> None:
    """Remove a card.

    Where the default card is removed, the newest other one becomes the default [OURS:
    not known].

    Raises:
        NotAllowed: The configuration does not allow it, or it is the last one.
        NotFound: There is no such card.
    """
    with transaction(session) as context:
        allow(possible=session.allowed.payment_method_update)
        method = _method(session, id)
        if not is_removable(session, id):
            raise NotAllowed(
                "While a subscription is active, one payment method has to stay.",
                "last_payment_method",
            )
        customer = session.customer
        rest = [each for each in methods.of(context, customer["id"]) if each != method]
        if rest and methods.default_of(customer) == id:
            methods.make_default(context, customer["id"], rest[0]["id"])
        methods.detach(context, method)


def clear_subscription_payment_method(
    session: OpenSession, subscription_id: str
) -> Json:
    """Let a subscription be paid with the customer's card instead of one of its own.

    Raises:
        NotAllowed: It has none, or the configuration does not allow it.
        NotFound: There is no such subscription.
    """
    with transaction(session) as context:
        may = subscription(session, subscription_id).may
        allow(possible="remove_payment_method" in may)
        found = find_own(session, subscription_id)
        after = keep(context, {**found, "default_payment_method": None}, found)
        return show_subscription(context, after)


def pay_invoice(
    session: OpenSession, id: str, *, return_url: str | None = None
) -> Json:
    """Pay an open invoice, with 3-D Secure as `add_payment_method` adds cards.

    Raises:
        NotAllowed: The configuration has no invoice history.
        CardDeclined: It cannot be charged.
        NotFound: There is no such open invoice.
    """
    with transaction(session) as context:
        allow(possible=session.allowed.invoice_history)
        found = context.partition.get("invoice", id)
        mine = found and found["customer"] == session.customer["id"]
        if not found or not mine or found["status"] != "open":
            raise NotFound("There is no such open invoice.")
        payer = collection.payer(context, found)
        intent = payment_intents.intent_of(context, found)
        if payer is None or intent is None:
            renewal.pay(context, found)
        else:
            wanted = {"payment_method": payer, "return_url": return_url}
            confirmation.confirm(context, intent, wanted)
        paid = context.get("invoice", id)
        return render(context, context.resources["invoice"], paid, [])


def _method(session: OpenSession, id_: str) -> Json:
    found = session.context.partition.get("payment_method", id_)
    if found is None or found["customer"] != session.customer["id"]:
        raise NotFound("There is no such payment method.")
    return found
