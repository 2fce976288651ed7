"""Cancelling, and what the company tries against it."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_stripe_portal.sandbox.billing import cancellation, discounts, items
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from .open_session import Visit, acting, allow
from .overview import shown
from .own_subscriptions import own
from .portal_errors import NotAllowed, NotFound

__all__ = [
    "CancelPreview",
    "Survey",
    "accept_offer",
    "cancel",
    "cancel_preview",
    "cancellable",
    "retention_offer",
    "survey",
]


@dataclass(frozen=True)
class CancelPreview:
    """What cancelling would bring.

    Attributes:
        mode: `at_period_end` or `immediately`.
        ends_at: When the subscription would end.
        credit: What would be credited for the time that is left.
        currency: Its currency.
        reasons: The reasons that will be asked for, empty where none are.
        feedback_options: The company's own reasons.
    """

    mode: str
    ends_at: int
    credit: int
    currency: str
    reasons: tuple[str, ...]
    feedback_options: list[Json]


@dataclass(frozen=True)
class Survey:
    """What is asked after a cancellation; see `CancelPreview`."""

    reasons: tuple[str, ...]
    feedback_options: list[Json]


def cancel_preview(visit: Visit, id: str) -> CancelPreview:
    """Return what `cancel` would bring.

    Raises:
        PortalError: As `cancel`.
    """
    with visit.context.store.lock:
        found = cancellable(visit, id)
        feature = visit.configuration["features"]["subscription_cancel"]
        now, end = visit.now, items.span(found["items"]).end
        at_once = feature["mode"] == "immediately"
        asked = _survey(visit)
        return CancelPreview(
            mode=feature["mode"],
            ends_at=now if at_once else end,
            credit=_credit(visit, found) if at_once else 0,
            currency=found["currency"],
            reasons=asked.reasons if asked else (),
            feedback_options=asked.feedback_options if asked else [],
        )


def cancel(visit: Visit, id: str) -> Json:
    """Cancel a subscription: at once or at the period's end, as the configuration says.

    Credit for the time that is left goes to the customer's balance [ours].

    Raises:
        NotAllowed: Cancelling is off, or it is to end already.
        NotFound: There is no such subscription.
    """
    with acting(visit) as context:
        found = cancellable(visit, id)
        feature = visit.configuration["features"]["subscription_cancel"]
        if feature["mode"] == "immediately":
            credited = feature["proration_behavior"] == "create_prorations"
            after = cancellation.end(
                context, found, prorate=credited, invoice_now=credited
            )
        else:
            after = keep(context, cancellation.to_end(context, found), found)
        return shown(context, after)


def survey(visit: Visit, id: str) -> Survey:
    """Return what can be answered after the cancellation of a subscription.

    Raises:
        NotAllowed: Nothing is asked, or it is not cancelled.
        NotFound: There is no such subscription.
    """
    with visit.context.store.lock:
        found = own(visit, id)
        allow(possible=visit.allowed.subscription_cancel)
        allow(possible=found["cancel_at"] or found["ended_at"])
        asked = _survey(visit)
        if asked is None:
            raise NotAllowed("No reason is asked for.")
        return asked


def retention_offer(visit: Visit) -> Json | None:
    """Return the coupon that the flow offers instead of cancelling, if there is one."""
    with visit.context.store.lock:
        found = _offer(visit)
        if found is None:
            return None
        return render(visit.context, visit.context.resources["coupon"], found, [])


def accept_offer(visit: Visit, id: str) -> Json:
    """Take the coupon that the flow offers, and keep the subscription.

    Raises:
        NotAllowed: There is no offer.
        NotFound: It is another subscription's.
    """
    with acting(visit) as context:
        found = cancellable(visit, id)
        coupon = _offer(visit)
        if coupon is None:
            raise NotAllowed("There is no offer.")
        made = discounts.grant(context, found, {"coupon": coupon["id"]}, "coupon")
        after = {**found, "discounts": [*found["discounts"], made["id"]]}
        return shown(context, keep(context, after, found))


def cancellable(visit: Visit, id_: str) -> Json:
    """Return a subscription that can be cancelled.

    Raises:
        NotAllowed: Cancelling is off, or the subscription is to end already.
        NotFound: There is no such subscription.
    """
    allow(possible=visit.allowed.subscription_cancel)
    found = own(visit, id_)
    if found["ended_at"]:
        raise NotFound("This subscription has ended.")
    if cancellation.will_end(found):
        message = "This subscription is already set to be cancelled."
        raise NotAllowed(message, "already_cancelled")
    allow(possible=not found["schedule"])
    return found


def _survey(visit: Visit) -> Survey | None:
    feature = visit.configuration["features"]["subscription_cancel"]
    reason = feature["cancellation_reason"]
    if not reason["enabled"]:
        return None
    context = visit.context
    kind = context.resources["billing.feedback_option"]
    found = [
        context.partition.get(kind.object, id_)
        for id_ in reason["feedback_options"] or []
    ]
    active = [each for each in found if each and each["status"] == "active"]
    return Survey(
        tuple(reason["options"]), [render(context, kind, each, []) for each in active]
    )


def _offer(visit: Visit) -> Json | None:
    flow = visit.flow or {}
    retention = (flow.get("subscription_cancel") or {}).get("retention")
    if not retention:
        return None
    id_ = retention["coupon_offer"]["coupon"]
    coupon = visit.context.partition.get("coupon", id_)
    usable = coupon and discounts.redeemable(visit.context, coupon)
    return coupon if usable else None


def _credit(visit: Visit, found: Json) -> int:
    feature = visit.configuration["features"]["subscription_cancel"]
    if feature["proration_behavior"] != "create_prorations":
        return 0
    context = visit.context
    with context.store.rehearsal(context.partition):
        after = cancellation.end(context, found, prorate=True, invoice_now=True)
        if after["latest_invoice"] == found["latest_invoice"]:
            return 0
        total: int = context.get("invoice", after["latest_invoice"])["total"]
        return max(-total, 0)
