"""Deep links, the login page and links that are over, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.portal.shop import RETURN_URL, Customer, Shop

THANKS = "https://shop.example/thanks"
REDIRECT = {"type": "redirect", "redirect": {"return_url": THANKS}}


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """A customer on Basic, of a company with everything allowed."""
    shop.configure()
    return shop.customer()


def cancels(page: Page) -> None:
    """Cancel, with a reason."""
    page.get_by_role("button", name="Cancel plan").click()
    page.get_by_label("Other reason").check()
    page.get_by_role("button", name="Send answer").click()


def pauses(page: Page) -> None:
    """Pause for the first of the durations."""
    page.get_by_role("button", name="Pause plan").click()


def switches(page: Page) -> None:
    """Switch to Pro."""
    page.get_by_role("group", name="Billed monthly").get_by_label("Pro").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm").click()


def confirms(page: Page) -> None:
    """Confirm what the link was made for."""
    expect(page.get_by_text("Pro, $290.00 per year")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()


def adds_a_card(page: Page) -> None:
    """Add a test card."""
    page.get_by_label("Card number").fill("5555555555554444")
    page.get_by_label("Expiry date").fill("12/34")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Add card").click()


def changes_details(page: Page) -> None:
    """Change the name."""
    page.get_by_label("Name").first.fill("Ada")
    page.get_by_role("button", name="Save").click()


FLOWS: tuple[tuple[str, Callable[[Page], None]], ...] = (
    ("customer_update", changes_details),
    ("payment_method_update", adds_a_card),
    ("subscription_cancel", cancels),
    ("subscription_pause", pauses),
    ("subscription_update", switches),
    ("subscription_update_confirm", confirms),
)
EACH_FLOW = pytest.mark.parametrize(
    ("kind", "act"), FLOWS, ids=[kind for kind, _ in FLOWS]
)


def link_to(shop: Shop, customer: Customer, kind: str, **params: Any) -> str:
    """Return a deep link; the confirmation is of Pro for a year."""
    if kind == "subscription_update_confirm":
        [item] = shop.subscription(customer)["items"].data
        params["items"] = [{"id": item.id, "price": "price_ProAnnualTest"}]
    return shop.flow(customer, kind, **params)


@EACH_FLOW
def test_flow_leads_back_to_the_company(
    page: Page,
    shop: Shop,
    customer: Customer,
    kind: str,
    act: Callable[[Page], None],
) -> None:
    """The browser follows the form of a flow to the company's address."""
    page.goto(link_to(shop, customer, kind, after_completion=REDIRECT))
    expect(page.get_by_role("link", name="Back to overview")).to_have_count(0)
    act(page)

    expect(page).to_have_url(THANKS)


@EACH_FLOW
def test_flow_ends_in_the_portal(
    page: Page,
    shop: Shop,
    customer: Customer,
    kind: str,
    act: Callable[[Page], None],
) -> None:
    """Unless the session says otherwise the whole portal opens afterwards."""
    page.goto(link_to(shop, customer, kind))
    act(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Plan and billing")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("heading", name="Invoice history")).to_be_visible()


def test_flow_with_confirmation(page: Page, shop: Shop, customer: Customer) -> None:
    """The hosted confirmation shows the company's words, also after a reload."""
    after = {
        "type": "hosted_confirmation",
        "hosted_confirmation": {"custom_message": "See you soon!"},
    }
    page.goto(shop.flow(customer, "subscription_cancel", after_completion=after))
    cancels(page)
    expect(page.get_by_text("See you soon!")).to_be_visible()
    page.reload()

    expect(page.get_by_text("See you soon!")).to_be_visible()
    page.get_by_role("link", name="Return to").last.click()
    expect(page).to_have_url(RETURN_URL)


def test_retention_offer(page: Page, shop: Shop, customer: Customer) -> None:
    """The offer comes first; who would rather go can still cancel."""
    coupon = shop.api.coupons.create({"percent_off": 50, "duration": "once"})
    retention = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon.id}}
    link = shop.flow(customer, "subscription_cancel", retention=retention)
    page.goto(link)
    expect(page.get_by_role("heading", name="Before you go")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel plan")).to_be_visible()
    page.get_by_role("button", name="Accept the offer").click()

    expect(page.get_by_role("article")).to_contain_text("50% off once")
    assert shop.subscription(customer).cancel_at is None


def test_step_back_within_a_flow(page: Page, shop: Shop, customer: Customer) -> None:
    """Within a flow one can go a step back, not out."""
    page.goto(shop.flow(customer, "subscription_update"))
    page.get_by_role("group", name="Billed monthly").get_by_label("Pro").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Back", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Change your plan")


def test_link_opens_once(page: Page, shop: Shop, browser: Browser) -> None:
    """Reload works where the link was opened; elsewhere there is a way back."""
    shop.configure()
    link = shop.link(shop.customer())
    page.goto(link)
    page.reload()
    expect(page.get_by_role("article")).to_contain_text("Basic")
    other = browser.new_context(locale="fr-FR")
    stranger = other.new_page()
    answer = stranger.goto(link)

    assert answer
    assert answer.status == 410
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Ce lien a expiré")
    way_back = stranger.get_by_role("link", name="Retour à Portal Sandbox")
    expect(way_back).to_have_attribute("href", RETURN_URL)
    other.close()


def test_login_page(page: Page, shop: Shop) -> None:
    """An address, the code from the outbox, and the portal is open."""
    id_ = shop.configure()
    shop.customer("ada@example.com")
    made = shop.api.billing_portal.configurations.update(
        id_, {"login_page": {"enabled": True}}
    )
    token = str(made.login_page.url).rpartition("/")[2]
    page.goto(f"{shop.sandbox.url}/p/login/{token}?prefilled_email=ada@example.com")
    expect(page.get_by_label("Email")).to_have_value("ada@example.com")
    page.get_by_role("button", name="Send code").click()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The code is wrong or has expired.")
    page.get_by_role("link", name="read the email").click()
    [code] = re.findall(r"code is (\d{6})", page.get_by_role("article").inner_text())
    page.go_back()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(re.compile("/p/session/"))
    expect(page.get_by_text("ada@example.com")).to_be_visible()


def test_expired_session_recovered(page: Page, shop: Shop) -> None:
    """Where the session allows it, an expired link leads to signing in."""
    shop.configure()
    link = shop.link(shop.customer(), after_expiration={"type": "customer_login"})
    shop.sandbox.advance(60 * 60)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link has expired")
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_label("Email").fill("jenny@example.com")
    page.get_by_role("button", name="Send code").click()
    page.get_by_label("Code").fill(shop.sandbox.outbox[0].code)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("article")).to_contain_text("Basic")
