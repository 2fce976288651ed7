"""Pages on which a subscription is cancelled, and a cancellation taken back."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.portal.views import change_views
from pulumi_stripe_portal.sandbox.portal.views.subscription_view import subscription

from .deep_links import complete
from .portal_request import PortalRequest
from .routing import Page

__all__ = ["PAGES"]


def _ask_cancel(request: PortalRequest, id: str) -> Response:
    """Show what cancelling means, and the offer to stay."""
    words, session = request.words, request.session
    preview = portal_session.cancel_preview(session, id)
    plan = subscription(words, portal_session.subscription(session, id))
    coupon = portal_session.retention_offer(session)
    return request.show(
        "cancel",
        request.text("cancel.title"),
        cancellation=change_views.cancellation(words, plan, preview, coupon),
    )


def _cancel(request: PortalRequest, id: str) -> Response:
    """Cancel; then ask for the reason, where the company wants to know."""
    preview = portal_session.cancel_preview(request.session, id)
    portal_session.cancel(request.session, id)
    if preview.reasons or preview.feedback_options:
        return request.go(f"subscriptions/{id}/reason")
    return complete(request, _notice(runs=preview.mode != "immediately"))


def _notice(*, runs: bool) -> str:
    """Return the notice: a plan that still runs isn't said to be canceled."""
    return "canceled_later" if runs else "canceled"


def _ask_reason(request: PortalRequest, id: str) -> Response:
    """Ask why the subscription was cancelled."""
    survey = portal_session.survey(request.session, id)
    return request.show(
        "reason",
        request.text("reason.title.later" if survey.runs else "reason.title"),
        leads_home=False,
        reasons=change_views.reasons(request.words, survey),
        action=f"subscriptions/{id}/reason",
    )


def _answer(request: PortalRequest, id: str) -> Response:
    """Keep the reason, unless the customer would rather not say."""
    survey = portal_session.survey(request.session, id)
    if request.field("skip"):
        return complete(request, _notice(runs=survey.runs))
    reason, comment = request.field("reason"), request.field("comment")
    own = any(each["id"] == reason for each in survey.feedback_options)
    portal_session.give_reason(
        request.session,
        id,
        reason=None if own else reason or None,
        feedback_option=reason if own else None,
        comment=comment or None,
    )
    return complete(request, "answered")


def _accept_offer(request: PortalRequest, id: str) -> Response:
    """Accept the offer instead of cancelling."""
    portal_session.accept_offer(request.session, id)
    return complete(request, "offered")


def _renew(request: PortalRequest, id: str) -> Response:
    """Take a cancellation back."""
    portal_session.renew(request.session, id)
    return request.go(notice="renewed")


PAGES = (
    Page("GET", "/subscriptions/<id>/cancel", _ask_cancel),
    Page("POST", "/subscriptions/<id>/cancel", _cancel),
    Page("GET", "/subscriptions/<id>/reason", _ask_reason),
    Page("POST", "/subscriptions/<id>/reason", _answer),
    Page("POST", "/subscriptions/<id>/offer", _accept_offer),
    Page("POST", "/subscriptions/<id>/renew", _renew),
)
