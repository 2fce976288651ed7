"""The shareable login page of a configuration: an address, a code, the portal."""

from __future__ import annotations

from typing import Any

import pytest

from .browsing import Browsing, Reply
from .shop import Shop


@pytest.fixture
def address(shop: Shop) -> str:
    """Where the sandbox serves the link that the configuration shows."""
    id_ = shop.configure()
    made = shop.api.billing_portal.configurations.update(
        id_, {"login_page": {"enabled": True}}
    )
    assert made.login_page.url
    return f"{shop.sandbox.url}/p/login/{made.login_page.url.rpartition('/')[2]}"


def signing_in(browser: Browsing, address: str, email: str) -> Reply:
    """Ask for a code."""
    return browser.send("POST", address, {"email": email})


def test_sign_in(shop: Shop, address: str) -> None:
    """The code in the email opens a session for the customer with the address."""
    shop.customer("ada@example.com")
    shop.customer("other@example.com")
    browser = Browsing()
    asked = signing_in(browser, address, "ADA@example.com")
    outbox = browser.get(f"{shop.sandbox.url}/p/outbox")
    [mail] = shop.sandbox.outbox
    form = {"email": "ADA@example.com", "code": f" {mail.code} "}
    portal = browser.send("POST", address, form)

    assert "a code is on its way" in asked.text
    assert mail.code in outbox.text
    assert "/p/session/" in portal.url
    assert "ada@example.com" in portal.text


def test_prefilled_email(shop: Shop, address: str) -> None:
    """The link can bring the address along, as text."""
    page = Browsing().get(f"{address}?prefilled_email=a%22><b@example.com")

    assert 'value="a&#34;&gt;&lt;b@example.com"' in page.html
    assert "Portal Sandbox" in page.text


def test_nothing_tells_who_is_a_customer(shop: Shop, address: str) -> None:
    """An address without a customer gets the same answer, and no email."""
    shop.customer("ada@example.com")
    known = signing_in(Browsing(), address, "ada@example.com")
    unknown = signing_in(Browsing(), address, "eve@example.com")

    assert known.status == unknown.status == 200
    assert known.text.replace("ada@", "eve@") == unknown.text
    assert [mail.to for mail in shop.sandbox.outbox] == ["ada@example.com"]


def test_wrong_codes(shop: Shop, address: str) -> None:
    """A wrong code is told, and after five the right one is of no use."""
    shop.customer("ada@example.com")
    browser = Browsing()
    signing_in(browser, address, "ada@example.com")
    [mail] = shop.sandbox.outbox
    wrong = "000000" if mail.code != "000000" else "111111"
    replies = [
        browser.send("POST", address, {"email": "ada@example.com", "code": code})
        for code in (wrong, wrong, wrong, wrong, wrong, mail.code)
    ]

    assert {each.status for each in replies} == {400}
    assert "The code is wrong or has expired." in replies[0].text


def test_a_code_works_once(shop: Shop, address: str) -> None:
    """A code that was used opens nothing."""
    shop.customer("ada@example.com")
    browser = Browsing()
    signing_in(browser, address, "ada@example.com")
    form = {"email": "ada@example.com", "code": shop.sandbox.outbox[0].code}

    assert browser.send("POST", address, form).status == 200
    assert browser.send("POST", address, form).status == 400


def test_disabled(shop: Shop, address: str) -> None:
    """A login page that was turned off, or never was, is not there."""
    [configuration] = shop.api.billing_portal.configurations.list().data
    shop.api.billing_portal.configurations.update(
        configuration.id, {"login_page": {"enabled": False}}
    )

    assert Browsing().get(address).status == 404
    assert Browsing().get(f"{shop.sandbox.url}/p/login/test_x").status == 404


def test_its_link_leads_to_it(shop: Shop) -> None:
    """What the API calls the login page's URL is the sandbox's page, as it stands."""
    configuration = shop.configure()
    enabled: Any = {"login_page": {"enabled": True}}
    made = shop.api.billing_portal.configurations.update(configuration, enabled)

    page = Browsing().get(str(made.login_page.url))
    assert page.status == 200
    assert "Sign in" in page.text
    (event,) = shop.events("billing_portal.configuration.updated")[-1:]
    assert event["data"]["object"]["login_page"]["url"] == made.login_page.url
