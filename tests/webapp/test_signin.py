"""Signing in and out."""

from __future__ import annotations

import pytest
import requests

from examples.webapp.store import Store
from examples.webapp.users import Users

from .serving import PASSWORD, Site, assert_refused
from .shop import ADA, GRACE, NEW, Shop

FORMS = [
    "/sign-in",
    "/sign-in/link",
    "/sign-in/link/token",
    "/sign-out",
    "/create-customer-portal-session",
]


def test_a_password_signs_in(site: Site) -> None:
    """The session is a cookie that scripts can't read and other sites can't send."""
    browser = site.browser()

    answer = browser.sign_in(ADA)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/account"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ADA in browser.text("/account")


def test_the_address_may_be_typed_in_any_case(site: Site) -> None:
    """Nobody is locked out by a phone's keyboard."""
    assert site.browser().sign_in(" Ada@Example.COM ").status_code == 303


def test_wrong_passwords_and_unknown_addresses_look_the_same(site: Site) -> None:
    """Nobody learns from the answer who has an account."""
    browser = site.browser()

    wrong = browser.sign_in(ADA, "wrong")
    unknown = browser.sign_in("nobody@example.com")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(ADA, "") == unknown.text.replace("nobody@example.com", "")


@pytest.mark.parametrize("email", [ADA, "nobody@example.com"])
def test_passwords_cannot_be_guessed_for_ever(
    shop: Shop, site: Site, email: str
) -> None:
    """After ten, page and API take none for a while, for anybody with that address."""
    for _ in range(5):
        assert site.browser().sign_in(email, "wrong").status_code == 401
        answer = _api_sign_in(site, email, "wrong")
        assert_refused(answer, 401, "UNAUTHORIZED")

    refused = site.browser().sign_in(f" {email.upper()}")

    assert refused.status_code == 429
    assert "Too many attempts. Try again in 15 minutes." in refused.text
    assert_refused(_api_sign_in(site, email), 429, "TOO_MANY_REQUESTS")
    assert site.browser().sign_in(GRACE).status_code == 303
    with Store(shop.settings.database).transaction() as db:
        db.execute("UPDATE attempts SET at = at - 900")
    assert site.browser().sign_in(email).status_code == (303 if email == ADA else 401)


def test_the_right_password_begins_anew(site: Site) -> None:
    """Who mistypes now and then isn't locked out."""
    for _ in range(2):
        for _ in range(9):
            assert site.browser().sign_in(ADA, "wrong").status_code == 401
        assert site.browser().sign_in(ADA).status_code == 303


def test_what_is_typed_is_escaped(site: Site) -> None:
    """An address that holds HTML is shown as text."""
    answer = site.browser().sign_in('"><script>alert(1)</script>')

    assert "<script>" not in answer.text


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
def test_each_form_needs_the_browsers_own_token(site: Site, token: str | None) -> None:
    """What another site makes a browser send is refused."""
    browser = site.browser(GRACE)
    form = {"email": GRACE, "password": PASSWORD}

    for path in FORMS:
        answer = browser.send(
            "POST", path, data=form if token is None else {**form, "csrf": token}
        )
        assert answer.status_code == 403, path


def test_another_browsers_token_is_no_good(site: Site) -> None:
    """A form's token belongs to one browser."""
    token = site.browser(ADA).csrf()

    answer = site.browser(GRACE).send("POST", "/sign-out", data={"csrf": token})

    assert answer.status_code == 403


def test_a_forged_cookie_signs_nobody_in(site: Site) -> None:
    """The cookie is signed: a changed one is like none."""
    browser = site.browser(ADA)
    (cookie,) = browser.http.cookies.values()

    forged = cookie[:-4] + "AAAA"

    answer = site.browser().get("/account", headers={"Cookie": f"tidemark={forged}"})

    assert answer.status_code == 303


def test_signing_out_ends_the_session_everywhere(site: Site) -> None:
    """A cookie that was copied before is of no use after it."""
    browser = site.browser(ADA)
    (cookie,) = browser.http.cookies.values()
    copied = {"Cookie": f"tidemark={cookie}"}
    assert site.browser().get("/account", headers=copied).status_code == 200

    assert browser.post("/sign-out").status_code == 303

    assert site.browser().get("/account", headers=copied).status_code == 303


def test_a_mailed_link_signs_in_once(site: Site) -> None:
    """Opening it asks first, signing in uses it up."""
    browser = site.browser()
    assert browser.post("/sign-in/link", email=ADA).status_code == 303
    link = _mailed_link(site)

    assert browser.get(link).status_code == 200
    assert browser.get(link).status_code == 200
    answer = browser.post(link)

    assert answer.status_code == 303
    assert ADA in browser.text("/account")
    assert site.browser().get(link).status_code == 410
    assert site.browser().post(link).status_code == 410


