"""One customer never sees, or changes, another's data."""

from __future__ import annotations

import pytest

from .serving import PASSWORD, Site
from .shop import ADA, EVE, GRACE, PAT, Shop

EVERYBODY = [ADA, GRACE, EVE, PAT]


@pytest.fixture
def marked(shop: Shop) -> Shop:
    """Everybody has something of their own that would show."""
    for email in EVERYBODY:
        shop.client.v1.customers.update(
            shop.customers[email],
            {
                "name": f"Name of {email}",
                "address": {"line1": f"House of {email}", "country": "DE"},
            },
        )
    shop.sandbox.deliveries.settle()
    return shop


@pytest.mark.parametrize("email", EVERYBODY)
def test_pages_show_ones_own_data_only(marked: Shop, site: Site, email: str) -> None:
    """Neither the page nor the JSON holds another's name, address or customer."""
    seen = site.browser(email).get("/account").text
    seen += site.api(email).get("/api/account").text

    assert f"House of {email}" in seen
    for other in set(EVERYBODY) - {email}:
        assert other not in seen
        assert marked.customers[other] not in seen


@pytest.mark.parametrize("email", EVERYBODY)
def test_the_portal_is_ones_own(marked: Shop, site: Site, email: str) -> None:
    """Naming another customer in the request is of no effect."""
    other = marked.customers[ADA if email != ADA else EVE]
    api = site.api(email)

    answer = api.open_portal(customer=other, customerId=other, customer_id=other)

    assert answer.status_code == 200
    assert {each["customer"] for each in marked.sessions()} == {marked.customers[email]}


def test_a_form_opens_ones_own_portal(marked: Shop, site: Site) -> None:
    """Also where it names another customer or subscription."""
    site.browser(ADA).post(
        "/create-customer-portal-session",
        flow="cancel",
        customer=marked.customers[EVE],
        subscription=marked.subscription(EVE),
    )

    (asked,) = marked.sessions()
    assert asked["customer"] == marked.customers[ADA]
    assert asked["flow_data"]["subscription_cancel"]["subscription"] == (
        marked.subscription(ADA)
    )


def test_signing_in_as_another_leaves_nothing_behind(marked: Shop, site: Site) -> None:
    """Two people at one browser: the second sees only their own."""
    browser = site.browser(ADA)

    assert browser.post("/sign-in", email=EVE, password=PASSWORD).status_code == 303

    page = browser.text("/account")
    assert EVE in page
    assert ADA not in page


def test_what_customers_type_is_shown_as_text(shop: Shop, site: Site) -> None:
    """HTML in a name or an address is escaped."""
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    shop.client.v1.customers.update(
        shop.customers[ADA], {"name": evil, "address": {"line1": evil, "city": evil}}
    )

    page = site.browser(ADA).get("/account").text

    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "<img src=x" not in page
