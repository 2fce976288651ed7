"""The flow of a session: which one, and whether the customer can go through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pulumi_stripe_portal.sandbox.billing import cancellation
from pulumi_stripe_portal.sandbox.billing.discounts import is_redeemable, is_usable
from pulumi_stripe_portal.sandbox.billing.items import no_such_item
from pulumi_stripe_portal.sandbox.billing.params import refuse
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import Evidence, StripeError, missing_param
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference

from .offers import entry_listing, entry_of, is_simple, quantity_range, range_problem

__all__ = ["flow"]

_FEATURES = {
    "customer_update": "customer_update",
    "payment_method_update": "payment_method_update",
    "subscription_cancel": "subscription_cancel",
    "subscription_pause": "subscription_pause",
    "subscription_update": "subscription_update",
    "subscription_update_confirm": "subscription_update",
}
"""Which feature of the configuration each flow needs."""


def flow(context: Context, customer: Json, configuration: Json, given: Json) -> Json:
    """Return the flow that *given* asks for, with all of its fields.

    Raises:
        StripeError: Its feature is disabled, or nothing would come of it.
    """
    type_ = given["type"]
    if type_.startswith("subscription_") and type_ not in given:
        raise missing_param(f"flow_data[{type_}]")
    for name in _FEATURES:
        if name in given and name != type_:
            message = f"flow_data[{name}] can only be used with its own type."
            raise refuse(message, f"flow_data[{name}]")
    _check_feature(configuration, type_)
    made: Json = dict.fromkeys(_FEATURES)
    made["customer_update"] = {} if type_ == "customer_update" else None
    del made["payment_method_update"]
    if type_ in given:
        path = f"flow_data[{type_}]"
        own = given[type_]
        subscription = _subscription(context, customer, own["subscription"], path)
        checked = _CHECKS[type_](context, configuration, subscription, own)
        made[type_] = {"subscription": subscription["id"], **checked}
    made["after_completion"] = _after_completion(given.get("after_completion") or {})
    return {**made, "type": type_}


def _check_feature(configuration: Json, type_: str) -> None:
    name = _FEATURES[type_]
    if configuration["features"][name]["enabled"]:
        return
    words = name.replace("_", " ")
    if name == "subscription_update":
        raise refuse(
            f"This subscription cannot be updated because the {words} feature in the "
            "portal configuration is disabled.",
            evidence=Evidence.OBSERVED,
            source="better-auth and more than 20 public files",
        )
    # In these words only for updates; for the others they are not known [U].
    subject = "subscription" if name.startswith("subscription") else "customer"
    verb = {"subscription_cancel": "canceled", "subscription_pause": "paused"}
    raise refuse(
        f"This {subject} cannot be {verb.get(name, 'updated')} because the {words} "
        "feature in the portal configuration is disabled.",
        "flow_data[type]",
    )


def _subscription(context: Context, customer: Json, id_: str, path: str) -> Json:
    param = f"{path}[subscription]"
    found = reference(context, "subscription", id_, param)
    if found["customer"] != customer["id"]:
        message = f"The subscription `{id_}` does not belong to the customer "
        raise refuse(f"{message}`{customer['id']}`.", param)
    if found["ended_at"]:
        message = f"The subscription `{id_}` has already been canceled."
        raise refuse(message, param)
    return found


def _cancel(
    context: Context, _configuration: Json, subscription: Json, own: Json
) -> Json:
    if cancellation.will_end(subscription):
        raise refuse(
            f"The subscription `{subscription['id']}` is already set to be canceled at "
            "period end.",
            evidence=Evidence.OBSERVED,
            source="seen 2026-09-10, also where only cancel_at is set",
        )
    retention = own.get("retention")
    if retention is None:
        return {"retention": None}
    id_ = retention["coupon_offer"]["coupon"]
    path = "flow_data[subscription_cancel][retention][coupon_offer][coupon]"
    coupon = reference(context, "coupon", id_, path)
    if not is_redeemable(context, coupon):
        raise refuse(f"The coupon `{id_}` can no longer be redeemed.", path)
    return {"retention": {"coupon_offer": {"coupon": id_}, "type": "coupon_offer"}}


def _pause(
    _context: Context, _configuration: Json, subscription: Json, _own: Json
) -> Json:
    if subscription["pause_collection"] or subscription["status"] == "paused":
        message = f"The subscription `{subscription['id']}` is already paused."
        raise refuse(message, "flow_data[subscription_pause][subscription]")
    return {}


def _update(
    context: Context, configuration: Json, subscription: Json, _own: Json
) -> Json:
    _check_updatable(context, configuration, subscription, "subscription_update")
    return {}


def _confirm(
    context: Context, configuration: Json, subscription: Json, own: Json
) -> Json:
    name = "subscription_update_confirm"
    path = f"flow_data[{name}]"
    _check_updatable(context, configuration, subscription, name)
    if len(own["items"]) != 1:
        # The SDK says that only one may be specified [S]; the words are ours [U].
        raise refuse("Exactly one item must be specified.", f"{path}[items]")
    if len(own.get("discounts") or []) > 1:
        message = "Only one discount may be specified."
        raise refuse(message, f"{path}[discounts]")
    (wanted,) = own["items"]
    item = subscription["items"][0]
    if wanted["id"] != item["id"]:
        raise no_such_item(wanted["id"], f"{path}[items][0][id]")
    price = wanted.get("price") or item["price"]
    reference(context, "price", price, f"{path}[items][0][price]")
    product = entry_listing(configuration, price)
    if product is None:
        raise _not_included(configuration, item["id"], price)
    quantity = wanted.get("quantity")
    same_quantity = quantity in (None, item["quantity"])
    discounts = _discounts(context, subscription["customer"], own.get("discounts"))
    if price == item["price"] and same_quantity and not discounts:
        raise refuse(
            "Cannot update the subscription because there are no changes to confirm.",
            evidence=Evidence.OBSERVED,
            source="public code",
        )
    if not same_quantity:
        _check_quantity(product, quantity, f"{path}[items][0][quantity]")
    return {
        "discounts": discounts,
        "items": [{"id": item["id"], "price": price, "quantity": quantity}],
    }


def _check_updatable(
    context: Context, configuration: Json, subscription: Json, name: str
) -> None:
    """Refuse what the portal cannot update [S]; the words are ours [U]."""
    id_, path = subscription["id"], f"flow_data[{name}][subscription]"
    if len(subscription["items"]) > 1:
        message = f"The subscription `{id_}` has multiple items and cannot be updated."
        raise refuse(message, path)
    if not is_simple(context, subscription):
        message = f"The subscription `{id_}` has usage-based pricing and cannot be "
        raise refuse(f"{message}updated.", path)
    if subscription["schedule"]:
        message = f"The subscription `{id_}` is managed by the subscription schedule "
        raise refuse(f"{message}`{subscription['schedule']}`.", path)
    if entry_of(context, configuration, subscription) is None:
        # Observed, not in which words [V: public code].
        raise refuse(
            f"The subscription `{id_}` cannot be updated because the configuration "
            f"`{configuration['id']}` does not include its product in its "
            "`features[subscription_update][products]`.",
            path,
        )


def _check_quantity(product: Json, quantity: int, param: str) -> None:
    if quantity_range(product) is None:
        message = f"The quantity of the product {product['product']} is not adjustable."
        raise refuse(message, param)
    problem = range_problem(product, quantity)
    if problem:
        raise refuse(problem, param)


def _not_included(configuration: Json, item: str, price: str) -> StripeError:
    return refuse(
        f"The item `{item}` cannot be updated to price `{price}` because the "
        f"configuration `{configuration['id']}` does not include the price in its "
        "`features[subscription_update][products]`.",
        evidence=Evidence.OBSERVED,
        source="public code",
    )


def _discounts(
    context: Context, customer: str, given: list[Json] | None
) -> list[Json] | None:
    if not given:
        return None
    path = "flow_data[subscription_update_confirm][discounts][0]"
    for each in given:
        coupon, code = each.get("coupon"), each.get("promotion_code")
        if coupon:
            reference(context, "coupon", coupon, f"{path}[coupon]")
        if code:
            found = reference(
                context, "promotion_code", code, f"{path}[promotion_code]"
            )
            if not is_usable(context, found, customer):
                message = f"The promotion code `{code}` can no longer be redeemed."
                raise refuse(message, f"{path}[promotion_code]")
    names = ("coupon", "promotion_code")
    return [{name: each.get(name) for name in names} for each in given]


def _after_completion(given: Json) -> Json:
    type_ = given.get("type", "portal_homepage")
    if type_ == "redirect" and "redirect" not in given:
        raise missing_param("flow_data[after_completion][redirect]")
    redirect, hosted = given.get("redirect"), given.get("hosted_confirmation")
    confirmation = {"custom_message": (hosted or {}).get("custom_message")}
    return {
        "hosted_confirmation": (
            confirmation if type_ == "hosted_confirmation" else None
        ),
        "redirect": redirect if type_ == "redirect" else None,
        "type": type_,
    }


_CHECKS: Mapping[str, Callable[[Context, Json, Json, Json], Json]] = {
    "subscription_cancel": _cancel,
    "subscription_pause": _pause,
    "subscription_update": _update,
    "subscription_update_confirm": _confirm,
}
