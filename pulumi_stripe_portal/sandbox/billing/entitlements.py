"""Entitlements: which features a customer has, by the products that they subscribe to.

See https://docs.stripe.com/billing/entitlements.
"""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_given, merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import record

from .statuses import RUNNING

__all__ = [
    "ACTIVE",
    "ATTACHED",
    "FEATURE",
    "SUMMARY",
    "attach",
    "create",
    "detach",
    "follow",
    "update",
]

FEATURE = "entitlements.feature"
ATTACHED = "product_feature"
ACTIVE = "entitlements.active_entitlement"
SUMMARY = "entitlements.active_entitlement_summary"


def create(context: Context, params: Json) -> Json:
    """Make a feature.

    Raises:
        StripeError: Its lookup key is taken.
    """
    key = params["lookup_key"]
    if any(each["lookup_key"] == key for each in context.partition.all(FEATURE)):
        raise StripeError(
            f"A feature with the lookup key `{key}` exists already.",
            Evidence.OURS("that it is unique is documented, the words are not"),
            param="lookup_key",
        )
    made = context.new(context.resources[FEATURE])
    del made["created"]
    return made | {
        "active": True,
        "lookup_key": key,
        "metadata": merge_metadata({}, params.get("metadata", {})),
        "name": params["name"],
    }


def update(_: Context, stored: Json, params: Json) -> Json:
    """Change a feature's name, its metadata, or whether it can be attached."""
    return merge_given(stored, params, ("active", "name"))


def attach(context: Context, product: str, feature: str) -> Json:
    """Let who subscribes to *product* have *feature*.

    Raises:
        StripeError: There is no such feature.
    """
    reference(context, FEATURE, feature, "entitlement_feature")
    made = context.new(context.resources[ATTACHED])
    del made["created"]
    made |= {"entitlement_feature": feature, "product": product}
    context.partition.put(made)
    _follow_all(context)
    return made


def detach(context: Context, attached: Json) -> None:
    """Take a feature from a product, and from who subscribes to it; see `verbs`."""
    context.partition.remove(attached)
    _follow_all(context)
    context.partition.put(attached)


def follow(context: Context, subscription: Json) -> None:
    """Give the customer of *subscription* what they have now, and tell if that changed.

    Running subscriptions entitle, trials and those past due among them
    [OURS: of those past due it is not known].
    """
    customer = subscription["customer"]
    wanted = _features(context, customer)
    every = context.partition.all(ACTIVE)
    had = {each["feature"]: each for each in every if each["customer"] == customer}
    if set(had) == set(wanted):
        return
    for feature in set(had) - set(wanted):
        context.partition.remove(had[feature])
    for feature in wanted:
        if feature not in had:
            made = context.new(context.resources[ACTIVE])
            del made["created"]
            key = context.get(FEATURE, feature)["lookup_key"]
            told = {"customer": customer, "feature": feature, "lookup_key": key}
            context.partition.put({**made, **told})
    live = context.partition.livemode
    summary = {"object": SUMMARY, "customer": customer, "livemode": live}
    record(context, summary, verb="updated")


def _features(context: Context, customer: str) -> list[str]:
    """Return the features of what *customer* subscribes to, in order, once each."""
    products = {
        context.get("price", item["price"])["product"]
        for subscription in context.partition.all("subscription")
        if subscription["customer"] == customer and subscription["status"] in RUNNING
        for item in subscription["items"]
    }
    attached = reversed(context.partition.all(ATTACHED))
    found = (e["entitlement_feature"] for e in attached if e["product"] in products)
    return list(dict.fromkeys(found))


def _follow_all(context: Context) -> None:
    for subscription in context.partition.all("subscription"):
        if not subscription["ended_at"]:
            follow(context, subscription)
