"""Invoices to look at and to download: `/i/<account>/<secret>` and `…/pdf`.

Whoever has the link may see the invoice, as at Stripe.
"""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox.billing.pdf import pdf
from pulumi_stripe_portal.sandbox.portal_session import PageGone, PortalSessions

__all__ = ["INVOICES", "InvoicePages"]

INVOICES = "/i/"
"""Every path of theirs begins with it."""


class InvoicePages:
    """The links of invoices, over the `PortalSessions`."""

    def __init__(self, sessions: PortalSessions) -> None:
        """Ask the sessions for what is behind a link."""
        self._sessions = sessions

    def answer(self, request: Request) -> Response:
        """Answer with the invoice as PDF: to be shown, or at `/pdf` to be kept."""
        account, _, rest = request.path.removeprefix(INVOICES).partition("/")
        secret, _, suffix = rest.partition("/")
        if request.method not in ("GET", "HEAD") or suffix not in ("", "pdf"):
            return Response("Not found", 404)
        try:
            invoice = self._sessions.invoice(account, secret)
        except PageGone as error:
            return Response(error.message, error.status)
        kind = "attachment" if suffix else "inline"
        return Response(
            pdf(invoice),
            mimetype="application/pdf",
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": (
                    f'{kind}; filename="Invoice-{invoice["number"]}.pdf"'
                ),
                "X-Content-Type-Options": "nosniff",
            },
        )
