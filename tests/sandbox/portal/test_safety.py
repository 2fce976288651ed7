"""What a page and its answers are safe against."""

from __future__ import annotations

from typing import Any

import pytest

from .browsing import Browsing, Reply
from .shop import Customer, Shop


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """A customer on Basic, of a company with everything allowed."""
    shop.configure()
    return shop.customer()


def opened(shop: Shop, customer: Customer, **session: Any) -> tuple[Browsing, Reply]:
    """Open the portal."""
    browser = Browsing()
    return browser, browser.get(shop.link(customer, **session))


def test_headers(shop: Shop, customer: Customer) -> None:
    """No scripts, no frames, no cache, no foreign sources; errors have them too."""
    _, page = opened(shop, customer)
    lost = Browsing().get(f"{shop.sandbox.url}/p/nothing")

    for reply in (page, lost):
        policy = reply.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Referrer-Policy"] == "same-origin"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert lost.status == 404


def test_the_page_needs_no_scripts(shop: Shop, customer: Customer) -> None:
    """There are no scripts, no inline styles and no handlers in the page."""
    _, page = opened(shop, customer)

    for forbidden in ("<script", "<style", " style=", " onclick", "javascript:"):
        assert forbidden not in page.html


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_forms_carry_a_token(shop: Shop, customer: Customer, token: str | None) -> None:
    """A form that another site made up is refused, and changes nothing."""
    browser, page = opened(shop, customer)
    path = f"{page.url}/subscriptions/{customer.subscription}/cancel"
    form = {"x": "1"} if token is None else {"csrf": token}
    refused = browser.send("POST", path, form)

    assert refused.status == 403
    assert shop.subscription(customer).cancel_at is None


def test_a_token_is_of_one_session(shop: Shop, customer: Customer) -> None:
    """A token of another session of the same customer is no token."""
    browser, page = opened(shop, customer)
    another, other = opened(shop, customer)
    path = f"{page.url}/subscriptions/{customer.subscription}/cancel"
    refused = browser.send("POST", path, {"csrf": another.csrf(other.url)})

    assert refused.status == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_other_sites_cannot_post(shop: Shop, customer: Customer, origin: str) -> None:
    """A browser says where a form comes from; it has to be the portal."""
    browser, page = opened(shop, customer)
    path = f"{page.url}/subscriptions/{customer.subscription}/cancel"
    refused = browser.send(
        "POST", path, {"csrf": browser.csrf(page.url)}, {"Origin": origin}
    )

    assert refused.status == 403


def test_a_post_does_not_open_a_link(shop: Shop, customer: Customer) -> None:
    """A link that was not opened can't be used up by a form."""
    link = shop.link(customer).replace("?secret=", "/")
    refused = Browsing().send("POST", f"{link}/details", {"x": "1"})

    assert refused.status == 403
    assert Browsing().get(link).status == 200


EVIL = "<img src=x onerror=alert(1)>\"'&{{1234*5678}}"


def test_everything_is_escaped(shop: Shop) -> None:
    """What customers and companies write is text, wherever it is shown."""
    product = shop.api.products.create({"name": EVIL, "description": EVIL})
    price = shop.api.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 500,
            "recurring": {"interval": "month"},
        }
    )
    listed = {"product": product.id, "prices": [price.id]}
    update = {
        "enabled": True,
        "default_allowed_updates": ["price", "promotion_code"],
        "products": [listed],
    }
    shop.configure(subscription_update=update)
    name = {"business_profile": {"name": EVIL}}
    shop.api.accounts.update(shop.sandbox.account, name)  # type: ignore[arg-type]
    address = {"line1": EVIL, "city": EVIL, "country": "US"}
    customer = shop.customer(price=price.id, fields={"name": EVIL, "address": address})
    browser, page = opened(shop, customer)
    at = f"{page.url}/subscriptions/{customer.subscription}"
    pages = [
        page,
        browser.get(f"{page.url}/details"),
        browser.get(f"{at}/update"),
        browser.get(f"{at}/cancel"),
        browser.get(f"{at}/update/confirm?promotion_code=%3Cimg+src%3Dx%3E"),
        browser.get(f"{page.url}?notice=%3Cimg+src%3Dx%3E"),
        browser.post(page, "payment-methods/new", {"number": EVIL, "name": EVIL}),
        browser.post(page, "tax-ids/new", {"type": EVIL, "value": EVIL}),
    ]

    for each in pages:
        assert "<img" not in each.html
        assert "7006652" not in each.html
    assert EVIL in page.text


def test_no_open_redirect(shop: Shop, customer: Customer) -> None:
    """The way back is the session's, whatever the address line says."""
    browser, page = opened(shop, customer, return_url="https://shop.example/here")
    again = browser.get(f"{page.url}?return_url=https://evil.example&notice=//evil")

    assert 'href="https://shop.example/here"' in again.html
    assert "evil" not in again.html


def test_other_customers_things_are_not_there(shop: Shop, customer: Customer) -> None:
    """Ids of another customer are unknown, in pages and in forms."""
    other = shop.customer("other@example.com")
    card = shop.add_card(other.id, "pm_card_mastercard")
    tax_id = shop.api.customers.tax_ids.create(
        other.id, {"type": "eu_vat", "value": "DE123456789"}
    )
    browser, page = opened(shop, customer)
    statuses = [
        browser.get(f"{page.url}/subscriptions/{other.subscription}/{what}").status
        for what in ("update", "cancel", "pause", "reason")
    ]
    statuses += [
        browser.post(page, path).status
        for path in (
            f"subscriptions/{other.subscription}/cancel",
            f"subscriptions/{other.subscription}/pause",
            f"subscriptions/{other.subscription}/update/confirm",
            f"subscriptions/{other.subscription}/payment-method/remove",
            f"payment-methods/{card}/default",
            f"payment-methods/{card}/remove",
            f"tax-ids/{tax_id.id}/remove",
        )
    ]

    assert statuses == [404] * 11
    assert shop.subscription(other).cancel_at is None


def test_a_body_has_an_end(shop: Shop, customer: Customer) -> None:
    """Nobody fills the memory with a form."""
    browser, page = opened(shop, customer)
    reply = browser.post(page, "details", {"name": "x" * 200_000})

    assert reply.status == 413


def test_unknown_methods_and_paths(shop: Shop, customer: Customer) -> None:
    """What is not there is said in a page, not in a traceback."""
    browser, page = opened(shop, customer)

    assert browser.send("DELETE", page.url).status == 405
    assert browser.get(f"{page.url}/nothing").status == 404
    assert browser.get(f"{page.url}/subscriptions/../../x").status == 404
