"""The app, put together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import stripe
from flask import (
    Flask,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from . import account, api, signin, webhooks
from .billing import Billing, stripe_client
from .inbox import Inbox, Worker
from .sessions import csrf_token
from .store import Store
from .users import Users

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from .settings import Settings

__all__ = ["Tidemark"]

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

_WHOLE = ("jpy", "krw", "vnd", "clp", "xaf", "xof")
"""Some of the currencies whose smallest unit is the whole one."""

_CODES = {
    400: "BAD_REQUEST",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "PAYLOAD_TOO_LARGE",
    500: "INTERNAL_ERROR",
}


class Tidemark:
    """The app and the thread behind it.

    Any WSGI server will do:

        tidemark = Tidemark(settings)
        tidemark.start()
        serve(tidemark.flask)
    """

    def __init__(self, settings: Settings) -> None:
        """Put the app together, from its settings."""
        client = stripe_client(settings.stripe_key, settings.stripe_base)
        store = Store(settings.database)
        self._settings = settings
        self._users = Users(store)
        self._inbox = Inbox(store)
        self._billing = Billing(client, store)
        self._worker = Worker(self._inbox, self._billing)
        self.flask = self._flask(client)

    def start(self) -> None:
        """Begin to process events, first what an earlier process left.

        The portals may have changed meanwhile: what they offer is asked for.
        """
        settings = self._settings
        for configuration in (
            settings.portal_default,
            settings.portal_standard,
            settings.portal_all_plans,
        ):
            self._inbox.ask(configuration)
        self._worker.start()

    def stop(self) -> None:
        """End the thread, when it is done with what it does."""
        self._worker.stop()

    def _flask(self, client: stripe.StripeClient) -> Flask:
        settings, users, billing = self._settings, self._users, self._billing
        app = Flask(__name__)
        app.config.update(
            SECRET_KEY=settings.secret_key,
            MAX_CONTENT_LENGTH=1024 * 1024,
            # Other names for this machine are somebody else's (DNS rebinding).
            TRUSTED_HOSTS=[urlsplit(settings.origin).netloc, "127.0.0.1", "localhost"],
            SESSION_COOKIE_NAME="tidemark",
            SESSION_COOKIE_SAMESITE="Lax",  # comes along on the way back from Stripe
            SESSION_COOKIE_SECURE=settings.origin.startswith("https:"),
        )
        app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's default
        app.url_map.merge_slashes = False
        app.jinja_env.globals["csrf_token"] = csrf_token
        app.jinja_env.filters |= {"date": _date, "money": _money}
        app.register_blueprint(signin.routes(settings, users))
        app.register_blueprint(
            account.routes(settings, users, billing, self._inbox, client)
        )
        app.register_blueprint(api.routes(settings, users, billing, client))
        app.register_blueprint(
            webhooks.routes(settings.webhook_secrets, self._inbox, self._worker)
        )
        app.add_url_rule("/", "home", _home)
        app.add_url_rule("/privacy", "privacy", lambda: _legal("Privacy"))
        app.add_url_rule("/terms", "terms", lambda: _legal("Terms of service"))
        app.before_request(lambda: _at_home(settings.origin))
        app.register_error_handler(HTTPException, _failed)
        app.after_request(_with_headers)
        return app


def _at_home(origin: str) -> ResponseReturnValue | None:
    """Lead from `localhost` to 127.0.0.1, where who comes back from Stripe arrives.

    To a browser these are two sites: a cookie of one isn't sent to the other.
    """
    own = urlsplit(origin).netloc
    elsewhere = request.host != own
    if elsewhere and request.host == own.replace("127.0.0.1", "localhost"):
        return redirect(origin + request.full_path.rstrip("?"), 307)
    return None


def _home() -> ResponseReturnValue:
    return redirect(url_for("account.show"), 303)


def _legal(title: str) -> str:
    return render_template("legal.html", title=title)


def _failed(error: HTTPException) -> ResponseReturnValue:
    """Answer in the form that was asked for; the cause of a 500 is in the log only."""
    status = error.code or 500
    if request.path.startswith("/api/"):
        answer = api.refusal(status, _CODES.get(status, "ERROR"), error.name)
    elif isinstance(error, SecurityError):
        answer = make_response(error.name, status)  # pages need a host that is ours
    else:
        answer = make_response(render_template("error.html", error=error), status)
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(error.valid_methods or [])
    return answer


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _date(seconds: int) -> str:
    day = time.gmtime(seconds)
    return f"{day.tm_mday} {time.strftime('%b %Y', day)}"


def _money(amount: int, currency: str) -> str:
    """Write an amount in its smallest unit as people do."""
    text = f"{amount:,}" if currency in _WHOLE else f"{amount / 100:,.2f}"
    text = text.removesuffix(".00")
    sign = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}.get(currency)
    return f"{sign}{text}" if sign else f"{text} {currency.upper()}"
