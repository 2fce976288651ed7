"""Signing in with an email address: the shareable login page, and expired sessions."""

from __future__ import annotations

from dataclasses import replace

from werkzeug.wrappers import Request, Response

from pulumi_stripe_portal.sandbox import portal_session
from pulumi_stripe_portal.sandbox.portal import pages
from pulumi_stripe_portal.sandbox.portal.pages import Frame

from .portal_request import brand_of, say

__all__ = ["answer"]


def answer(request: Request, login: portal_session.LoginPage, frame: Frame) -> Response:
    """Ask for the email address; then for the code that was sent to it; sign in."""
    frame = replace(frame, brand=brand_of(login))
    if request.method != "POST":
        return _email_form(login, frame, request.args.get("prefilled_email", ""))
    email = request.form.get("email", "").strip()[:512]
    code = request.form.get("code")
    if code is None:
        login.send_code(email)
        return _code_form(frame, email)
    try:
        url = login.sign_in(email, code.strip())
    except portal_session.Invalid as problem:
        said = say(frame.text, problem)
        frame = replace(frame, problem=said, wrong=problem.field)
        return _code_form(frame, email, problem.status)
    return Response(status=303, headers={"Location": url})


def _email_form(login: portal_session.LoginPage, frame: Frame, email: str) -> Response:
    text = frame.text
    lead = (
        text("login.lead", name=login.branding.name)
        if login.email is None
        else text("login.recover", email=login.email)
    )
    return _page("login", frame, lead=lead, email=email[:512])


def _code_form(frame: Frame, email: str, status: int = 200) -> Response:
    return _page("code", frame, status, email=email)


def _page(part: str, frame: Frame, status: int = 200, **views: object) -> Response:
    html = pages.page(part, frame, frame.text("login.title"), **views)
    return Response(html, status, mimetype="text/html")
