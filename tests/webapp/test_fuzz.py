"""Any request gets an answer: no 500, and no data without signing in."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .serving import PASSWORD, Site
from .shop import ADA, EVE, Shop

PATHS = [
    "/",
    "/account",
    "/account/back",
    "/reports",
    "/privacy",
    "/sign-in",
    "/sign-in/link",
    "/sign-in/link/token",
    "/sign-out",
    "/dev/outbox",
    "/create-customer-portal-session",
    "/webhooks/stripe",
    "/api/auth/sign-in",
    "/api/auth/sign-out",
    "/api/account",
    "/api/billing/portal",
    "/static/style.css",
    "/static/../app.py",
]

text = st.text(max_size=40) | st.sampled_from([ADA, PASSWORD, "true", "bpc_1", "null"])
header_value = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"),
    max_size=60,
)
paths = st.sampled_from(PATHS) | st.text(max_size=30).map(
    lambda path: "/" + quote(path, safe="/%?&=;:@")
)
json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3)
    ),
    max_leaves=8,
)
names = st.sampled_from(
    ["returnUrl", "configuration", "email", "password", "csrf", "flow", "customer"]
)
headers = st.dictionaries(
    st.sampled_from(
        [
            "Accept",
            "Authorization",
            "Content-Type",
            "Cookie",
            "Origin",
            "Referer",
            "Stripe-Signature",
            "X-Forwarded-Host",
        ]
    ),
    header_value
    | st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "Bearer x", "t=1,v1="]
    ),
    max_size=4,
)


def ask(
    site: Site, method: str, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, str]:
    """Send exactly this, and return status and body."""
    connection = HTTPConnection(site.origin.removeprefix("http://"), timeout=20)
    try:
        sent = {name: value.encode("latin-1") for name, value in headers.items()}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def assert_harmless(shop: Shop, status: int, page: str) -> None:
    """Assert that nothing broke and nothing got out."""
    assert status < 500, page
    for secret in (*shop.customers.values(), shop.settings.stripe_key, "Traceback"):
        assert secret not in page


def test_any_request_is_answered(shop: Shop, site: Site) -> None:
    """Whatever the method, path, headers and body: below 500, and nobody's data."""

    @given(
        method=st.sampled_from(
            ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "X"]
        ),
        path=paths,
        body=st.binary(max_size=200),
        headers=headers,
    )
    def check(method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        assert_harmless(shop, *ask(site, method, path, body, headers))

    check()


@pytest.mark.parametrize("path", ["/api/billing/portal", "/api/auth/sign-in"])
def test_any_json_is_answered(shop: Shop, site: Site, path: str) -> None:
    """Signed in, with any JSON: one of the documented answers."""
    token = str(site.api(ADA).http.headers["Authorization"])
    sent = {"Authorization": token, "Content-Type": "application/json"}

    @given(
        body=st.dictionaries(names | text, json_value, max_size=4)
        | st.fixed_dictionaries(
            {"returnUrl": st.text(max_size=20).map(lambda end: f"{site.origin}/{end}")}
        )
        | json_value
    )
    def check(body: Any) -> None:
        status, page = ask(site, "POST", path, json.dumps(body).encode(), sent)
        answer = json.loads(page)
        assert_harmless(shop, status, page)
        assert status in (200, 400, 401, 403)
        assert answer["success"] is (status == 200)

    check()


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/sign-in/link", "/sign-in/link/x", "/create-customer-portal-session"],
)
def test_any_form_is_answered(shop: Shop, site: Site, path: str) -> None:
    """With the browser's own token and any fields: a page or a redirect."""
    browser = site.browser(EVE)
    csrf = browser.csrf()

    @given(form=st.dictionaries(names | text, st.text(max_size=30), max_size=4))
    def check(form: dict[str, str]) -> None:
        encoded = {
            key.encode("utf-8", "replace"): value.encode("utf-8", "replace")
            for key, value in {**form, "csrf": csrf}.items()
        }
        answer = site.browser().send(
            "POST", path, data=encoded, cookies=browser.http.cookies
        )
        assert_harmless(shop, answer.status_code, answer.text)

    check()
