"""The first page, with what needs no page of its own."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.portal.views.home_view import HomeContents, home

from .deep_links import first_page, show_completion
from .portal_request import PortalRequest
from .routing import Page, number

__all__ = ["PAGES"]

_SHOWN, _MOST = 10, 1_000
"""How many invoices are shown at first, and at most."""


def _home(request: PortalRequest) -> Response:
    """Show everything; in a flow, its page."""
    session = request.session
    if session.flow is not None:
        return request.go(first_page(session.flow))
    if session.is_over:
        return show_completion(request)
    shown = portal_session.subscriptions(session)
    upcoming = {
        each.object["id"]: portal_session.next_invoice(session, each.object["id"])
        for each in shown
    }
    allowed = session.allowed
    wanted = min(max(number(request.field("invoices"), _SHOWN), _SHOWN), _MOST)
    found = (
        portal_session.invoices(session, limit=wanted + 1)
        if allowed.invoice_history
        else []
    )
    known = HomeContents(
        customer=session.customer,
        now=session.now,
        subscriptions=shown,
        upcoming={id_: invoice for id_, invoice in upcoming.items() if invoice},
        methods=(
            portal_session.payment_methods(session)
            if allowed.payment_method_update
            else ()
        ),
        default_method=portal_session.default_payment_method(session),
        removable=lambda id_: portal_session.is_removable(session, id_),
        tax_ids=portal_session.tax_ids(session)
        if "tax_id" in allowed.customer_update
        else (),
        invoices=found[:wanted],
        more_invoices=wanted * 2 if wanted < min(len(found), _MOST) else None,
    )
    return request.show(
        "home",
        request.text("home.title"),
        leads_home=False,
        home=home(request.words, known, allowed),
    )


def _pay(request: PortalRequest, id: str) -> Response:
    """Pay an invoice that is open."""
    back = f"{request.base}/invoices/confirmed"
    portal_session.pay_invoice(request.session, id, return_url=back)
    return request.ask_bank(id) or request.go(notice="paid")


def _confirmed(request: PortalRequest) -> Response:
    """Go on after 3-D Secure."""
    if request.field("redirect_status") == "succeeded":
        return request.go(notice="paid")
    failed = "authentication_failed"
    raise portal_session.CardDeclined("Not confirmed.", failed)


PAGES = (
    Page("GET", "", _home),
    Page("GET", "/invoices/confirmed", _confirmed),
    Page("POST", "/invoices/<id>/pay", _pay),
    Page("GET", "/done", show_completion),
)
