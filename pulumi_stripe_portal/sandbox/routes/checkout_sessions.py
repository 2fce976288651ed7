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
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Context,
    Operation,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import answer, find_named, list_page

__all__ = ["OPERATIONS", "RESOURCE"]


def _view(context: Context, session: Json) -> Json:
    """Show where an open session is, and what it sells."""
    open_ = session["status"] == "open"
    return session | {
        "line_items": _listed(context, session),
        "url": f"{context.origin}/p/checkout/{session['id']}" if open_ else None,
    }


def _listed(context: Context, session: Json) -> Json:
    found = _lines(context, session)
    return {
        "object": "list",
        "data": found,
        "has_more": False,
        "total_count": len(found),
        "url": f"{RESOURCE.path}/{session['id']}/line_items",
    }


def _lines(context: Context, session: Json) -> list[Json]:
    """Return what is sold, as it is in the first invoice."""
    told = {each["price"]: each.get("metadata", {}) for each in session["lines"]}
    return [_line(context, each, told) for each in session["sold"]]


def _line(context: Context, line: Json, metadata: Mapping[str, Json]) -> Json:
    details, price = line["pricing"]["price_details"], context.resources["price"]
    off = sum(each["amount"] for each in line["discount_amounts"])
    return {
        "id": line["id"].replace("il_", "li_"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": off,
        "amount_subtotal": line["amount"],
        "amount_tax": 0,
        "amount_total": line["amount"] - off,
        "currency": line["currency"],
        "description": context.get("product", details["product"])["name"],
        "metadata": metadata.get(details["price"], {}),
        "price": render(context, price, context.get("price", details["price"]), []),
        "quantity": line["quantity"],
    }


def _update(_: Call, session: Json, params: Json) -> Json:
    only(params, ("metadata",), "updating Checkout Sessions")
    given = params.get("metadata", {})
    return {**session, "metadata": merge_metadata(session["metadata"], given)}


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
    },
    limits={"success_url": url, "cancel_url": url},
    hidden=("data", "lines", "pending", "sold"),
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
    Operation(
        method="POST",
        path=f"{RESOURCE.path}/<id>/expire",
        params="checkout.SessionExpireParams",
        permission="rak_checkout_session_write",
        run=_expire,
    ),
    Operation(
        method="GET",
        path=f"{RESOURCE.path}/<id>/line_items",
        params="checkout.SessionListLineItemsParams",
        permission="rak_checkout_session_read",
        run=_line_items,
    ),
)
