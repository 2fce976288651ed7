"""The end of a Checkout Session: a customer, a card, a subscription if it sells one.

All of it is made at once, or nothing of it
[DOCUMENTED: docs.stripe.com/payments/checkout/how-checkout-works].
"""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import (
    cards,
    checkout_customer,
    payment_methods,
    setup_intents,
    subscriptions,
)
from .checkout_summary import amounts, subscribe_params, summarise
from .clock_of import in_time_of

__all__ = ["authenticate", "needs_card", "submit"]


def needs_card(session: Json, invoice: Json) -> bool:
    """Tell whether a card is asked for; without one nothing can be due."""
    if session["payment_method_collection"] != "if_required":
        return True
    return bool(invoice["amount_due"])


def submit(context: Context, session: Json, entered: Json, card: Json | None) -> Json:
    """Complete *session*, or let its customer authenticate first.

    *entered* is as `checkout_customer.NOTHING` has it, *card* the parameters of a card.
    The session is `open` still where 3-D Secure is needed; its hidden field `pending`
    has what was entered.

    Raises:
        StripeError: The card is declined, or something is gone since.
    """
    method = None
    if card is not None:
        told = ("address", "email", "name")
        details = {name: entered[name] for name in told if entered[name]}
        method = payment_methods.create(
            context, {"billing_details": details, "card": card, "type": "card"}
        )
    entered = {**entered, "method": method and method["id"]}
    due = 0
    if session["mode"] == "subscription":
        due = summarise(context, session, entered).invoice["amount_due"]
    if method and _asks(method, due):
        secret = context.new_id("cs_3ds_secret_", 25)
        waiting = {**entered, "client_secret": secret, "due": due, "has_failed": False}
        after = {**session, "pending": waiting}
        context.partition.put(after)
        return after
    return _complete(context, session, entered)


def authenticate(context: Context, session: Json, *, succeeded: bool) -> Json:
    """Go on after the page of 3-D Secure, on which the customer *succeeded* or not."""
    session = context.get("checkout.session", session["id"])
    pending = session["pending"]
    if session["status"] != "open" or not pending:
        return session
    if not succeeded:
        after = {**session, "pending": {**pending, "has_failed": True}}
        context.partition.put(after)
        return after
    method = context.get("payment_method", pending["method"])
    context.partition.put({**method, "is_authenticated": True})
    return _complete(context, session, pending)


def _asks(method: Json, due: int) -> bool:
    """Tell whether the customer has to authenticate: to pay, or to save the card."""
    if due:
        return cards.charge(method, on_session=True) == "requires_action"
    return cards.needs_authentication(method)


def _complete(context: Context, session: Json, entered: Json) -> Json:
    customer: Json = {}
    # To save a card takes no customer, unless one is asked for.
    sells = session["mode"] == "subscription"
    if sells or session["customer"] or session["customer_creation"] == "always":
        customer = checkout_customer.sold_to(context, session, entered)
    there = in_time_of(context, customer) if customer else context
    made: Json = {
        "collected_information": {
            "business_name": entered["business_name"],
            "individual_name": None,
            "shipping_details": None,
        },
        "customer": customer.get("id"),
        "customer_details": checkout_customer.details(context, customer, entered),
        "payment_status": "no_payment_required",
        "pending": None,
        "status": "complete",
    }
    if sells:
        made |= _subscribe(there, session, customer, entered)
    else:
        made |= _set_up(there, session, customer.get("id"), entered["method"])
    after = {**session, **made}
    context.partition.put(after)
    record(context, after, verb="completed")
    return after


def _set_up(context: Context, session: Json, customer: str | None, method: str) -> Json:
    wanted = {**session["data"], "customer": customer, "payment_method": method}
    intent = setup_intents.create(context, wanted)
    setup_intents.succeed(context, intent)
    return {"setup_intent": intent["id"]}


def _subscribe(context: Context, session: Json, customer: Json, entered: Json) -> Json:
    method = entered["method"]
    params = subscribe_params(session, customer, entered)
    if method:
        payment_methods.attach(context, method, customer["id"])
        params["default_payment_method"] = method
    params["payment_behavior"] = "error_if_incomplete"
    made = subscriptions.create(context, params)
    invoice = context.get("invoice", made["latest_invoice"])
    return amounts(context, session, invoice) | {
        "discounts": _named(params["discounts"]),
        "invoice": invoice["id"],
        "payment_status": "paid",
        "subscription": made["id"],
    }


def _named(given: list[Json]) -> list[Json]:
    return [
        {"coupon": each.get("coupon"), "promotion_code": each.get("promotion_code")}
        for each in given
    ]
