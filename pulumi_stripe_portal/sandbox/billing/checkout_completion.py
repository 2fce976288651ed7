"""The end of a Checkout Session: a customer, a card, a subscription if it sells one.

All of it is made at once, or nothing of it
[DOCUMENTED: docs.stripe.com/payments/checkout/how-checkout-works].
"""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.webhooks.events import record

from . import cards, customers, payment_methods, setup_intents, subscriptions
from .checkout_summary import subscribe_params, summarise
from .clock_of import in_time_of

__all__ = ["authenticate", "needs_card", "submit"]


def needs_card(context: Context, session: Json, code: Json | None = None) -> bool:
    """Tell whether a card is asked for; without one nothing can be due."""
    if session["payment_method_collection"] != "if_required":
        return True
    return bool(summarise(context, session, code).invoice["amount_due"])


def submit(
    context: Context,
    session: Json,
    *,
    email: str,
    name: str | None,
    card: Json | None,
    code: Json | None = None,
) -> Json:
    """Complete *session*, or let its customer authenticate first.

    *card* has the parameters of a card that was entered. The session is `open` still
    where 3-D Secure is needed; its hidden field `pending` has what was entered.

    Raises:
        StripeError: The card is declined, or something is gone since.
    """
    method = None
    if card is not None:
        details = {"email": email, "name": name}
        method = payment_methods.create(
            context, {"billing_details": details, "card": card, "type": "card"}
        )
    entered = {
        "code": code,
        "email": email,
        "method": method and method["id"],
        "name": name,
    }
    if method and _asks(context, session, method, code):
        secret = context.new_id("cs_3ds_secret_", 25)
        waiting = {**entered, "client_secret": secret, "has_failed": False}
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


def _asks(context: Context, session: Json, method: Json, code: Json | None) -> bool:
    """Tell whether the customer has to authenticate: to pay, or to save the card."""
    pays = session["mode"] == "subscription"
    if pays and summarise(context, session, code).invoice["amount_due"]:
        return cards.charge(method, on_session=True) == "requires_action"
    return cards.needs_authentication(method)


def _complete(context: Context, session: Json, entered: Json) -> Json:
    customer = session["customer"] or _customer(context, session, entered)
    stored = context.get("customer", customer) if customer else {}
    there = in_time_of(context, stored) if customer else context
    made: Json = {
        "customer": customer,
        "customer_details": _details(stored, entered),
        "payment_status": "no_payment_required",
        "pending": None,
        "status": "complete",
    }
    if session["mode"] == "setup":
        made |= _set_up(there, session, customer, entered["method"])
    elif customer:
        made |= _subscribe(there, session, customer, entered)
    after = {**session, **made}
    context.partition.put(after)
    record(context, after, verb="completed")
    return after


def _customer(context: Context, session: Json, entered: Json) -> str | None:
    """Make the customer; to save a card takes none, unless one is asked for."""
    if session["mode"] == "setup" and session["customer_creation"] != "always":
        return None
    known = {name: entered[name] for name in ("email", "name") if entered[name]}
    return str(customers.create(context, known)["id"])


def _set_up(context: Context, session: Json, customer: str | None, method: str) -> Json:
    wanted = {**session["data"], "customer": customer, "payment_method": method}
    intent = setup_intents.create(context, wanted)
    setup_intents.succeed(context, intent)
    return {"setup_intent": intent["id"]}


def _subscribe(context: Context, session: Json, customer: str, entered: Json) -> Json:
    method = entered["method"]
    params = {**subscribe_params(session, entered["code"]), "customer": customer}
    if method:
        payment_methods.attach(context, method, customer)
        params["default_payment_method"] = method
    params["payment_behavior"] = "error_if_incomplete"
    made = subscriptions.create(context, params)
    invoice = context.get("invoice", made["latest_invoice"])
    return {
        "amount_subtotal": invoice["subtotal"],
        "amount_total": invoice["total"],
        "discounts": _named(params["discounts"]),
        "invoice": invoice["id"],
        "payment_status": "paid",
        "sold": invoice["lines"],
        "subscription": made["id"],
        "total_details": {
            "amount_discount": invoice["subtotal"] - invoice["total"],
            "amount_shipping": 0,
            "amount_tax": 0,
        },
    }


def _named(given: list[Json]) -> list[Json]:
    return [
        {"coupon": each.get("coupon"), "promotion_code": each.get("promotion_code")}
        for each in given
    ]


def _details(customer: Json, entered: Json) -> Json:
    return {
        "address": customer.get("address"),
        "business_name": None,
        "email": customer.get("email") or entered["email"],
        "individual_name": None,
        "name": entered["name"] or customer.get("name"),
        "phone": customer.get("phone"),
        "tax_exempt": customer.get("tax_exempt", "none"),
        "tax_ids": [],
    }
