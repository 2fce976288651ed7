"""Pages on which a subscription is paused and resumed."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.portal.views import change_views
from pulumi_stripe_portal.sandbox.portal.views.subscription_view import subscription

from .deep_links import complete
from .portal_request import PortalRequest
from .routing import Page, number, require

__all__ = ["PAGES"]


def _ask_pause(request: PortalRequest, id: str) -> Response:
    """Choose for how long to pause."""
    words, session = request.words, request.session
    plan = subscription(words, portal_session.subscription(session, id))
    require(possible=plan.can_pause)
    return request.show(
        "pause",
        request.text("pause.title"),
        plan=plan,
        pauses=change_views.pauses(words, portal_session.pause_options(session)),
    )


def _pause(request: PortalRequest, id: str) -> Response:
    """Pause the subscription."""
    option = request.field("option")
    portal_session.pause(
        request.session, id, option=number(option, -1) if option else None
    )
    return complete(request, "paused")


def _resume(request: PortalRequest, id: str) -> Response:
    """Let a paused subscription go on."""
    portal_session.resume(request.session, id)
    return request.go(notice="resumed")


PAGES = (
    Page("GET", "/subscriptions/<id>/pause", _ask_pause),
    Page("POST", "/subscriptions/<id>/pause", _pause),
    Page("POST", "/subscriptions/<id>/resume", _resume),
)
