"""Pages about payment methods."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session

from .card_form import entered_card
from .deep_links import complete, redirect_after
from .portal_request import PortalRequest
from .routing import Page, require

__all__ = ["PAGES"]


def _card(
    request: PortalRequest, problem: portal_session.PortalError | None = None
) -> Response:
    """Ask for a card."""
    require(possible=request.session.allowed.payment_method_update)
    entered = {name: request.field(name) for name in ("number", "expiry", "name")}
    wants = problem is None or request.field("make_default") == "1"
    return request.show(
        "card",
        request.text("card.title"),
        problem=problem,
        card={**entered, "make_default": wants},
    )


def _add_card(request: PortalRequest) -> Response:
    """Add a card."""
    names = ("cvc", "expiry", "number")
    try:
        added = portal_session.add_payment_method(
            request.session,
            **entered_card({name: request.field(name) for name in names}),
            name=request.field("name") or None,
            make_default=request.field("make_default") == "1",
            return_url=f"{request.base}/payment-methods/confirmed",
            leaves=redirect_after(request),
        )
    except (portal_session.Invalid, portal_session.CardDeclined) as problem:
        return _card(request, problem)
    return request.ask_bank(added["id"]) or complete(request, "method_added")


def _confirmed(request: PortalRequest) -> Response:
    """Go on after 3-D Secure."""
    if request.field("redirect_status") == "succeeded":
        return complete(request, "method_added")
    failed = "authentication_failed"
    return _card(request, portal_session.CardDeclined("Not confirmed.", failed))


def _make_default(request: PortalRequest, id: str) -> Response:
    """Make a payment method the customer's default."""
    portal_session.set_default_payment_method(request.session, id)
    return request.go(notice="method_default")


def _ask_remove(request: PortalRequest, id: str) -> Response:
    """Ask whether a payment method shall really be removed."""
    session, words = request.session, request.words
    require(possible=session.allowed.payment_method_update)
    found = [
        each for each in portal_session.payment_methods(session) if each["id"] == id
    ]
    if not found:
        raise portal_session.NotFound("No such payment method.")
    require(possible=portal_session.is_removable(session, id))
    return request.show(
        "confirm",
        request.text("method.remove.title"),
        about=f"{words.card(found[0])} {words.expiry(found[0])}",
        action=f"payment-methods/{id}/remove",
        confirm=request.text("method.remove"),
    )


def _remove(request: PortalRequest, id: str) -> Response:
    """Remove a payment method."""
    portal_session.remove_payment_method(request.session, id)
    return request.go(notice="method_removed")


def _clear_own(request: PortalRequest, id: str) -> Response:
    """Let a subscription be paid with the customer's default again."""
    portal_session.clear_subscription_payment_method(request.session, id)
    return request.go(notice="own_method_removed")


PAGES = (
    Page("GET", "/payment-methods/confirmed", _confirmed),
    Page("GET", "/payment-methods/new", _card),
    Page("POST", "/payment-methods/new", _add_card),
    Page("POST", "/payment-methods/<id>/default", _make_default),
    Page("GET", "/payment-methods/<id>/remove", _ask_remove),
    Page("POST", "/payment-methods/<id>/remove", _remove),
    Page("POST", "/subscriptions/<id>/payment-method/remove", _clear_own),
)
