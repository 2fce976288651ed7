"""The JSON interface, for scripts and for single-page front ends.

Every answer is `{"success": true, "data": …}` or
`{"success": false, "error": {"code": …, "message": …}}`.
"""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import stripe
from flask import Blueprint, current_app, jsonify, request

from .entitlements import allowed_configurations, plan
from .portal import open_portal
from .users import LIFETIMES, WAIT, TooManyAttemptsError

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from .billing import Billing
    from .settings import Settings
    from .users import User, Users

__all__ = ["ApiError", "refusal", "routes"]

_URL = re.compile(r"[!-\[\]-~]{1,2000}")
"""Printable ASCII without the backslash, which browsers read as a slash."""


class ApiError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Take the HTTP status, a code for programs and a message for people."""
        super().__init__(message)
        self.status = status
        self.code = code


def refusal(status: int, code: str, message: str) -> Response:
    """Return an error in the envelope that all have."""
    answer = jsonify(success=False, error={"code": code, "message": message})
    answer.status_code = status
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def routes(
    settings: Settings, users: Users, billing: Billing, client: stripe.StripeClient
) -> Blueprint:
    """Return the interface."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.errorhandler(ApiError)
    def refused(error: ApiError) -> Response:
        return refusal(error.status, error.code, str(error))

    @api.post("/auth/sign-in")
    def sign_in() -> ResponseReturnValue:
        body = _json_body()
        email, password = _text(body, "email"), _text(body, "password")
        try:
            user = users.by_password(email, password)
        except TooManyAttemptsError:
            message = f"Try again in {WAIT // 60} minutes"
            raise ApiError(429, "TOO_MANY_REQUESTS", message) from None
        if user is None:
            raise ApiError(401, "UNAUTHORIZED", "Wrong address or password")
        token = users.issue(user, "api")
        expires = int(time.time()) + LIFETIMES["api"]
        return _success({"token": token, "expiresAt": expires})

    @api.post("/auth/sign-out")
    def sign_out() -> ResponseReturnValue:
        _bearer(users)
        users.redeem(_token(), "api")
        return _success({})

    @api.get("/account")
    def account() -> ResponseReturnValue:
        user = _bearer(users)
        state = billing.known(user.customer)
        granted = plan(state)
        return _success(
            {
                "email": user.email,
                "plan": granted.tier,
                "projects": granted.projects,
                "features": sorted(granted.features),
                "billing": state,
            }
        )

    @api.post("/billing/portal")
    def portal() -> ResponseReturnValue:
        user = _bearer(users)
        body = _json_body()
        return_url = _own_url(_text(body, "returnUrl"), settings.origin)
        wanted = body.get("configuration")
        if wanted is not None:
            wanted = _text(body, "configuration")
        if user.customer is None:
            raise ApiError(404, "NOT_FOUND", "No billing customer record found")
        allowed = allowed_configurations(billing.known(user.customer), settings)
        if wanted is not None and wanted not in allowed:
            raise ApiError(
                403, "FORBIDDEN", "This portal configuration is not for this plan"
            )
        try:
            url = open_portal(
                client,
                user.customer,
                configuration=wanted or allowed[0],
                return_url=return_url,
            )
        except stripe.StripeError as error:
            if _names_no_customer(error):
                message = "No billing customer record found"
                raise ApiError(404, "NOT_FOUND", message) from None
            current_app.logger.warning("no portal session: %s", error)
            raise ApiError(
                502, "BILLING_UNAVAILABLE", "The billing portal can't be opened now"
            ) from None
        return _success({"url": url})

    return api


def _names_no_customer(error: stripe.StripeError) -> bool:
    return (
        isinstance(error, stripe.InvalidRequestError)
        and error.code == "resource_missing"
        and error.param == "customer"
    )


def _success(data: dict[str, Any]) -> ResponseReturnValue:
    return {"success": True, "data": data}


def _token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _bearer(users: Users) -> User:
    """Return whose token the request carries. Cookies don't count here."""
    user = users.by_token(_token(), "api")
    if user is None:
        raise ApiError(401, "UNAUTHORIZED", "Authentication required")
    return user


def _json_body() -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json")
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise ApiError(400, "VALIDATION_ERROR", "The body is not JSON") from None
    if not isinstance(body, dict):
        raise ApiError(400, "VALIDATION_ERROR", "The body is not a JSON object")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None or value == "":
        raise ApiError(400, "VALIDATION_ERROR", f"{name} is required")
    if not isinstance(value, str) or not _is_unicode(value):
        raise ApiError(400, "VALIDATION_ERROR", f"{name} must be a string")
    return value


def _is_unicode(text: str) -> bool:
    """Tell half characters apart, which JSON can spell and UTF-8 can't."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _own_url(url: str, origin: str) -> str:
    """Return the address if it is one of this app's own.

    It is compared as text, not parsed: parsers and browsers disagree about odd ones.
    """
    rest = url.removeprefix(origin)
    if not _URL.fullmatch(url) or rest == url or rest[:1] not in ("", "/", "?", "#"):
        message = f"returnUrl must be an address that begins with {origin}/"
        raise ApiError(400, "VALIDATION_ERROR", message)
    return url
