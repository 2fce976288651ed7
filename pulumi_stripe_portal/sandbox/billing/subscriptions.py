"""Subscriptions: how they begin, and what a request to the API changes about them."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import (
    cancellation,
    collection,
    discounts,
    first_period,
    invoice_items,
    invoices,
    items,
    lines,
    pauses,
    payment_methods,
    setup_intents,
    tax_params,
)
from .params import connected_account, only
from .periods import Span, period
from .plan_switch import Terms, switch_items
from .subscription_fields import TRIAL_SETTINGS, blank

__all__ = ["create", "of", "update"]

_DAY = 24 * 60 * 60
_SHARED = (
    "automatic_tax",
    "cancel_at",
    "cancel_at_period_end",
    "collection_method",
    "days_until_due",
    "default_payment_method",
    "default_tax_rates",
    "description",
    "discounts",
    "items",
    "metadata",
    "off_session",
    "on_behalf_of",
    "payment_behavior",
    "payment_settings",
    "proration_behavior",
    "trial_end",
    "trial_settings",
)
_CREATE = (
    *_SHARED,
    "add_invoice_items",
    "backdate_start_date",
    "billing_cycle_anchor",
    "billing_mode",
    "currency",
    "customer",
    "trial_period_days",
)
_UPDATE = (
    *_SHARED,
    "billing_cycle_anchor",
    "cancellation_details",
    "pause_collection",
    "proration_date",
)


def create(context: Context, params: Json) -> Json:
    """Start a subscription, with its first invoice.

    Raises:
        StripeError: Something named is not there, or nothing can be charged.
    """
    only(params, _CREATE, "subscriptions")
    if not params.get("customer"):
        raise missing_param("customer")
    if not params.get("items"):
        raise missing_param("items")
    customer = reference(context, "customer", params["customer"], "customer")
    subscription = context.new(context.resources["subscription"])
    wanted = [
        items.new(context, subscription["id"], given, f"items[{place}]")
        for place, given in enumerate(params["items"])
    ]
    recurring = items.recurring(context, wanted)
    now = context.clock.now()
    trial_end = _trial_end(params, now)
    anchor = trial_end or first_period.anchor(context, params, recurring) or now
    span = Span(now, anchor) if anchor > now else period(now, recurring, now)
    price = context.get("price", wanted[0]["price"])
    currency = (params.get("currency") or price["currency"]).lower()
    subscription |= blank(context, params) | {
        "billing_cycle_anchor": anchor,
        "currency": currency,
        "customer": customer["id"],
        "items": items.with_span(wanted, span),
        "start_date": first_period.start_date(context, params),
        "status": "trialing" if trial_end else "active",
        "test_clock": customer["test_clock"],
        "trial_end": trial_end,
        "trial_start": now if trial_end else None,
    }
    subscription = _describe(context, subscription, params)
    if not customer["currency"]:
        context.partition.put({**customer, "currency": currency})
    context.partition.put(subscription)
    if params.get("discounts"):
        subscription = discounts.replace(context, subscription, params["discounts"])
    subscription = cancellation.plan_end(context, subscription, params)
    return _start(context, subscription, params)


def update(context: Context, before: Json, params: Json) -> Json:
    """Change a subscription as *params* say; all of it is one `updated` event.

    Raises:
        StripeError: It has ended, or something named is not there.
    """
    only(params, _UPDATE, "subscriptions")
    if before["ended_at"] and set(params) - {"metadata", "cancellation_details"}:
        raise cancellation.already_ended()
    after = _describe(context, before, params)
    if "discounts" in params:
        after = discounts.replace(context, after, params["discounts"] or [])
    after = cancellation.plan_end(context, after, params)
    if "pause_collection" in params:
        after = pauses.set_collection(after, params["pause_collection"])
    if {"items", "trial_end", "billing_cycle_anchor"} & set(params):
        wanted = items.change(context, before["items"], params.get("items") or [])
        after = switch_items(context, after, wanted, _terms(context, before, params))
    return keep(context, after, before)


def of(context: Context, customer: str) -> list[Json]:
    """Return the subscriptions of *customer* that have not ended, newest first."""
    every = context.partition.all("subscription")
    return [
        each for each in every if each["customer"] == customer and not each["ended_at"]
    ]


def _terms(context: Context, before: Json, params: Json) -> Terms:
    now = context.clock.now()
    end = params.get("trial_end")
    ends = end == "now" or (isinstance(end, int) and end <= now)
    anchor = params.get("billing_cycle_anchor") or {}
    return Terms(
        proration_behavior=params.get("proration_behavior", "create_prorations"),
        billing_cycle_anchor=anchor.get("type", "unchanged"),
        end_trial=ends and before["status"] == "trialing",
        trial_end=None if ends else end,
        proration_date=params.get("proration_date"),
        payment_behavior=params.get("payment_behavior", "allow_incomplete"),
        on_session=not params.get("off_session", False),
    )


def _start(context: Context, subscription: Json, params: Json) -> Json:
    """Bill the first period.

    A subscription is `incomplete` until its first invoice is paid
    [SPECIFIED: stripe 16.1.0, Subscription.status].
    """
    behavior = params.get("payment_behavior", "allow_incomplete")
    on_session = not params.get("off_session", False)
    trialing = subscription["status"] == "trialing"
    charges = first_period.charges(context, subscription, params)
    if trialing:
        free = lines.line_of_trial
        charges = [free(context, subscription, each) for each in subscription["items"]]
    automatic = subscription["collection_method"] == "charge_automatically"
    first_period.add_items(context, subscription, params)
    named = subscription["customer"], subscription["id"]
    waiting = invoice_items.pending_items(context, *named)
    costs = any(each["amount"] > 0 for each in (*charges, *waiting))
    if automatic and costs and behavior != "default_incomplete":
        collection.require_payer(context, subscription)
    status = subscription["status"]
    context.partition.put(subscription)
    invoice = invoices.bill(context, subscription, charges, "subscription_create")
    invoice = collection.collect(context, invoice, behavior, on_session=on_session)
    if invoice["status"] != "paid" and automatic:
        status = "incomplete"
    subscription = discounts.spend(context, subscription)
    subscription |= {"latest_invoice": invoice["id"], "status": status}
    if behavior == "default_incomplete" and invoice["status"] == "paid":
        subscription |= _pending_setup(context, subscription)
    context.partition.put(subscription)
    record(context, subscription)
    return subscription


def _pending_setup(context: Context, subscription: Json) -> Json:
    """Return what is pending.

    Where nothing is due yet and there is no payment method, a setup intent asks for one
    [SPECIFIED: stripe 16.1.0, Subscription.pending_setup_intent].
    """
    if collection.payer(context, subscription):
        return {}
    wanted = {"customer": subscription["customer"], "usage": "off_session"}
    return {"pending_setup_intent": setup_intents.create(context, wanted)["id"]}


def _trial_end(params: Json, now: int) -> int | None:
    days, end = params.get("trial_period_days"), params.get("trial_end")
    if days is not None and end is not None:
        raise StripeError(
            "You may only specify one of these parameters: trial_end, "
            "trial_period_days.",
            Evidence.OURS("Stripe's words for other pairs of parameters"),
            param="trial_end",
        )
    if days:
        return int(now + days * _DAY)
    if end is None or end == "now":
        return None
    if end <= now:
        raise StripeError(
            "The trial end must be in the future.",
            Evidence.OURS("no words of Stripe's for it are known"),
            param="trial_end",
        )
    return int(end)


def _describe(context: Context, subscription: Json, params: Json) -> Json:
    """Return *subscription* with the fields that a request just sets."""
    changed = dict(subscription)
    for name in ("collection_method", "days_until_due", "description"):
        if name in params:
            changed[name] = params[name]
    if "default_payment_method" in params:
        changed["default_payment_method"] = _method(context, subscription, params)
    if "metadata" in params:
        changed["metadata"] = merge_metadata(
            subscription["metadata"], params["metadata"]
        )
    if params.get("cancellation_details"):
        details = {**changed["cancellation_details"], **params["cancellation_details"]}
        changed["cancellation_details"] = details
    if params.get("payment_settings"):
        only(
            params["payment_settings"],
            ("payment_method_types", "save_default_payment_method"),
            "payment_settings of subscriptions",
        )
        changed["payment_settings"] = {
            **changed["payment_settings"],
            **params["payment_settings"],
        }
    if params.get("trial_settings"):
        given = params["trial_settings"]["end_behavior"]
        end = {**TRIAL_SETTINGS["end_behavior"], **given}
        changed["trial_settings"] = {"end_behavior": end}
    if "default_tax_rates" in params or "automatic_tax" in params:
        changed |= tax_params.asked(context, subscription, params)
    if "on_behalf_of" in params:
        changed["on_behalf_of"] = connected_account(context, params["on_behalf_of"])
    return changed


def _method(context: Context, subscription: Json, params: Json) -> str | None:
    id_: str | None = params["default_payment_method"] or None
    if id_:
        name = "default_payment_method"
        payment_methods.find_owned(context, id_, subscription["customer"], name)
    return id_
