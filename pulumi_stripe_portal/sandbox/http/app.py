"""What answers an HTTP request: Stripe's API, its pages, or the sandbox's routes."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox.addresses import (
    INVOICES,
    LOOPBACK,
    PORTAL,
    host_of,
)
from pulumi_stripe_portal.sandbox.data.datafile import DataFileError
from pulumi_stripe_portal.sandbox.errors import StripeError, not_saved, sandbox_bug
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.portal_session import PortalSessions

from .admin import ADMIN, Admin
from .api import Answer, Api
from .faults import ConnectionCut

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from pulumi_stripe_portal.sandbox.portal.site import Site

__all__ = ["App"]


class App:
    """The WSGI application of a sandbox.

    A web page that someone has open may try to reach the sandbox through their
    browser: requests for another host are refused (DNS rebinding), as are requests
    to the sandbox's own routes that come from another site.
    """

    def __init__(self, api: Api, admin: Admin, sessions: PortalSessions) -> None:
        """Put the API, the sandbox's own routes and the portal's pages together."""
        self._api = api
        self.turns = api.turns
        """Those in which requests to the API are answered."""
        self._admin = admin
        self._sessions = sessions

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer one request, whatever it is.

        Raises:
            ConnectionCut: A fault wants the connection closed instead.
        """
        try:
            response = self._respond(Request(environ))
        except ConnectionCut:
            raise
        except DataFileError as error:
            response = _response(self._api.refuse(not_saved(error)))
        except Exception as error:
            traceback.print_exc()
            response = _response(self._api.refuse(sandbox_bug(error)))
        return response(environ, start_response)

    def refuse(self, status: int, what: str) -> tuple[list[tuple[str, str]], bytes]:
        """Return headers and body of the answer to what can't be read as a request."""
        error = StripeError(
            f"Invalid request: {what}",
            Evidence.OURS("what Stripe's own proxies answer is not an API error"),
            status=status,
        )
        response = _response(self._api.refuse(error))
        return list(response.headers), response.get_data()

    def _respond(self, request: Request) -> Response:
        if host_of(f"//{request.host}") not in LOOPBACK:
            message = f"The sandbox does not answer for {request.host}."
            return _response(_refuse(message))
        if request.path.startswith((PORTAL, INVOICES)):
            return self._portal.answer(request)
        return _response(self._answer(request))

    @cached_property
    def _portal(self) -> Site:
        """Return the portal's pages; what they need takes a third of a start."""
        from pulumi_stripe_portal.sandbox.portal.site import Site

        return Site(self._sessions)

    def _answer(self, request: Request) -> Answer:
        if not request.path.startswith(ADMIN):
            return self._api.answer(request)
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            return _refuse(f"The sandbox is not open to pages from {origin}.")
        return self._admin.answer(request)


def _refuse(message: str) -> Answer:
    return Answer(403, {"error": {"message": message, "type": "sandbox_error"}})


def _response(answer: Answer) -> Response:
    headers = {name: _in_latin_1(text) for name, text in answer.headers.items()}
    return Response(
        json.dumps(answer.body, separators=(",", ":")) + "\n",
        status=answer.status,
        headers=headers,
        mimetype="application/json",
    )


def _in_latin_1(text: str) -> str:
    """Return what of *text* a header can hold."""
    return text.encode("latin-1", "replace").decode("latin-1")
