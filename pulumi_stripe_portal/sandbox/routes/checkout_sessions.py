"""Checkout Sessions: hosted pages on which customers subscribe, or save a card.

See https://docs.stripe.com/api/checkout/sessions.
"""

from collections.abc import Mapping
from typing import Any

from pulumi_stripe_portal.sandbox.billing import checkout_sessions
from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.limits import url
from pulumi_stripe_portal.sandbox.objects.merge import merge_given
from pulumi_stripe_portal.sandbox.objects.paging import as_list
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Context,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import answer, find_named, list_page

__all__ = ["OPERATIONS", "RESOURCE"]


def _view(context: Context, session: Json) -> Json:
    """Show where an open session is, and what it sells."""
    open_, total = session["status"] == "open", session["total_details"]
    return session | {
        "line_items": _listed(context, session),
        "total_details": total and {**total, "breakdown": session["breakdown"]},
        "url": f"{context.origin}/p/checkout/{session['id']}" if open_ else None,
    }


def _listed(context: Context, session: Json) -> Json:
    url = f"{RESOURCE.path}/{session['id']}/line_items"
    return as_list(_lines(context, session), url)


def _lines(context: Context, session: Json) -> list[Json]:
    """Return what is sold, as it is in the first invoice."""
    told = {each["price"]: each.get("metadata", {}) for each in session["lines"]}
    return [_line(context, each, told) for each in session["sold"]]


def _line(context: Context, line: Json, metadata: Mapping[str, Json]) -> Json:
    details, price = line["pricing"]["price_details"], context.resources["price"]
    off = sum(each["amount"] for each in line["discount_amounts"])
    added = [each for each in line["taxes"] if each["tax_behavior"] == "exclusive"]
    return {
        "id": line["id"].replace("il_", "li_"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": off,
        "amount_subtotal": line["amount"],
        "amount_tax": sum(each["amount"] for each in line["taxes"]),
        "amount_total": line["amount"] - off + sum(each["amount"] for each in added),
        "currency": line["currency"],
        "description": context.get("product", details["product"])["name"],
        "metadata": metadata.get(details["price"], {}),
        "price": render(context, price, context.get("price", details["price"]), []),
        "quantity": line["quantity"],
    }


def _update(_: Call, session: Json, params: Json) -> Json:
    only(params, ("metadata",), "updating Checkout Sessions")
    return merge_given(session, params)


def _expire(call: Call) -> Json:
    session = find_named(RESOURCE, call)
    return answer(RESOURCE, call, checkout_sessions.expire(call, session))


def _line_items(call: Call) -> Json:
    session = find_named(RESOURCE, call)
    return list_page(_LINE, call, _lines(call, session))


def _of_email(session: Json, wanted: Any) -> bool:
    details = session["customer_details"] or {}
    return bool(details.get("email") == wanted["email"])


RESOURCE = Resource(
    object="checkout.session",
    path="/v1/checkout/sessions",
    noun="checkout.session",
    prefix="cs_",
    scope="checkout_session",
    params="checkout.Session",
    missing_param="session",
    create=checkout_sessions.create,
    update=_update,
    filters={
        "created": created,
        "customer": equals("customer"),
        "customer_details": _of_email,
        "status": equals("status"),
        "subscription": equals("subscription"),
    },
    expands={
        "customer": "customer",
        "invoice": "invoice",
        "line_items": INCLUDED,
        "setup_intent": "setup_intent",
        "subscription": "subscription",
        "total_details.breakdown": INCLUDED,
    },
    limits={"success_url": url, "cancel_url": url},
    hidden=("breakdown", "customer_update", "data", "lines", "pending", "sold"),
    view=_view,
)

_LINE = Resource(
    object="item",
    path="",
    noun="line item",
    prefix="li_1",
    scope="checkout_session",
    params="",
)

OPERATIONS = (
    RESOURCE.operation("POST", "/<id>/expire", "checkout.SessionExpireParams", _expire),
    RESOURCE.operation(
        "GET", "/<id>/line_items", "checkout.SessionListLineItemsParams", _line_items
    ),
)
