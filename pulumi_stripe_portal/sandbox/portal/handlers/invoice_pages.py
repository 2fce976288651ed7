"""Invoices behind their links: a page to look, pay and download at, and the documents.

| path | what |
|---|---|
| `/i/<account>/<secret>` | the page |
| `/i/<account>/<secret>/pdf` | the invoice as PDF |
| `/i/<account>/<secret>/receipt` | the receipt as PDF, once something was paid |

Whoever has the link may see and pay the invoice, as at Stripe.
"""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.addresses import INVOICES
from pulumi_stripe_portal.sandbox.portal import pages
from pulumi_stripe_portal.sandbox.portal.pages import Frame
from pulumi_stripe_portal.sandbox.portal.texts.languages import choose
from pulumi_stripe_portal.sandbox.portal.texts.texts import Texts, texts_in
from pulumi_stripe_portal.sandbox.portal.texts.words import Words
from pulumi_stripe_portal.sandbox.portal.views import view
from pulumi_stripe_portal.sandbox.portal.views.document_view import document

from .card_form import entered_card
from .portal_request import say

__all__ = ["InvoicePages"]

_FIELDS = ("cvc", "expiry", "name", "number")


class InvoicePages:
    """The links of invoices, over the `PortalSessions`."""

    def __init__(self, sessions: portal_session.PortalSessions) -> None:
        """Ask the sessions for what is behind a link."""
        self._sessions = sessions
        one = f"{INVOICES}<account>/<secret>"
        self.rules = [
            Rule(one, methods=["GET", "POST"], endpoint=self._page),
            Rule(f"{one}/pdf", methods=["GET"], endpoint=self._invoice),
            Rule(f"{one}/receipt", methods=["GET"], endpoint=self._receipt),
        ]
        """The paths, and what answers them."""

    def _page(self, request: Request, account: str, secret: str) -> Response:
        """Show the invoice, or pay it with the card that is entered."""
        opened = self._open(request, account, secret)
        if request.method != "POST":
            return _page(request, opened)
        field = {name: request.form.get(name, "").strip()[:512] for name in _FIELDS}
        back = quote(request.path)
        try:
            bank = opened.pay(entered_card(field), field["name"] or None, back)
        except (portal_session.Invalid, portal_session.CardDeclined) as problem:
            return _page(request, opened, problem)
        paid = f"{back}?redirect_status=succeeded"
        return Response(status=303, headers={"Location": bank or paid})

    def _invoice(self, request: Request, account: str, secret: str) -> Response:
        """Answer with the invoice as PDF."""
        opened = self._open(request, account, secret)
        return _paper(request, opened, is_receipt=False)

    def _receipt(self, request: Request, account: str, secret: str) -> Response:
        """Answer with the receipt as PDF."""
        opened = self._open(request, account, secret)
        if opened.receipt_number is None:
            raise portal_session.PageGone
        return _paper(request, opened, is_receipt=True)

    def _open(
        self, request: Request, account: str, secret: str
    ) -> portal_session.OpenInvoice:
        origin = request.host_url.rstrip("/")
        return self._sessions.invoice(account, secret, origin=origin)


def _page(
    request: Request,
    opened: portal_session.OpenInvoice,
    problem: portal_session.PortalError | None = None,
) -> Response:
    text = _texts(request, opened)
    shown = document(Words(text), opened)
    status = request.args.get("redirect_status")
    is_paid = status == "succeeded" and opened.object["status"] == "paid"
    if status == "failed" and problem is None:
        failed = "authentication_failed"
        problem = portal_session.CardDeclined("Not confirmed.", failed)
    frame = Frame(
        text=text,
        brand=view.Brand(
            opened.branding.name,
            "",
            logo=opened.images.logo,
            icon=opened.images.icon,
        ),
        base=quote(request.path),
        stylesheet=pages.stylesheet_url(opened.branding),
        notice=text("notice.paid") if is_paid else None,
        problem=say(text, problem) if problem else None,
        wrong=problem.field if problem else None,
    )
    entered = {name: request.form.get(name, "") for name in _FIELDS}
    html = pages.page(
        "invoice",
        frame,
        shown.headline,
        document=shown,
        card=entered,
        is_payable=opened.is_payable,
        has_receipt=opened.receipt_number is not None,
    )
    return Response(html, problem.status if problem else 200, mimetype="text/html")


def _paper(
    request: Request, opened: portal_session.OpenInvoice, *, is_receipt: bool
) -> Response:
    from pulumi_stripe_portal.sandbox.portal.paper import pdf  # takes half a second

    text, invoice = _texts(request, opened), opened.object
    shown = document(Words(text), opened, is_receipt=is_receipt)
    paper = pdf(shown, text, opened.branding, invoice["created"], opened.images.logo)
    name = f"Invoice-{invoice['number']}.pdf"
    if is_receipt:
        name = f"Receipt-{opened.receipt_number}.pdf"
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition}
    return Response(paper, headers=headers, mimetype="application/pdf")


def _texts(request: Request, opened: portal_session.OpenInvoice) -> Texts:
    preferred = opened.customer.get("preferred_locales") or ()
    return texts_in(choose(None, preferred, request.headers.get("Accept-Language")))
