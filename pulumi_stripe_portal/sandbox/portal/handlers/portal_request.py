"""One request to the portal by a customer whose session is open."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.portal import pages
from pulumi_stripe_portal.sandbox.portal.pages import Frame
from pulumi_stripe_portal.sandbox.portal.texts.texts import Texts
from pulumi_stripe_portal.sandbox.portal.texts.words import Words
from pulumi_stripe_portal.sandbox.portal.views import view

from .urls import safe

__all__ = ["PortalRequest", "brand_of", "csrf_token", "refusal", "say"]

_MAX_FIELD = 2_000


def brand_of(
    shown: portal_session.OpenSession | portal_session.LoginPage,
    return_url: str | None = None,
) -> view.Brand:
    """Return whose portal it is, with the way back to them if there is one."""
    profile = shown.profile
    return view.Brand(
        name=shown.branding.name,
        headline=profile["headline"],
        return_url=return_url,
        privacy_url=safe(profile["privacy_policy_url"]),
        terms_url=safe(profile["terms_of_service_url"]),
        logo=shown.images.logo,
        icon=shown.images.icon,
    )


def csrf_token(cookie: str) -> str:
    """Return what a form has to carry that was shown to the holder of *cookie*."""
    return hmac.new(cookie.encode(), b"portal form", hashlib.sha256).hexdigest()


def say(text: Texts, problem: portal_session.PortalError) -> str:
    """Put an error in the customer's words, or in Stripe's where there are none."""
    key = f"problem.{problem.code}"
    return text(key) if key in text else problem.message


def refusal(text: Texts, error: portal_session.PortalError) -> tuple[str, str]:
    """Return the title and the text of the page for an error that has no form."""
    kind = {403: "refused", 404: "gone"}.get(error.status, "failed")
    general = f"{kind}.text"
    if general in text and f"problem.{error.code}" not in text:
        return text(f"{kind}.title"), text(general)
    return text(f"{kind}.title"), say(text, error)


@dataclass(frozen=True)
class PortalRequest:
    """A request, the session that it belongs to, and the ways to answer.

    *base* is the URL path of the session's first page.
    """

    http: Request
    session: portal_session.OpenSession
    words: Words
    base: str
    stylesheet: str

    def field(self, name: str) -> str:
        """Return what was entered in a field; nothing where it is not there."""
        given = self.http.form if self.http.method == "POST" else self.http.args
        return given.get(name, "").strip()[:_MAX_FIELD]

    def text(self, key: str, **values: object) -> str:
        """Return a text in the customer's language."""
        return self.words.text(key, **values)

    @property
    def brand(self) -> view.Brand:
        """Whose portal it is."""
        return brand_of(self.session, safe(self.session.return_url))

    def show(
        self,
        part: str,
        title: str,
        *,
        leads_home: bool = True,
        back: str | None = None,
        problem: portal_session.PortalError | None = None,
        status: int = 200,
        **views: object,
    ) -> Response:
        """Answer with a page that leads to the first one, and *back* a step.

        In a flow there is no way to the first page. A *problem* gives its own status.
        """
        notice = f"notice.{self.http.args.get('notice', '')}"
        frame = Frame(
            text=self.words.text,
            brand=self.brand,
            base=self.base,
            stylesheet=self.stylesheet,
            csrf=csrf_token(self.session.cookie),
            home=leads_home and self.session.flow is None,
            back=back,
            notice=self.text(notice) if notice in self.words.text else None,
            problem=say(self.words.text, problem) if problem else None,
            wrong=problem.field if problem else None,
        )
        html = pages.page(part, frame, title, **views)
        return Response(
            html, problem.status if problem else status, mimetype="text/html"
        )

    def refuse(self, error: portal_session.PortalError) -> Response:
        """Answer with a page that says what went wrong."""
        title, message = refusal(self.words.text, error)
        return self.show("message", title, status=error.status, message=message)

    def ask_bank(self, id: str) -> Response | None:
        """Answer with the way to 3-D Secure, if a card or invoice waits for it."""
        url = portal_session.authentication_url(self.session, id)
        return Response(status=303, headers={"Location": url}) if url else None

    def go(self, path: str = "", notice: str = "") -> Response:
        """Answer with the way to another page of the session."""
        place = f"{self.base}/{path}" if path else self.base
        query = f"?notice={notice}" if notice else ""
        return Response(status=303, headers={"Location": place + query})
