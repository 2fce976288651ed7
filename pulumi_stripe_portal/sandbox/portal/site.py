"""The portal under `/p` and `/i`: which page answers, and what holds for all of them.

| path | page |
|---|---|
| `/p/session/<secret>…` | the portal of a session; also `/p/session?secret=<secret>` |
| `/p/login/<token>` | the shareable login page of a configuration |
| `/p/recover/<secret>` | signing in again after a session has expired |
| `/p/checkout/<id>` | the page of a Checkout Session |
| `/p/3d-secure/<client secret>` | what a bank asks before a payment |
| `/i/<account>/<secret>` | an invoice; `…/pdf` and `…/receipt` are its documents |
| `/p/outbox` | the emails that the sandbox would have sent |
| `/p/portal.css` | the stylesheet |

A session is bound to the browser that opened its link, by a cookie that is sent for
the paths below the link alone.
"""

from __future__ import annotations

import hmac
import traceback
from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.addresses import PORTAL
from pulumi_stripe_portal.sandbox.data.datafile import DataFileError
from pulumi_stripe_portal.sandbox.data.store import Branding

from . import pages
from .colours import accent_of
from .handlers import (
    cancel_pages,
    detail_pages,
    home_pages,
    hosted,
    invoice_pages,
    method_pages,
    pause_pages,
    plan_pages,
    sign_in,
)
from .handlers.deep_links import redirect_after
from .handlers.portal_request import PortalRequest, csrf_token, refusal
from .handlers.routing import Page
from .handlers.urls import content_policy, safe
from .pages import Frame
from .texts.languages import choose
from .texts.texts import texts_in
from .texts.words import Words
from .views.view import Brand

__all__ = ["Site"]

_COOKIE = "portal"

_MAX_BODY = 100_000

_PAGES = (
    *home_pages.PAGES,
    *plan_pages.PAGES,
    *cancel_pages.PAGES,
    *pause_pages.PAGES,
    *method_pages.PAGES,
    *detail_pages.PAGES,
)
_SESSION = "/p/session/<secret>"


