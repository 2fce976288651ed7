"""Who gets to see a portal: one browser, once, for a time."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest

from pulumi_stripe_portal.sandbox import Sandbox

from .browsing import Browsing
from .shop import RETURN_URL, Shop

HOUR = 60 * 60


@pytest.fixture
def link(shop: Shop) -> str:
    """A link to the portal of a customer on Basic."""
    shop.configure()
    return shop.link(shop.customer())


def test_reload_works_in_the_same_browser(link: str) -> None:
    """Whoever opened the link can reload the page, and open the link again."""
    browser = Browsing()
    opened = browser.get(link)

    assert opened.status == browser.get(opened.url).status == 200
    assert "Basic" in browser.get(link).text


def test_another_browser_is_refused(link: str) -> None:
    """Who has only the link, after it was opened, is sent back to the company."""
    Browsing().get(link)
    refused = Browsing().get(link)

    assert refused.status == 410
    assert "This link has expired" in refused.text
    assert f'href="{RETURN_URL}"' in refused.html
    assert "Basic" not in refused.text


@pytest.mark.parametrize("shape", ["/p/session?secret={}", "/p/session/{}"])
def test_both_shapes_of_a_link(shop: Shop, link: str, shape: str) -> None:
    """The newer and the older shape of a link lead to the same portal."""
    secret = link.partition("secret=")[2]

    assert Browsing().get(shop.sandbox.url + shape.format(secret)).status == 200


def test_looking_at_a_link_does_not_open_it(link: str) -> None:
    """A mail program that asks for the headers alone leaves the link unused."""
    assert Browsing().send("HEAD", link).status == 200
    assert Browsing().get(link).status == 200


def test_a_link_waits_an_hour(shop: Shop, link: str) -> None:
    """A link that nobody opened is of no use after a while."""
    shop.sandbox.advance(HOUR)

    assert Browsing().get(link).status == 410


def test_a_session_ends_an_hour_after_the_last_page(shop: Shop, link: str) -> None:
    """Being there keeps the session; leaving ends it."""
    browser = Browsing()
    page = browser.get(link)
    shop.sandbox.advance(HOUR - 60)
    again = browser.get(page.url)
    shop.sandbox.advance(HOUR + 60)

    assert again.status == 200
    assert browser.get(page.url).status == 410


def test_unknown_links_have_expired(shop: Shop) -> None:
    """A secret that never was looks like one that is over, with no way back."""
    reply = Browsing().get(f"{shop.sandbox.url}/p/session/test_nothing")

    assert reply.status == 410
    assert "Return to" not in reply.text


def test_cookie(link: str) -> None:
    """The cookie is out of reach of scripts and of other sites, and of other links."""
    browser = Browsing()
    reply = browser.send("GET", link.replace("?secret=", "/"))
    [cookie] = SimpleCookie(reply.headers["Set-Cookie"]).values()

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert reply.url.endswith(cookie["path"])
    assert cookie.value not in reply.html


def test_two_customers_in_one_browser(shop: Shop) -> None:
    """Each link shows its own customer's data, however they are opened in between."""
    shop.configure()
    one = shop.link(shop.customer("one@example.com"))
    other = shop.link(shop.customer("other@example.com"))
    browser = Browsing()
    first, second = browser.get(one), browser.get(other)

    assert "one@example.com" in first.text
    assert "other@example.com" in second.text
    assert "other@example.com" not in browser.get(first.url).text


def test_recovery_after_expiry(shop: Shop) -> None:
    """`after_expiration` lets the customer sign in again; the code goes to them."""
    shop.configure()
    customer = shop.customer()
    after = {"type": "customer_login"}
    link = shop.link(customer, after_expiration=after)
    shop.sandbox.advance(HOUR)
    browser = Browsing()
    expired = browser.get(link)
    login = browser.get(f"{shop.sandbox.url}/p/recover/{link.partition('=')[2]}")
    browser.send("POST", login.url, {"email": "somebody@else.example"})
    [mail] = shop.sandbox.outbox
    form = {"email": "somebody@else.example", "code": mail.code}
    portal = browser.send("POST", login.url, form)

    assert expired.status == 410
    assert 'href="/p/recover/' in expired.html
    assert "j•••@example.com" in login.text
    assert mail.to == customer.email
    assert (portal.status, "Basic" in portal.text) == (200, True)


def test_no_recovery_unless_asked_for(shop: Shop, link: str) -> None:
    """Without `after_expiration` there is no signing in."""
    shop.sandbox.advance(HOUR)
    page = Browsing().get(f"{shop.sandbox.url}/p/recover/{link.partition('=')[2]}")

    assert page.status == 404


def test_how_long_a_link_waits_is_a_setting() -> None:
    """A program that has to bear short lives of links can have them."""
    with Sandbox(link_life=300) as sandbox:
        shop = Shop(sandbox)
        shop.configure()
        early, late = (shop.link(shop.customer()) for _ in range(2))
        sandbox.advance(299)
        assert Browsing().get(early).status == 200
        sandbox.advance(1)
        assert Browsing().get(late).status == 410
        sandbox.reset()
        assert sandbox.portal_sessions.link_life == 300
