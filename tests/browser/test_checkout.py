"""Signing up in a browser: Checkout, a promotion code, 3-D Secure, the portal."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.sandbox.portal.shop import Shop

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


def test_sign_up(page: Page, shop: Shop) -> None:
    """A customer subscribes with a code and a card that their bank asks about."""
    code = shop.promotion_code(code="SAVE20")
    session: Any = shop.api.checkout.sessions.create(
        {
            "mode": "subscription",
            "line_items": [{"price": "price_ProMonthlyTest", "quantity": 2}],
            "allow_promotion_codes": True,
            "success_url": "https://shop.example/done?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://shop.example/pricing",
        }
    )
    page.goto(session.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Subscribe to Pro")
    expect(page.get_by_role("row", name="Due today")).to_contain_text("$58.00")
    page.get_by_label("Promotion code").fill(code)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("row", name="Due today")).to_contain_text("$46.40")

    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Card number").fill("4000 0027 6000 3184")
    page.get_by_label("Expiry date").fill("12/40")
    page.get_by_label("Security code").fill("123")
    page.get_by_label("Name on card").fill("Ada Lovelace")
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_role("button", name="Fail authentication").click()
    expect(page.get_by_role("alert")).to_contain_text(f"couldn{APOSTROPHE}t confirm")

    expect(page.get_by_label("Email")).to_have_value("ada@example.com")
    expect(page.get_by_role("row", name="Due today")).to_contain_text("$46.40")
    page.get_by_label("Card number").fill("4000 0027 6000 3184")
    page.get_by_label("Expiry date").fill("12/40")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_role("button", name="Complete authentication").click()
    page.wait_for_url(f"https://shop.example/done?session={session.id}")
    done: Any = shop.api.checkout.sessions.retrieve(
        session.id, {"expand": ["subscription", "invoice"]}
    )

    assert (done.status, done.subscription.status) == ("complete", "active")
    assert done.invoice.amount_paid == 4640
    shop.configure()
    portal = shop.api.billing_portal.sessions.create({"customer": done.customer})
    page.goto(portal.url)
    expect(page.get_by_role("article")).to_contain_text("20% off for good")
