"""Pages on which a subscription is cancelled or paused, and goes on again."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.portal.views import change_views
from pulumi_stripe_portal.sandbox.portal.views.subscription_view import subscription

from .deep_links import completed
from .portal_request import Visiting
from .routing import Page, number, require

__all__ = ["PAGES"]


def _cancelling(visiting: Visiting, id: str) -> Response:
    """Show what cancelling means, and the offer to stay."""
    words, visit = visiting.words, visiting.visit
    preview = portal_session.cancel_preview(visit, id)
    plan = subscription(words, portal_session.subscription(visit, id))
    coupon = portal_session.retention_offer(visit)
    return visiting.show(
        "cancel",
        visiting.text("cancel.title"),
        cancellation=change_views.cancellation(words, plan, preview, coupon),
    )


def _cancel(visiting: Visiting, id: str) -> Response:
    """Cancel; then ask for the reason, where the company wants to know."""
    preview = portal_session.cancel_preview(visiting.visit, id)
    portal_session.cancel(visiting.visit, id)
    if preview.reasons or preview.feedback_options:
        return visiting.go(f"subscriptions/{id}/reason")
    return completed(visiting, "canceled")


def _asking(visiting: Visiting, id: str) -> Response:
    """Ask why the subscription was cancelled."""
    return visiting.show(
        "reason",
        visiting.text("reason.title"),
        leads_home=False,
        reasons=change_views.reasons(
            visiting.words, portal_session.survey(visiting.visit, id)
        ),
        action=f"subscriptions/{id}/reason",
    )


def _answer(visiting: Visiting, id: str) -> Response:
    """Keep the reason, unless the customer would rather not say."""
    if visiting.entered("skip"):
        return completed(visiting, "canceled")
    reason, comment = visiting.entered("reason"), visiting.entered("comment")
    survey = portal_session.survey(visiting.visit, id)
    own = any(each["id"] == reason for each in survey.feedback_options)
    portal_session.give_reason(
        visiting.visit,
        id,
        reason=None if own else reason or None,
        feedback_option=reason if own else None,
        comment=comment or None,
    )
    return completed(visiting, "answered")


def _stay(visiting: Visiting, id: str) -> Response:
    """Accept the offer instead of cancelling."""
    portal_session.accept_offer(visiting.visit, id)
    return completed(visiting, "offered")


def _renew(visiting: Visiting, id: str) -> Response:
    """Take a cancellation back."""
    portal_session.renew(visiting.visit, id)
    return visiting.go(notice="renewed")


def _pausing(visiting: Visiting, id: str) -> Response:
    """Choose for how long to pause."""
    words, visit = visiting.words, visiting.visit
    plan = subscription(words, portal_session.subscription(visit, id))
    require(possible=plan.can_pause)
    return visiting.show(
        "pause",
        visiting.text("pause.title"),
        plan=plan,
        pauses=change_views.pauses(words, portal_session.pause_options(visit)),
    )


def _pause(visiting: Visiting, id: str) -> Response:
    """Pause the subscription."""
    option = visiting.entered("option")
    portal_session.pause(
        visiting.visit, id, option=number(option, -1) if option else None
    )
    return completed(visiting, "paused")


def _resume(visiting: Visiting, id: str) -> Response:
    """Let a paused subscription go on."""
    portal_session.resume(visiting.visit, id)
    return visiting.go(notice="resumed")


PAGES = (
    Page("GET", "/subscriptions/<id>/cancel", _cancelling),
    Page("POST", "/subscriptions/<id>/cancel", _cancel),
    Page("GET", "/subscriptions/<id>/reason", _asking),
    Page("POST", "/subscriptions/<id>/reason", _answer),
    Page("POST", "/subscriptions/<id>/offer", _stay),
    Page("POST", "/subscriptions/<id>/renew", _renew),
    Page("GET", "/subscriptions/<id>/pause", _pausing),
    Page("POST", "/subscriptions/<id>/pause", _pause),
    Page("POST", "/subscriptions/<id>/resume", _resume),
)
