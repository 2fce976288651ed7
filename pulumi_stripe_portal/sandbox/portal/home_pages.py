"""The first page, with what needs no page of its own."""

from __future__ import annotations

from werkzeug.wrappers import Response

from pulumi_stripe_portal.sandbox.billing import visits

from .flows import done, start
from .homes import Known, home
from .routing import Page
from .visiting import Visiting

__all__ = ["PAGES"]


def _home(visiting: Visiting) -> Response:
    """Show everything; in a flow, its page."""
    visit = visiting.visit
    if visit.flow is not None:
        return visiting.go(start(visit.flow))
    if visit.is_over:
        return done(visiting)
    shown = visits.subscriptions(visit)
    upcoming = {
        each.object["id"]: visits.next_invoice(visit, each.object["id"])
        for each in shown
    }
    allowed = visit.allowed
    known = Known(
        customer=visit.customer,
        now=visit.now,
        subscriptions=shown,
        upcoming={id_: invoice for id_, invoice in upcoming.items() if invoice},
        methods=(
            visits.payment_methods(visit) if allowed.payment_method_update else ()
        ),
        default_method=visits.default_payment_method(visit),
        removable=lambda id_: visits.removable(visit, id_),
        tax_ids=visits.tax_ids(visit) if "tax_id" in allowed.customer_update else (),
        invoices=visits.invoices(visit) if allowed.invoice_history else (),
    )
    return visiting.show(
        "home",
        visiting.text("home.title"),
        leads_home=False,
        home=home(visiting.words, known, allowed),
    )


def _pay(visiting: Visiting, id: str) -> Response:
    """Pay an invoice that is open."""
    visits.pay_invoice(visiting.visit, id)
    return visiting.go(notice="paid")


PAGES = (
    Page("GET", "", _home),
    Page("POST", "/invoices/<id>/pay", _pay),
    Page("GET", "/done", done),
)
