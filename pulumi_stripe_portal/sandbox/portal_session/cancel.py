"""Cancelling, what the company tries against it, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pulumi_stripe_portal.sandbox.billing import cancellation, discounts, items
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.webhooks.events import keep

from .open_session import OpenSession, allow, transaction
from .overview import show_subscription, subscription
from .own_subscriptions import find_own
from .portal_errors import Invalid, NotAllowed, NotFound

__all__ = [
    "CancelPreview",
    "Survey",
    "accept_offer",
    "cancel",
    "cancel_preview",
    "give_reason",
    "renew",
    "retention_offer",
    "survey",
]

_COMMENT = 500


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
    """What is asked after a cancellation; see `CancelPreview`.

    Attributes:
        runs: Whether the subscription runs until its period ends.
    """

    reasons: tuple[str, ...]
    feedback_options: list[Json]
    runs: bool = False


def cancel_preview(session: OpenSession, id: str) -> CancelPreview:
    """Return what `cancel` would bring.

    Raises:
        PortalError: As `cancel`.
    """
    with session.context.store.lock:
        found = _find_cancellable(session, id)
        feature = session.configuration["features"]["subscription_cancel"]
        now, end = session.now, items.span(found["items"]).end
        at_once = feature["mode"] == "immediately"
        asked = _survey(session)
        return CancelPreview(
            mode=feature["mode"],
            ends_at=now if at_once else end,
            credit=_credit(session, found) if at_once else 0,
            currency=found["currency"],
            reasons=asked.reasons if asked else (),
            feedback_options=asked.feedback_options if asked else [],
        )


def cancel(session: OpenSession, id: str) -> Json:
    """Cancel a subscription: at once or at the period's end, as the configuration says.

    Credit for the time that is left goes to the customer's balance [OURS: not known].

    Raises:
        NotAllowed: Cancelling is off, or it is to end already.
        NotFound: There is no such subscription.
    """
    with transaction(session) as context:
        found = _find_cancellable(session, id)
        feature = session.configuration["features"]["subscription_cancel"]
        if feature["mode"] == "immediately":
            credited = feature["proration_behavior"] == "create_prorations"
            after = cancellation.end(
                context, found, prorate=credited, invoice_now=credited
            )
        else:
            after = keep(context, cancellation.end_later(context, found), found)
        return show_subscription(context, after)


def survey(session: OpenSession, id: str) -> Survey:
    """Return what can be answered after the cancellation of a subscription.

    Raises:
        NotAllowed: Nothing is asked, or it is not cancelled.
        NotFound: There is no such subscription.
    """
    with session.context.store.lock:
        found = find_own(session, id)
        allow(possible=session.allowed.subscription_cancel)
        allow(possible=found["cancel_at"] or found["ended_at"])
        asked = _survey(session)
        if asked is None:
            raise NotAllowed("No reason is asked for.")
        return replace(asked, runs=not found["ended_at"])


def give_reason(
    session: OpenSession,
    id: str,
    *,
    reason: str | None = None,
    comment: str | None = None,
    feedback_option: str | None = None,
) -> Json:
    """Answer the survey after a cancellation.

    The answer to the survey is an event of its own
    [OBSERVED: better-auth/better-auth #9321].

    Raises:
        NotAllowed: Nothing is asked, or the subscription is not cancelled.
        Invalid: It is not among the answers.
        NotFound: There is no such subscription.
    """
    with transaction(session) as context:
        asked = survey(session, id)
        own_reasons = [each["id"] for each in asked.feedback_options]
        if reason is not None and reason not in asked.reasons:
            raise Invalid("This is not one of the reasons.", "no_reason", "reason")
        if feedback_option is not None and feedback_option not in own_reasons:
            raise Invalid(
                "This is not one of the reasons.", "no_reason", "feedback_option"
            )
        if comment is not None and len(comment) > _COMMENT:
            raise Invalid(
                f"At most {_COMMENT} characters.", "comment_too_long", "comment"
            )
        found = find_own(session, id)
        given: Json = {"feedback": reason, "comment": comment or None}
        given["feedback_option"] = feedback_option
        named = {name: value for name, value in given.items() if value is not None}
        details = {**found["cancellation_details"], **named}
        after = keep(context, {**found, "cancellation_details": details}, found)
        return show_subscription(context, after)


def retention_offer(session: OpenSession) -> Json | None:
    """Return the coupon that the flow offers instead of cancelling, if there is one."""
    with session.context.store.lock:
        found = _offer(session)
        if found is None:
            return None
        return render(session.context, session.context.resources["coupon"], found, [])


def accept_offer(session: OpenSession, id: str) -> Json:
    """Take the coupon that the flow offers, and keep the subscription.

    Raises:
        NotAllowed: There is no offer.
        NotFound: It is another subscription's.
    """
    with transaction(session) as context:
        found = _find_cancellable(session, id)
        coupon = _offer(session)
        if coupon is None:
            raise NotAllowed("There is no offer.")
        made = discounts.grant(context, found, {"coupon": coupon["id"]}, "coupon")
        after = {**found, "discounts": [*found["discounts"], made["id"]]}
        return show_subscription(context, keep(context, after, found))


def renew(session: OpenSession, id: str) -> Json:
    """Take a cancellation back.

    Raises:
        NotAllowed: It is not cancelled, or cancelling is off.
        NotFound: There is no such subscription.
    """
    with transaction(session) as context:
        allow(possible="renew" in subscription(session, id).may)
        found = find_own(session, id)
        return show_subscription(
            context, keep(context, cancellation.take_back(found), found)
        )


def _find_cancellable(session: OpenSession, id_: str) -> Json:
    """Return a subscription that can be cancelled.

    Raises:
        NotAllowed: Cancelling is off, or the subscription is to end already.
        NotFound: There is no such subscription.
    """
    allow(possible=session.allowed.subscription_cancel)
    found = find_own(session, id_)
    if found["ended_at"]:
        raise NotFound("This subscription has ended.")
    if cancellation.will_end(found):
        raise NotAllowed(
            "This subscription is already set to be cancelled.", "already_cancelled"
        )
    allow(possible=not found["schedule"])
    return found


def _survey(session: OpenSession) -> Survey | None:
    feature = session.configuration["features"]["subscription_cancel"]
    reason = feature["cancellation_reason"]
    if not reason["enabled"]:
        return None
    context = session.context
    kind = context.resources["billing.feedback_option"]
    found = [
        context.partition.get(kind.object, id_)
        for id_ in reason["feedback_options"] or []
    ]
    active = [each for each in found if each and each["status"] == "active"]
    return Survey(
        tuple(reason["options"]), [render(context, kind, each, []) for each in active]
    )


def _offer(session: OpenSession) -> Json | None:
    flow = session.flow or {}
    retention = (flow.get("subscription_cancel") or {}).get("retention")
    if not retention:
        return None
    id_ = retention["coupon_offer"]["coupon"]
    coupon = session.context.partition.get("coupon", id_)
    usable = coupon and discounts.is_redeemable(session.context, coupon)
    return coupon if usable else None


def _credit(session: OpenSession, found: Json) -> int:
    feature = session.configuration["features"]["subscription_cancel"]
    if feature["proration_behavior"] != "create_prorations":
        return 0
    context = session.context
    with context.store.rehearsal(context.partition):
        after = cancellation.end(context, found, prorate=True, invoice_now=True)
        if after["latest_invoice"] == found["latest_invoice"]:
            return 0
        total: int = context.get("invoice", after["latest_invoice"])["total"]
        return max(-total, 0)