class Site:
    """The pages over the `PortalSessions`."""

    def __init__(self, sessions: portal_session.PortalSessions) -> None:
        """Route to the pages of open sessions."""
        self._sessions = sessions
        self._hosted = hosted.Hosted(sessions)
        self._invoices = invoice_pages.InvoicePages(sessions)
        self._routes = Map(
            [
                Rule("/p/session", endpoint=self._link),
                Rule("/p/login/<token>", endpoint=self._login),
                Rule("/p/recover/<secret>", endpoint=self._recover),
                Rule("/p/outbox", endpoint=self._outbox),
                Rule("/p/checkout/<id>", endpoint=self._hosted.checkout),
                Rule("/p/3d-secure/<secret>", endpoint=self._hosted.challenge),
                Rule("/p/portal.css", endpoint=self._stylesheet),
                Rule("/p/files/<id>", endpoint=self._file),
                *self._invoices.rules,
                *(
                    Rule(_SESSION + page.path, methods=[page.method], endpoint=page)
                    for page in _PAGES
                ),
            ],
            strict_slashes=False,
            merge_slashes=False,
        )

    def answer(self, request: Request) -> Response:
        """Answer one request to a path below `PORTAL`."""
        request.max_content_length = _MAX_BODY
        try:
            response = self._answer(request)
        except portal_session.PortalError as error:
            response = self._error(request, error)
        except HTTPException as error:
            response = self._message(request, "gone", error.code or 404)
        except DataFileError as error:
            response = self._message(request, "failed", 500, str(error))
        except Exception as error:
            traceback.print_exc()
            about = f"The sandbox failed, this is a bug in it: {error!r}"
            response = self._message(request, "failed", 500, about)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _answer(self, request: Request) -> Response:
        if request.method == "HEAD" and request.path.startswith(PORTAL):
            # Whoever looks at a link without opening it doesn't use it up.
            return Response(mimetype="text/html")
        endpoint, arguments = self._routes.bind("").match(request.path, request.method)
        origin = request.headers.get("Origin")
        if request.method == "POST" and origin not in (None, _origin(request)):
            return self._message(request, "refused", 403)
        if isinstance(endpoint, Page):
            return self._show(request, endpoint, **arguments)
        response: Response = endpoint(request, **arguments)
        return response

    def _show(
        self, request: Request, page: Page, secret: str, **arguments: str
    ) -> Response:
        cookie = request.cookies.get(_COOKIE)
        if request.method == "POST" and cookie is None:
            # It can't come from a page of ours, and must not use the link up.
            return self._message(request, "refused", 403)
        session = self._sessions.open(secret, cookie, origin=_origin(request))
        base = f"/p/session/{quote(secret, safe='')}"
        preferred = session.customer.get("preferred_locales") or ()
        accepted = request.headers.get("Accept-Language")
        language = choose(session.locale, preferred, accepted)
        portal_request = PortalRequest(
            http=request,
            session=session,
            words=Words(texts_in(language)),
            base=base,
            stylesheet=pages.stylesheet_url(session.branding),
        )
        token = request.form.get("csrf", "") if request.method == "POST" else ""
        if request.method == "POST" and not hmac.compare_digest(
            token.encode(), csrf_token(session.cookie).encode()
        ):
            return self._message(request, "refused", 403)
        try:
            response = page.run(portal_request, **arguments)
        except portal_session.PortalError as error:
            response = portal_request.refuse(error)
        leaves = redirect_after(portal_request)
        response.headers["Content-Security-Policy"] = content_policy(leaves)
        if cookie != session.cookie:
            response.set_cookie(
                _COOKIE, session.cookie, path=base, httponly=True, samesite="Lax"
            )
        return response

    def _link(self, request: Request) -> Response:
        """Lead the newer shape of a link to the other one."""
        secret = quote(request.args.get("secret", ""), safe="")
        if not secret:
            return self._message(request, "gone", 404)
        return Response(status=303, headers={"Location": f"/p/session/{secret}"})

    def _login(self, request: Request, token: str) -> Response:
        login = self._sessions.login_page(token, origin=_origin(request))
        return self._sign_in(request, login)

    def _recover(self, request: Request, secret: str) -> Response:
        login = self._sessions.recovery(secret, origin=_origin(request))
        return self._sign_in(request, login)

    def _sign_in(self, request: Request, login: portal_session.LoginPage) -> Response:
        frame = self._frame(request, quote(request.path), login.branding)
        return sign_in.answer(request, login, frame)

    def _outbox(self, request: Request) -> Response:
        frame = self._frame(request)
        title = frame.text("outbox.title")
        outbox = self._sessions.outbox
        mails = [(mail, *outbox.sender(mail)) for mail in outbox.mails()]
        shown = [
            (mail, Brand(brand.name, logo=images.logo, icon=images.icon))
            for mail, brand, images in mails
        ]
        return _html(pages.page("outbox", frame, title, mails=shown))

    def _stylesheet(self, request: Request) -> Response:
        accent = accent_of(f"#{request.args.get('accent', '')}")
        headers = {"Cache-Control": "max-age=300"}
        second = accent_of(f"#{request.args.get('second', '')}", accent)
        css = pages.stylesheet(accent, second)
        return Response(css, headers=headers, mimetype="text/css")

    def _file(self, request: Request, id: str) -> Response:
        """Show a company's logo or icon, which is no secret."""
        found = self._sessions.file(id)
        if found is None:
            return self._message(request, "gone", 404)
        return Response(found[1], mimetype=found[0])

    def _error(self, request: Request, error: portal_session.PortalError) -> Response:
        if isinstance(error, portal_session.LinkExpired):
            return self._expired(request, error)
        frame = self._frame(request)
        title, message = refusal(frame.text, error)
        html = pages.page("message", frame, title, message=message)
        return _html(html, error.status)

    def _expired(self, request: Request, error: portal_session.LinkExpired) -> Response:
        frame = self._frame(request, branding=error.branding)
        text, views = frame.text, {}
        if error.recoverable:
            secret = request.path.removeprefix("/p/session/").partition("/")[0]
            views["way_back"] = f"/p/recover/{quote(secret, safe='')}"
            views["way_back_label"] = text("expired.login")
        elif error.branding and (back := safe(error.return_url)):
            views["way_back"] = back
            views["way_back_label"] = text("page.return", name=error.branding.name)
        return _html(
            pages.page(
                "message",
                frame,
                text("expired.title"),
                message=text("expired.text"),
                **views,
            ),
            error.status,
        )

    def _message(
        self, request: Request, kind: str, status: int, about: str = ""
    ) -> Response:
        frame = self._frame(request)
        text = frame.text
        known = f"{kind}.text" in text
        message = text(f"{kind}.text") if known else about
        return _html(
            pages.page("message", frame, text(f"{kind}.title"), message=message), status
        )

    def _frame(
        self, request: Request, base: str = "", branding: Branding | None = None
    ) -> Frame:
        language = choose(None, accepted=request.headers.get("Accept-Language"))
        return Frame(
            text=texts_in(language),
            base=base,
            stylesheet=pages.stylesheet_url(branding),
        )


def _origin(request: Request) -> str:
    return request.host_url.rstrip("/")


def _html(html: str, status: int = 200) -> Response:
    return Response(html, status, mimetype="text/html")


_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": content_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
