"""Whether a switch is allowed: what the customer wishes, against the configuration."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing import discounts, lines
from pulumi_stripe_portal.sandbox.billing.plan_switch import Terms
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.resource import Context

from .offers import adjustable, deferred, entry, listed, out_of_range, updatable
from .open_session import Visit, allow
from .own_subscriptions import own
from .portal_errors import Invalid, NotAllowed, NotFound

__all__ = ["Wish", "confirmed", "wished"]


@dataclass(frozen=True)
class Wish:
    """A switch that is allowed: from *before* to *wanted*."""

    before: Json
    wanted: list[Json]
    discounts: list[Json]
    coupon: Json | None
    later: bool
    terms: Terms


def confirmed(visit: Visit) -> Wish:
    """Return the switch that the visit's flow is for.

    Raises:
        NotAllowed: It has no such flow, or the configuration has changed since.
    """
    flow = visit.flow
    if flow is None or flow["type"] != "subscription_update_confirm":
        raise NotAllowed("There is nothing to confirm.")
    allow(possible=visit.allowed.subscription_update)
    own_ = flow["subscription_update_confirm"]
    before = _updatable(visit, own_["subscription"])
    (item,) = own_["items"]
    product = _listed(visit, item["price"])
    quantity = item["quantity"] or before["items"][0]["quantity"]
    given = own_["discounts"] or []
    return _made(visit, before, product, item["price"], quantity, given)


def wished(
    visit: Visit, id_: str, price: str | None, quantity: int | None, code: str | None
) -> Wish:
    """Return the switch that the customer asks for.

    Raises:
        PortalError: It is not allowed, or nothing would change.
    """
    allowed = visit.allowed
    allow(possible=allowed.subscription_update)
    if visit.flow and visit.flow["type"] == "subscription_update_confirm":
        raise NotAllowed("This link is for confirming one change only.")
    before = _updatable(visit, id_)
    item = before["items"][0]
    wanted = price or item["price"]
    if wanted != item["price"]:
        allow(possible="price" in allowed.update)
    product = _product(visit, before, wanted)
    if quantity is not None and quantity != item["quantity"]:
        allow(possible="quantity" in allowed.update)
        allow(possible=adjustable(product))
    given = []
    if code:
        allow(possible="promotion_code" in allowed.update)
        given = [{"promotion_code": _code(visit, code, before)["id"]}]
    amount = item["quantity"] if quantity is None else quantity
    return _made(visit, before, product, wanted, amount, given)


def _made(
    visit: Visit,
    before: Json,
    product: Json,
    price: str,
    quantity: int,
    given: list[Json],
) -> Wish:
    item = before["items"][0]
    same = price == item["price"] and quantity == item["quantity"]
    if same and not given:
        raise Invalid("There is nothing to change.", "nothing_to_change")
    problem = out_of_range(product, quantity)
    if problem and quantity != item["quantity"]:
        raise Invalid(problem, "quantity_out_of_range", "quantity")
    context = visit.context
    wanted = [{**item, "price": price, "quantity": quantity}]
    trial = before["status"] == "trialing"
    update = visit.configuration["features"]["subscription_update"]
    changed = {**before, "items": wanted}
    old, new = _worth(context, before), _worth(context, changed)
    return Wish(
        before=before,
        wanted=wanted,
        discounts=given,
        coupon=_coupon(context, given),
        later=not trial and not same and deferred(visit.configuration, old, new),
        terms=Terms(
            proration_behavior=update["proration_behavior"],
            billing_cycle_anchor=update["billing_cycle_anchor"] or "unchanged",
            had=tuple(before["discounts"]),
            end_trial=trial
            and not same
            and update["trial_update_behavior"] == "end_trial",
        ),
    )


def _updatable(visit: Visit, id_: str) -> Json:
    """Return the subscription, if the portal can update it at all."""
    before = own(visit, id_)
    if before["ended_at"]:
        raise NotFound("This subscription has ended.")
    allow(possible=updatable(visit.context, before))
    return before


def _listed(visit: Visit, price: str) -> Json:
    """Return the entry of the configuration's products that lists *price*."""
    found = listed(visit.configuration, price)
    if found is None:
        raise NotAllowed("This price is not offered.", "price_not_offered", "price")
    return found


def _product(visit: Visit, before: Json, price: str) -> Json:
    """Return the entry of *price*; one that the customer has may not be listed."""
    context = visit.context
    own = entry(context, visit.configuration, before)
    if own is None:
        raise NotAllowed("This plan cannot be changed.", "price_not_offered", "price")
    if price == before["items"][0]["price"]:
        return own
    found = _listed(visit, price)
    if not context.get("price", price)["active"]:
        raise NotAllowed("This price is not offered.", "price_not_offered", "price")
    return found


def _code(visit: Visit, code: str, before: Json) -> Json:
    context = visit.context
    found = discounts.by_code(context, code)
    if found is None or not discounts.usable(context, found, before["customer"]):
        message = "This promotion code is not valid."
        raise Invalid(message, "promotion_code_invalid", "promotion_code")
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