def test_a_mailed_link_ends_after_a_quarter_of_an_hour(shop: Shop, site: Site) -> None:
    """A mail that lies around signs nobody in."""
    browser = site.browser()
    browser.post("/sign-in/link", email=ADA)
    with Store(shop.settings.database).transaction() as db:
        db.execute("UPDATE tokens SET expires = expires - 900 WHERE kind = 'link'")

    assert browser.post(_mailed_link(site)).status_code == 410


def test_an_unknown_address_gets_no_mail_and_the_same_answer(site: Site) -> None:
    """Nobody learns from it who has an account."""
    browser = site.browser()

    answer = browser.post("/sign-in/link", email="nobody@example.com")

    assert answer.status_code == 303
    assert "If there is an account" in (page := browser.text("/dev/outbox"))
    assert "Nothing yet" in page


def test_a_link_is_no_session_and_a_session_no_link(site: Site) -> None:
    """A token is good for what it was made for."""
    browser = site.browser()
    browser.post("/sign-in/link", email=ADA)
    token = _mailed_link(site).rpartition("/")[2]

    answer = site.api().post("/api/billing/portal", {}, Authorization=f"Bearer {token}")

    assert answer.status_code == 401


def test_pages_for_others_are_not_shown(site: Site) -> None:
    """Who isn't signed in is sent to sign in."""
    for path in ("/account", "/reports", "/account/back"):
        answer = site.browser().get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"] in ("/sign-in", "/account")


def test_pages_are_not_kept_or_framed(site: Site) -> None:
    """No cache keeps somebody's account, no other site shows it inside its own."""
    headers = site.browser(ADA).get("/account").headers

    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_somebody_new_has_the_free_plan(site: Site) -> None:
    """Without a billing record there is still an account."""
    page = site.browser(NEW).text("/account")

    assert "Free" in page
    assert "no billing record" in page


def _api_sign_in(site: Site, email: str, password: str = PASSWORD) -> requests.Response:
    body = {"email": email, "password": password}
    return site.api().post("/api/auth/sign-in", body)


def _mailed_link(site: Site) -> str:
    page = site.browser().get("/dev/outbox").text
    start = page.index(site.origin) + len(site.origin)
    return page[start : page.index('"', start)]


@pytest.mark.parametrize("email", [ADA, "nobody@example.com"])
def test_an_empty_password_counts_as_any_other(site: Site, email: str) -> None:
    """No password tells whether there is such an address, nor does an empty one."""
    statuses = [site.browser().sign_in(email, "").status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]


@pytest.mark.parametrize("email", [ADA, "nobody@example.com"])
def test_links_cannot_be_asked_for_without_end(site: Site, email: str) -> None:
    """Nobody's mailbox is filled, and nobody learns who has an account."""
    browser = site.browser()
    answers = [browser.post("/sign-in/link", email=email) for _ in range(6)]

    assert [each.status_code for each in answers] == [303] * 5 + [429]
    assert "Too many attempts. Try again in 15 minutes." in answers[-1].text
    assert site.browser().sign_in(ADA).status_code == 303


def test_a_link_takes_as_much_for_an_unknown_address(shop: Shop, site: Site) -> None:
    """As much is written for nobody as for somebody: the time taken doesn't tell."""
    written = []
    for email in (ADA, "nobody@example.com"):
        before = _rows(shop)
        site.browser().post("/sign-in/link", email=email)
        written.append(
            {name: count - before[name] for name, count in _rows(shop).items()}
        )

    assert written[0] == written[1]
    assert written[0]["mails"] == 1
    assert site.browser().text("/dev/outbox").count("@example.com") == 1


def test_another_password_ends_sessions_and_tokens(shop: Shop, site: Site) -> None:
    """Who had the old one is out: page, API and mailed links."""
    browser, api = site.browser(ADA), site.api(ADA)
    other = site.browser(GRACE)
    site.browser().post("/sign-in/link", email=ADA)
    link = _mailed_link(site)
    customer = shop.customers[ADA]

    Users(Store(shop.settings.database)).put(ADA, "another password", customer)

    assert browser.get("/account").status_code == 303
    assert_refused(api.get("/api/account"), 401, "UNAUTHORIZED")
    assert site.browser().get(link).status_code == 410
    assert other.get("/account").status_code == 200
    assert site.browser().sign_in(ADA).status_code == 401
    assert site.browser().sign_in(ADA, "another password").status_code == 303


def _rows(shop: Shop) -> dict[str, int]:
    with Store(shop.settings.database).transaction() as db:
        return {
            name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("tokens", "mails", "attempts")
        }
