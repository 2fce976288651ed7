"""The first page, with what needs no page of its own."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.portal.views.home_view import Known, home

from .deep_links import done, start
from .portal_request import Visiting
from .routing import Page

__all__ = ["PAGES"]


def _home(visiting: Visiting) -> Response:
    """Show everything; in a flow, its page."""
    visit = visiting.visit
    if visit.flow is not None:
        return visiting.go(start(visit.flow))
    if visit.is_over:
        return done(visiting)
    shown = portal_session.subscriptions(visit)
    upcoming = {
        each.object["id"]: portal_session.next_invoice(visit, each.object["id"])
        for each in shown
    }
    allowed = visit.allowed
    known = Known(
        customer=visit.customer,
        now=visit.now,
        subscriptions=shown,
        upcoming={id_: invoice for id_, invoice in upcoming.items() if invoice},
        methods=(
            portal_session.payment_methods(visit)
            if allowed.payment_method_update
            else ()
        ),
        default_method=portal_session.default_payment_method(visit),
        removable=lambda id_: portal_session.removable(visit, id_),
        tax_ids=portal_session.tax_ids(visit)
        if "tax_id" in allowed.customer_update
        else (),
        invoices=portal_session.invoices(visit) if allowed.invoice_history else (),
    )
    return visiting.show(
        "home",
        visiting.text("home.title"),
        leads_home=False,
        home=home(visiting.words, known, allowed),
    )


def _pay(visiting: Visiting, id: str) -> Response:
    """Pay an invoice that is open."""
    portal_session.pay_invoice(visiting.visit, id)
    return visiting.go(notice="paid")


PAGES = (
    Page("GET", "", _home),
    Page("POST", "/invoices/<id>/pay", _pay),
    Page("GET", "/done", done),
)
