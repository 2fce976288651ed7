"""Checkouts, and the page of 3-D Secure: pages without a portal session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.data.store import Branding, Json
from pulumi_stripe_portal.sandbox.portal import pages
from pulumi_stripe_portal.sandbox.portal.pages import Frame
from pulumi_stripe_portal.sandbox.portal.texts.languages import choose
from pulumi_stripe_portal.sandbox.portal.texts.texts import texts_in
from pulumi_stripe_portal.sandbox.portal.texts.words import Words
from pulumi_stripe_portal.sandbox.portal.views import checkout_view, view

from .card_form import entered_card
from .checkout_form import FIELDS, entered_details, known_details, without
from .portal_request import say
from .urls import content_policy, safe

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox.portal_session import (
        Challenge,
        CheckoutEntry,
        CheckoutSummary,
        OpenCheckout,
    )

__all__ = ["Hosted"]


class Hosted:
    """The pages over `HostedPages`."""

    def __init__(self, sessions: portal_session.PortalSessions) -> None:
        """Find what the links lead to where the portal's sessions are."""
        self._pages = portal_session.HostedPages(sessions)

    def checkout(self, request: Request, id: str) -> Response:
        """Show what a Checkout Session sells, and take what is entered."""
        found = self._pages.checkout(id, origin=_origin(request))
        session = found.object
        if session["status"] == "complete":
            return _leave(found.success_url)
        if session["status"] == "expired":
            return _expired(request, found)
        if request.method != "POST":
            return _checkout(request, found)
        field = _fields(request)
        try:
            entry, asks = entered_details(field), True
            summary = found.summary(entry)
            if summary is not None:
                asks = summary.needs_card
            url = found.submit(
                email=field["email"],
                name=field["name"] or None,
                card=entered_card(field) if asks else None,
                entry=entry,
            )
        except (portal_session.Invalid, portal_session.CardDeclined) as problem:
            return _checkout(request, found, problem)
        return _leave(url)

    def challenge(self, request: Request, secret: str) -> Response:
        """Ask whether it is the customer, in place of their bank."""
        found = self._pages.challenge(secret, origin=_origin(request))
        if request.method != "POST":
            return _challenge(request, found)
        url = found.answer(succeeded=request.form.get("answer") == "succeed")
        if url:
            return _leave(url)
        frame = _frame(request, found.branding, None, {})
        text = frame.text
        return _html(
            pages.page("message", frame, text("done.title"), message=text("done.text"))
        )


def _checkout(
    request: Request,
    found: OpenCheckout,
    problem: portal_session.PortalError | None = None,
) -> Response:
    field, session = _fields(request), found.object
    if not any(field.values()):
        field |= known_details(found)
    summary, entry, wrong = _summarised(found, entered_details(field))
    problem = problem or wrong
    if found.has_failed and problem is None:
        problem = portal_session.Invalid(
            "The bank could not confirm it.", "authentication_failed"
        )
    frame = _frame(request, found.branding, session["locale"], found.customer, problem)
    brand = view.Brand(
        found.branding.name,
        "",
        return_url=safe(session["cancel_url"]),
        logo=found.images.logo,
        icon=found.images.icon,
    )
    frame = frame.of_brand(brand)
    shown = checkout_view.checkout(Words(frame.text), found, summary, entry, field)
    html = pages.page("checkout", frame, shown.title, checkout=shown)
    response = _html(html, problem.status if problem else 200)
    response.headers["Content-Security-Policy"] = content_policy(session["success_url"])
    return response


def _summarised(
    found: OpenCheckout, entry: CheckoutEntry
) -> tuple[CheckoutSummary | None, CheckoutEntry, portal_session.PortalError | None]:
    """Return what is to be paid, with what of *entry* will do, and what won't."""
    problem = None
    while True:
        try:
            return found.summary(entry), entry, problem
        except portal_session.Invalid as invalid:
            less = without(entry, invalid.field)
            if less == entry:
                raise
            entry, problem = less, problem or invalid


def _challenge(request: Request, found: Challenge) -> Response:
    frame = _frame(request, found.branding, found.locale, found.customer)
    words, name = Words(frame.text), found.branding.name
    text = frame.text("challenge.save", name=name)
    if found.amount:
        amount = words.money(*found.amount)
        text = frame.text("challenge.pay", amount=amount, name=name)
    title = frame.text("challenge.title")
    response = _html(pages.page("challenge", frame, title, message=text))
    response.headers["Content-Security-Policy"] = content_policy(found.leaves)
    return response


def _expired(request: Request, found: OpenCheckout) -> Response:
    session = found.object
    frame = _frame(request, found.branding, session["locale"], found.customer)
    text = frame.text
    html = pages.page(
        "message",
        frame,
        text("checkout.expired.title"),
        message=text("checkout.expired.text"),
        way_back=safe(session["cancel_url"]),
        way_back_label=text("page.return", name=found.branding.name),
    )
    return _html(html, 410)


def _fields(request: Request) -> dict[str, str]:
    given = request.form if request.method == "POST" else request.args
    return {name: given.get(name, "").strip()[:512] for name in FIELDS}


def _frame(
    request: Request,
    branding: Branding,
    locale: str | None,
    customer: Json,
    problem: portal_session.PortalError | None = None,
) -> Frame:
    preferred = customer.get("preferred_locales") or ()
    accepted = request.headers.get("Accept-Language")
    texts = texts_in(choose(locale, preferred, accepted))
    return Frame(
        text=texts,
        base=request.path,
        stylesheet=pages.stylesheet_url(branding),
        problem=say(texts, problem) if problem else None,
        wrong=problem.field if problem else None,
    )


def _origin(request: Request) -> str:
    return request.host_url.rstrip("/")


def _leave(url: str) -> Response:
    return Response(status=303, headers={"Location": url})


def _html(html: str, status: int = 200) -> Response:
    return Response(html, status, mimetype="text/html")
