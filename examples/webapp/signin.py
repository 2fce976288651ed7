"""Signing in, with a password or a mailed link, and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from .sessions import check_form, sign_in, sign_out, signed_in
from .users import WAIT, TooManyAttemptsError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from .settings import Settings
    from .users import Users

__all__ = ["routes"]

_TOO_MANY = f"Too many attempts. Try again in {WAIT // 60} minutes."


def routes(settings: Settings, users: Users) -> Blueprint:
    """Return the pages."""
    pages = Blueprint("signin", __name__)

    @pages.get("/sign-in")
    def form() -> ResponseReturnValue:
        if signed_in(users):
            return redirect(url_for("account.show"), 303)
        return render_template("sign_in.html", outbox=settings.outbox)

    @pages.post("/sign-in")
    def with_password() -> ResponseReturnValue:
        check_form()
        email, password = (
            request.form.get("email", ""),
            request.form.get("password", ""),
        )
        try:
            user, status = users.by_password(email, password), 401
            problem = "This address and password don't match."
        except TooManyAttemptsError:
            user, status = None, 429
            problem = _TOO_MANY
        if user is None:
            flash(problem, "error")
            page = render_template("sign_in.html", outbox=settings.outbox, email=email)
            return page, status
        sign_in(users, user)
        return redirect(url_for("account.show"), 303)

    @pages.post("/sign-out")
    def out() -> ResponseReturnValue:
        check_form()
        sign_out(users)
        return redirect(url_for("signin.form"), 303)

    @pages.post("/sign-in/link")
    def mail_link() -> ResponseReturnValue:
        check_form()
        if not settings.outbox:
            abort(404)
        email = request.form.get("email", "")
        try:
            users.send_link(email, f"{settings.origin}/sign-in/link/")
        except TooManyAttemptsError:
            flash(_TOO_MANY, "error")
            page = render_template("sign_in.html", outbox=settings.outbox, email=email)
            return page, 429
        flash("If there is an account with this address, a link is on its way.", "ok")
        return redirect(url_for("signin.outbox"), 303)

    @pages.get("/sign-in/link/<token>")
    def ask(token: str) -> ResponseReturnValue:
        # A question first: programs that read mail open links, and would use it up.
        if users.by_token(token, "link") is None:
            return render_template("link.html", token=None), 410
        return render_template("link.html", token=token)

    @pages.post("/sign-in/link/<token>")
    def with_link(token: str) -> ResponseReturnValue:
        check_form()
        user = users.redeem(token, "link")
        if user is None:
            return render_template("link.html", token=None), 410
        sign_in(users, user)
        return redirect(url_for("account.show"), 303)

    @pages.get("/dev/outbox")
    def outbox() -> ResponseReturnValue:
        if not settings.outbox:
            abort(404)
        return render_template("outbox.html", mails=users.mails())

    return pages
