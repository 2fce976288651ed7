"""What answers an HTTP request: Stripe's API, its pages, or the sandbox's routes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox.portal.handlers.invoice_pages import (
    INVOICES,
    InvoicePages,
)
from pulumi_stripe_portal.sandbox.portal.site import PORTAL, Site
from pulumi_stripe_portal.sandbox.portal_session import PortalSessions

from .admin import ADMIN, Admin
from .api import Answer, Api

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["App"]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class App:
    """The WSGI application of a sandbox.

    A web page that someone has open may try to reach the sandbox through their
    browser: requests for another host are refused (DNS rebinding), as are requests
    to the sandbox's own routes that come from another site.
    """

    def __init__(self, api: Api, admin: Admin, sessions: PortalSessions) -> None:
        """Put the API, the sandbox's own routes and the portal's pages together."""
        self._api = api
        self._admin = admin
        self._portal = Site(sessions)
        self._invoices = InvoicePages(sessions)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer one request; a fault may raise ConnectionCut through it."""
        request = Request(environ)
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
            message = f"The sandbox does not answer for {request.host}."
            return _response(_refused(message))
        if request.path.startswith(PORTAL):
            return self._portal.answer(request)
        if request.path.startswith(INVOICES):
            return self._invoices.answer(request)
        return _response(self._answer(request))

    def _answer(self, request: Request) -> Answer:
        if not request.path.startswith(ADMIN):
            return self._api.answer(request)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return _refused(f"The sandbox is not open to pages from {origin}.")
        return self._admin.answer(request)


def _refused(message: str) -> Answer:
    return Answer(403, {"error": {"message": message, "type": "sandbox_error"}})


def _response(answer: Answer) -> Response:
    return Response(
        json.dumps(answer.body, separators=(",", ":")) + "\n",
        status=answer.status,
        headers=answer.headers,
        mimetype="application/json",
    )
