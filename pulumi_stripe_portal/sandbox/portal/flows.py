"""Deep links: a session with a flow shows that flow's pages, and no others."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox.billing import visits

from .addresses import safe
from .visiting import Visiting

__all__ = ["completed", "done", "is_over", "redirect_after", "start"]

Json = dict[str, Any]

_STARTS = {
    "customer_update": "details",
    "payment_method_update": "payment-methods/new",
    "subscription_cancel": "subscriptions/{subscription}/cancel",
    "subscription_pause": "subscriptions/{subscription}/pause",
    "subscription_update": "subscriptions/{subscription}/update",
    "subscription_update_confirm": "confirm",
}


def start(flow: Json) -> str:
    """Return the path of the page on which *flow* begins."""
    return _STARTS[flow["type"]].format_map(flow.get(flow["type"]) or {})


def completed(visiting: Visiting, notice: str) -> Response:
    """Answer an action that is done: in a flow as the flow says, else on the home."""
    completion = visits.complete(visiting.visit)
    if completion is None or completion.type == "portal_homepage":
        return visiting.go(notice=notice)
    if completion.type == "redirect":
        url = safe(completion.return_url)
        if url is not None:
            return Response(status=303, headers={"Location": url})
    return visiting.go("done")


def redirect_after(visiting: Visiting) -> str | None:
    """Return the address that the flow leads to when it is completed."""
    after = _after(visiting.visit.session.get("flow"))
    return safe((after.get("redirect") or {}).get("return_url"))


def is_over(visiting: Visiting) -> bool:
    """Whether the session's flow is completed, and leads to no portal."""
    flow = visiting.visit.session.get("flow")
    ended = flow is not None and visiting.visit.flow is None
    return ended and _after(flow).get("type") != "portal_homepage"


def done(visiting: Visiting) -> Response:
    """Confirm that the flow is completed."""
    after = _after(visiting.visit.session.get("flow"))
    message = (after.get("hosted_confirmation") or {}).get("custom_message")
    brand = visiting.brand
    return visiting.show(
        "message",
        visiting.text("done.title"),
        leads_home=False,
        message=message or visiting.text("done.text"),
        way_back=brand.return_url,
        way_back_label=visiting.text("page.return", name=brand.name),
    )


def _after(flow: Json | None) -> Json:
    return (flow or {}).get("after_completion") or {}
