"""Subscriptions.

See https://docs.stripe.com/api/subscriptions.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.billing import (
    cancellation,
    entitlements,
    pauses,
    subscriptions,
    tax_params,
)
from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import no_such
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.paging import as_list
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Context,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.search import Field
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import answer, find_named, list_page

__all__ = ["OPERATIONS", "RESOURCE", "item_view", "plan"]


def _view(context: Context, subscription: Json) -> Json:
    """Show items as a list with their prices in full.

    Subscriptions with one item have `plan` and `quantity`, which are typed no more
    [OBSERVED: better-auth/better-auth #9321].
    """
    items = [item_view(context, item) for item in subscription["items"]]
    single = items[0] if len(items) == 1 else None
    return subscription | {
        "default_tax_rates": tax_params.shown(
            context, subscription["default_tax_rates"]
        ),
        "items": as_list(
            items, f"/v1/subscription_items?subscription={subscription['id']}"
        ),
        "plan": single and single["plan"],
        "quantity": single and single["quantity"],
    }


def item_view(context: Context, item: Json) -> Json:
    """Show an item with its price in full."""
    price = context.get("price", item["price"])
    rates = tax_params.shown(context, item["tax_rates"])
    return {**item, "plan": plan(price), "price": price, "tax_rates": rates}


def plan(price: Json) -> Json:
    """Return *price* as the older type that Stripe still sends beside it."""
    recurring = price["recurring"]
    same = ("active", "billing_scheme", "created", "currency", "livemode", "metadata")
    return {
        "id": price["id"],
        "object": "plan",
        **{name: price[name] for name in same},
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "meter": recurring["meter"],
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": price["tiers_mode"],
        "transform_usage": price["transform_quantity"],
        "trial_period_days": recurring["trial_period_days"],
        "usage_type": recurring["usage_type"],
    }


def _list(call: Call) -> Json:
    """Answer the list.

    Lists of subscriptions leave out what was canceled, unless a status is asked for
    [SPECIFIED: stripe 16.1.0, SubscriptionListParams.status].
    """
    every = call.partition.all(RESOURCE.object)
    # Those with a test clock are left out, too, unless it or the customer is asked for
    # [SPECIFIED: stripe 16.1.0, SubscriptionListParams.test_clock].
    if not {"customer", "test_clock"} & set(call.params):
        every = [each for each in every if not each["test_clock"]]
    if "status" not in call.params:
        every = [each for each in every if each["status"] != "canceled"]
    return list_page(RESOURCE, call, every)


def _cancel(call: Call) -> Json:
    details = call.params.get("cancellation_details")
    after = cancellation.end(
        call,
        find_named(RESOURCE, call),
        details=details,
        prorate=call.params.get("prorate", False),
        invoice_now=call.params.get("invoice_now", False),
    )
    return answer(RESOURCE, call, after)


def _pause(call: Call) -> Json:
    only(call.params, ("type",), "pausing subscriptions")
    after = pauses.pause(call, find_named(RESOURCE, call), "pause_requested")
    return answer(RESOURCE, call, after)


def _resume(call: Call) -> Json:
    only(call.params, ("billing_cycle_anchor",), "resuming subscriptions")
    anchor = call.params.get("billing_cycle_anchor", {}).get("type", "now")
    return answer(
        RESOURCE, call, pauses.resume(call, find_named(RESOURCE, call), anchor)
    )


def _delete_discount(call: Call) -> Json:
    """End the discounts; a subscription that has none is not found.

    Stripe answers with the one that was removed
    [SPECIFIED: stripe 16.1.0, SubscriptionService.delete_discount].
    """
    found = find_named(RESOURCE, call)
    if not found["discounts"]:
        raise no_such("discount", found["id"], param="discount", status=404)
    newest = call.get("discount", found["discounts"][-1])
    subscriptions.update(call, found, {"discounts": []})
    shown = render(call, call.resources["discount"], newest, [])
    return {**shown, "deleted": True}


def _has_price(subscription: Json, wanted: Any) -> bool:
    return any(item["price"] == wanted for item in subscription["items"])


def _has_status(subscription: Json, wanted: Any) -> bool:
    status = subscription["status"]
    if wanted == "ended":
        return status in ("canceled", "incomplete_expired")
    return wanted in ("all", status)


RESOURCE = Resource(
    object="subscription",
    path="/v1/subscriptions",
    noun="subscription",
    prefix="sub_1",
    id_length=23,
    scope="subscription",
    params="Subscription",
    missing_param="id",
    create=subscriptions.create,
    update=subscriptions.update,
    filters={
        "collection_method": equals("collection_method"),
        "created": created,
        "customer": equals("customer"),
        "plan": _has_price,
        "price": _has_price,
        "status": _has_status,
        "test_clock": equals("test_clock"),
    },
    searches={
        "canceled_at": Field("numeric"),
        "created": Field("numeric"),
        "metadata": Field("string"),
        "status": Field("token"),
    },
    expands={
        "customer": "customer",
        "default_payment_method": "payment_method",
        "discounts": "discount",
        "items.data.price.currency_options": INCLUDED,
        "items.data.price.product": "product",
        "items.data.price.tiers": INCLUDED,
        "latest_invoice": "invoice",
        "pending_setup_intent": "setup_intent",
        "schedule": "subscription_schedule",
        "test_clock": "test_helpers.test_clock",
    },
    event="customer.subscription",
    follow=entitlements.follow,
    hidden=("announced", "reminded"),
    list=_list,
    view=_view,
)

OPERATIONS = (
    RESOURCE.operation(
        "DELETE", "/<id>/discount", "SubscriptionDeleteDiscountParams", _delete_discount
    ),
    RESOURCE.operation("DELETE", "/<id>", "SubscriptionCancelParams", _cancel),
    RESOURCE.operation("POST", "/<id>/pause", "SubscriptionPauseParams", _pause),
    RESOURCE.operation("POST", "/<id>/resume", "SubscriptionResumeParams", _resume),
)
