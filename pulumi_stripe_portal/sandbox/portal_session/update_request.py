"""Whether a switch is allowed: what is asked for, against the configuration."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing import discounts, lines
from pulumi_stripe_portal.sandbox.billing.plan_switch import Terms
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .offers import (
    entry_listing,
    entry_of,
    is_deferred,
    is_updatable,
    missed_range,
    quantity_range,
)
from .open_session import OpenSession, allow
from .own_subscriptions import find_own
from .portal_errors import Invalid, NotAllowed, NotFound

__all__ = ["UpdateRequest", "request_of_customer", "request_of_flow"]


@dataclass(frozen=True)
class UpdateRequest:
    """A switch that is allowed: from *before* to *wanted*."""

    before: Json
    wanted: list[Json]
    discounts: list[Json]
    coupon: Json | None
    later: bool
    terms: Terms


def request_of_flow(session: OpenSession) -> UpdateRequest:
    """Return the switch that the session's flow is for.

    Raises:
        NotAllowed: It has no such flow, or the configuration has changed since.
    """
    flow = session.flow
    if flow is None or flow["type"] != "subscription_update_confirm":
        raise NotAllowed("There is nothing to confirm.")
    allow(possible=session.allowed.subscription_update)
    own_ = flow["subscription_update_confirm"]
    before = _find_updatable(session, own_["subscription"])
    (item,) = own_["items"]
    product = _find_listed(session, item["price"])
    quantity = item["quantity"] or before["items"][0]["quantity"]
    given = own_["discounts"] or []
    return _make(session, before, product, item["price"], quantity, given)


def request_of_customer(
    session: OpenSession,
    id_: str,
    price: str | None,
    quantity: int | None,
    code: str | None,
) -> UpdateRequest:
    """Return the switch that the customer asks for.

    Raises:
        PortalError: It is not allowed, or nothing would change.
    """
    allowed = session.allowed
    allow(possible=allowed.subscription_update)
    if session.flow and session.flow["type"] == "subscription_update_confirm":
        raise NotAllowed("This link is for confirming one change only.")
    before = _find_updatable(session, id_)
    item = before["items"][0]
    wanted = price or item["price"]
    if wanted != item["price"]:
        allow(possible="price" in allowed.update)
    product = _product(session, before, wanted)
    if quantity is not None and quantity != item["quantity"]:
        allow(possible="quantity" in allowed.update)
        allow(possible=quantity_range(product))
    given = []
    if code:
        allow(possible="promotion_code" in allowed.update)
        given = [{"promotion_code": _code(session, code, before)["id"]}]
    amount = item["quantity"] if quantity is None else quantity
    return _make(session, before, product, wanted, amount, given)


def _make(
    session: OpenSession,
    before: Json,
    product: Json,
    price: str,
    quantity: int,
    given: list[Json],
) -> UpdateRequest:
    item = before["items"][0]
    same = price == item["price"] and quantity == item["quantity"]
    if same and not given:
        raise Invalid("There is nothing to change.", "nothing_to_change")
    missed = missed_range(product, quantity)
    if missed and quantity != item["quantity"]:
        raise Invalid(
            f"The quantity must be {missed}.", "quantity_out_of_range", "quantity"
        )
    context = session.context
    wanted = [{**item, "price": price, "quantity": quantity}]
    trial = before["status"] == "trialing"
    update = session.configuration["features"]["subscription_update"]
    changed = {**before, "items": wanted}
    old, new = _worth(context, before), _worth(context, changed)
    return UpdateRequest(
        before=before,
        wanted=wanted,
        discounts=given,
        coupon=_coupon(context, given),
        later=not trial and not same and is_deferred(session.configuration, old, new),
        terms=Terms(
            proration_behavior=update["proration_behavior"],
            billing_cycle_anchor=update["billing_cycle_anchor"] or "unchanged",
            end_trial=trial
            and not same
            and update["trial_update_behavior"] == "end_trial",
        ),
    )


def _find_updatable(session: OpenSession, id_: str) -> Json:
    """Return the subscription, if the portal can update it at all."""
    before = find_own(session, id_)
    if before["ended_at"]:
        raise NotFound("This subscription has ended.")
    allow(possible=is_updatable(session.context, before))
    return before


def _find_listed(session: OpenSession, price: str) -> Json:
    """Return the entry of the configuration's products that lists *price*."""
    found = entry_listing(session.configuration, price)
    if found is None:
        raise NotAllowed("This price is not offered.", "price_not_offered", "price")
    return found


def _product(session: OpenSession, before: Json, price: str) -> Json:
    """Return the entry of *price*; one that the customer has may not be listed."""
    context = session.context
    own = entry_of(context, session.configuration, before)
    if own is None:
        raise NotAllowed("This plan cannot be changed.", "price_not_offered", "price")
    if price == before["items"][0]["price"]:
        return own
    found = _find_listed(session, price)
    if not context.get("price", price)["active"]:
        raise NotAllowed("This price is not offered.", "price_not_offered", "price")
    return found


def _code(session: OpenSession, code: str, before: Json) -> Json:
    context = session.context
    found = discounts.by_code(context, code)
    if found is None or not discounts.is_usable(context, found, before["customer"]):
        raise Invalid(
            "This promotion code is not valid.",
            "promotion_code_invalid",
            "promotion_code",
        )
    return found


def _coupon(context: Context, given: list[Json]) -> Json | None:
    for each in given:
        id_: str = each.get("coupon") or ""
        if each.get("promotion_code"):
            code = context.get("promotion_code", each["promotion_code"])
            id_ = code["promotion"]["coupon"]
        return render(
            context, context.resources["coupon"], context.get("coupon", id_), []
        )
    return None


def _worth(context: Context, subscription: Json) -> tuple[Json, int]:
    item = subscription["items"][0]
    return context.get("price", item["price"]), lines.cost(context, subscription, item)
