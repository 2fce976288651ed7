"""Who may ask for a portal session: the bearer of a token, while it is good."""

from __future__ import annotations

import pytest

from examples.webapp.store import Store

from .serving import Site
from .shop import ADA, Shop

UNAUTHORIZED = {
    "success": False,
    "error": {"code": "UNAUTHORIZED", "message": "Authentication required"},
}


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer unknown",
        "Bearer unknown token",
        "Basic YWRhOnB3",
        "unknown",
    ],
    ids=str,
)
def test_a_request_without_a_good_token_is_unauthorized(
    site: Site, header: str | None
) -> None:
    """No token, another scheme and unknown tokens all get the documented 401."""
    headers = {} if header is None else {"Authorization": header}

    answer = site.api().post("/api/billing/portal", {}, **headers)

    assert answer.status_code == 401
    assert answer.json() == UNAUTHORIZED
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_authentication_comes_before_the_body_is_looked_at(site: Site) -> None:
    """Who isn't signed in learns nothing about the request."""
    answer = site.api().send("POST", "/api/billing/portal", data="{")

    assert answer.status_code == 401
    assert answer.json() == UNAUTHORIZED


def test_a_browsers_cookie_is_no_token(site: Site) -> None:
    """Another site's page can make a browser send cookies, but no Bearer token."""
    browser = site.browser(ADA)

    answer = browser.send(
        "POST", "/api/billing/portal", json={"returnUrl": f"{site.origin}/account"}
    )

    assert answer.status_code == 401


def test_a_token_ends_when_its_time_is_over(shop: Shop, site: Site) -> None:
    """An expired token is like none."""
    api = site.api(ADA)
    with Store(shop.settings.database).transaction() as db:
        db.execute("UPDATE tokens SET expires = expires - 3600")

    assert api.open_portal().json() == UNAUTHORIZED


def test_a_token_ends_with_sign_out(site: Site) -> None:
    """After signing out, the token that was used is like none."""
    api = site.api(ADA)
    assert api.post("/api/auth/sign-out", {}).json() == {"success": True, "data": {}}

    assert api.open_portal().json() == UNAUTHORIZED


def test_tokens_are_not_stored(shop: Shop, site: Site) -> None:
    """Who reads the database can't sign in with what is there."""
    api = site.api(ADA)
    token = str(api.http.headers["Authorization"]).removeprefix("Bearer ")

    with Store(shop.settings.database).transaction() as db:
        stored = [dict(row) for row in db.execute("SELECT * FROM tokens")]

    assert len(stored) == 1
    assert token not in str(stored)
