"""Subscription items: what a subscription is for, one by one.

See https://docs.stripe.com/api/subscription_items. They are stored with their
subscription, which each change goes through.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.billing import subscriptions
from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import no_such
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Resource,
)
from pulumi_stripe_portal.sandbox.verbs import answer, list_page, reference

from .subscriptions import item_view

__all__ = ["OPERATIONS", "RESOURCE"]

_ITEM = ("metadata", "plan", "price", "quantity")
_TERMS = ("off_session", "payment_behavior", "proration_behavior", "proration_date")


def _find(call: Call) -> tuple[Json, Json]:
    """Return the item that the path names, and its subscription."""
    id_ = call.arguments["id"]
    for subscription in call.partition.all("subscription"):
        for item in subscription["items"]:
            if item["id"] == id_:
                return item, subscription
    raise no_such("subscription_item", id_, param="item", status=404)


def _list(call: Call) -> Json:
    id_ = call.params.pop("subscription")
    subscription = reference(call, "subscription", id_, "subscription")
    return list_page(RESOURCE, call, subscription["items"])


def _retrieve(call: Call) -> Json:
    return answer(RESOURCE, call, _find(call)[0])


def _create(call: Call) -> Json:
    id_ = call.params["subscription"]
    subscription = reference(call, "subscription", id_, "subscription")
    had = {item["id"] for item in subscription["items"]}
    after = _change(call, subscription, {})
    [made] = [item for item in after["items"] if item["id"] not in had]
    return answer(RESOURCE, call, made)


def _update(call: Call) -> Json:
    item, subscription = _find(call)
    after = _change(call, subscription, {"id": item["id"]})
    [found] = [each for each in after["items"] if each["id"] == item["id"]]
    return answer(RESOURCE, call, found)


def _delete(call: Call) -> Json:
    item, subscription = _find(call)
    _change(call, subscription, {"deleted": True, "id": item["id"]})
    return {"id": item["id"], "object": RESOURCE.object, "deleted": True}


def _change(call: Call, subscription: Json, named: Json) -> Json:
    only(call.params, (*_ITEM, *_TERMS, "subscription"), "subscription items")
    given: dict[str, Any] = call.params
    wanted = {**named, **{name: given[name] for name in _ITEM if name in given}}
    terms = {name: given[name] for name in _TERMS if name in given}
    return subscriptions.update(call, subscription, {"items": [wanted], **terms})


RESOURCE = Resource(
    object="subscription_item",
    path="",
    noun="subscription_item",
    prefix="si_",
    id_length=14,
    scope="subscription",
    params="SubscriptionItem",
    expands={
        "price.currency_options": INCLUDED,
        "price.product": "product",
        "price.tiers": INCLUDED,
    },
    view=item_view,
)

_PATH = "/v1/subscription_items"

OPERATIONS = tuple(
    RESOURCE.operation(method, path, f"SubscriptionItem{verb}Params", run)
    for method, path, verb, run in (
        ("GET", _PATH, "List", _list),
        ("POST", _PATH, "Create", _create),
        ("GET", f"{_PATH}/<id>", "Retrieve", _retrieve),
        ("POST", f"{_PATH}/<id>", "Modify", _update),
        ("DELETE", f"{_PATH}/<id>", "Delete", _delete),
    )
)
