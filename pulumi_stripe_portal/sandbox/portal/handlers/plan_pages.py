"""Pages on which a subscription's plan is changed."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.portal.views import change_views, view
from pulumi_stripe_portal.sandbox.portal.views.subscription_view import subscription

from .deep_links import complete
from .portal_request import PortalRequest
from .routing import Page, number, require

__all__ = ["PAGES"]


class _Switch(TypedDict):
    price: str | None
    quantity: int | None
    promotion_code: str | None


def _choose(
    request: PortalRequest, id: str, problem: portal_session.PortalError | None = None
) -> Response:
    """Choose a plan, a quantity, a promotion code."""
    found = portal_session.subscription(request.session, id)
    plan = subscription(request.words, found)
    require(possible=plan.can_change)
    options = portal_session.options(request.session, id)
    item = found.object["items"]["data"][0]
    quantity = number(request.field("quantity")) or item["quantity"]
    price = request.field("price") or item["price"]["id"]
    chosen = view.Chosen(
        price=price if plan.can_change_price else None,
        quantity=quantity if plan.can_change_quantity else None,
        code=request.field("promotion_code") if plan.can_use_code else None,
        asks_code=_is_all_about_code(plan),
    )
    what = "" if plan.can_change_price else ".quantity"
    if _is_all_about_code(plan):
        what = ".code"
    return request.show(
        "planning",
        request.text(f"planning.title{what}"),
        problem=problem,
        planning=change_views.planning(request.words, plan, options, chosen),
    )


def _is_all_about_code(plan: view.Subscription) -> bool:
    """Tell whether a promotion code is all that can be changed.

    Where there is more, it is entered where the change is confirmed
    [OURS: the portal's page has it there, as far as is known].
    """
    can_change = plan.can_change_price or plan.can_change_quantity
    return plan.can_use_code and not can_change


def _review(
    request: PortalRequest, id: str, problem: portal_session.PortalError | None = None
) -> Response:
    """Show what a change means before it is confirmed, and take a promotion code."""
    switch = _switch(request)
    if problem:
        switch["promotion_code"] = None
    try:
        preview = portal_session.preview_switch(request.session, id, **switch)
    except portal_session.Invalid as invalid:
        if invalid.field == "promotion_code" and problem is None:
            return _review(request, id, invalid)
        return _choose(request, id, problem or invalid)
    plan = subscription(request.words, portal_session.subscription(request.session, id))
    carried = {name: str(value) for name, value in switch.items() if value}
    at = f"subscriptions/{id}/update"
    return _change(
        request,
        id,
        preview,
        action=f"{at}/confirm",
        back=f"{at}?{urlencode(carried)}",
        carried=list(carried.items()),
        code=request.field("promotion_code") if plan.can_use_code else None,
        problem=problem,
    )


def _confirm(request: PortalRequest, id: str) -> Response:
    """Change the plan."""
    try:
        portal_session.switch(request.session, id, **_switch(request))
    except (portal_session.Invalid, portal_session.CardDeclined) as problem:
        return _choose(request, id, problem)
    return complete(request, "changed")


def _switch(request: PortalRequest) -> _Switch:
    quantity = request.field("quantity")
    return {
        "price": request.field("price") or None,
        "quantity": number(quantity) if quantity else None,
        "promotion_code": request.field("promotion_code") or None,
    }


def _review_prepared(
    request: PortalRequest, problem: portal_session.PortalError | None = None
) -> Response:
    """Show the change that the session was made to confirm."""
    flow = request.session.flow
    if flow is None or flow["type"] != "subscription_update_confirm":
        return request.go()
    id_ = flow["subscription_update_confirm"]["subscription"]
    preview = portal_session.confirm_preview(request.session)
    return _change(request, id_, preview, action="confirm", problem=problem)


def _confirm_prepared(request: PortalRequest) -> Response:
    """Make the change that the session was made to confirm."""
    try:
        portal_session.confirm_switch(request.session)
    except (portal_session.Invalid, portal_session.CardDeclined) as problem:
        return _review_prepared(request, problem)
    return complete(request, "changed")


def _change(
    request: PortalRequest,
    id_: str,
    preview: portal_session.SwitchPreview,
    *,
    action: str,
    back: str | None = None,
    carried: list[tuple[str, str]] | None = None,
    code: str | None = None,
    problem: portal_session.PortalError | None = None,
) -> Response:
    found = portal_session.subscription(request.session, id_)
    [item] = found.object["items"]["data"]
    return request.show(
        "change",
        request.text("change.title"),
        back=back,
        problem=problem,
        change=change_views.change(request.words, item, preview),
        action=action,
        carried=carried or [],
        code=code,
    )


def _undo(request: PortalRequest, id: str) -> Response:
    """Drop a change that was to come at the period's end."""
    portal_session.undo_switch(request.session, id)
    return request.go(notice="kept")


PAGES = (
    Page("GET", "/subscriptions/<id>/update", _choose),
    Page("GET", "/subscriptions/<id>/update/confirm", _review),
    Page("POST", "/subscriptions/<id>/update/confirm", _confirm),
    Page("POST", "/subscriptions/<id>/undo", _undo),
    Page("GET", "/confirm", _review_prepared),
    Page("POST", "/confirm", _confirm_prepared),
)
