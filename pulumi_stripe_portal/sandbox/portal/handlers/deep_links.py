"""Deep links: a session with a flow shows that flow's pages, and no others."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.data.store import Json

from .portal_request import PortalRequest
from .urls import safe

__all__ = ["complete", "first_page", "redirect_after", "show_completion"]


_STARTS = {
    "customer_update": "details",
    "payment_method_update": "payment-methods/new",
    "subscription_cancel": "subscriptions/{subscription}/cancel",
    "subscription_pause": "subscriptions/{subscription}/pause",
    "subscription_update": "subscriptions/{subscription}/update",
    "subscription_update_confirm": "confirm",
}


def first_page(flow: Json) -> str:
    """Return the path of the page on which *flow* begins."""
    return _STARTS[flow["type"]].format_map(flow.get(flow["type"]) or {})


def complete(request: PortalRequest, notice: str) -> Response:
    """Answer an action that is done: in a flow as the flow says, else on the home."""
    completion = portal_session.complete(request.session)
    if completion is None or completion.type == "portal_homepage":
        return request.go(notice=notice)
    if completion.type == "redirect":
        url = safe(completion.return_url)
        if url is not None:
            return Response(status=303, headers={"Location": url})
    return request.go("done")


def redirect_after(request: PortalRequest) -> str | None:
    """Return the address that the flow leads to when it is completed."""
    completion = request.session.completion
    return safe(completion.return_url) if completion else None


def show_completion(request: PortalRequest) -> Response:
    """Confirm that the flow is completed."""
    completion = request.session.completion
    message = completion.custom_message if completion else None
    brand = request.brand
    return request.show(
        "message",
        request.text("done.title"),
        leads_home=False,
        message=message or request.text("done.text"),
        way_back=brand.return_url,
        way_back_label=request.text("page.return", name=brand.name),
    )
