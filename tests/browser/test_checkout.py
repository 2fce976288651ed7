"""Signing up in a browser: Checkout, a promotion code, 3-D Secure, the portal."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pulumi_stripe_portal.sandbox.portal.texts.texts import texts_in
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


@pytest.mark.parametrize("language", ["de", "ja"])
def test_from_checkout_to_the_end(page: Page, shop: Shop, language: str) -> None:
    """A customer signs up, changes the plan and cancels; a test clock ends it."""
    text = texts_in(language)
    shop.configure()
    clocks = shop.api.test_helpers.test_clocks
    clock = clocks.create({"frozen_time": 1_893_456_000})
    ada = shop.customer(price=None, card=None, fields={"test_clock": clock.id})
    session: Any = shop.api.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": ada.id,
            "line_items": [{"price": "price_BasicMonthlyTest", "quantity": 1}],
            "success_url": "https://shop.example/done",
            "locale": language,
        }
    )
    page.goto(session.url)
    page.get_by_label(text("card.number")).fill("4000 0025 0000 3155")
    page.get_by_label(text("card.expiry")).fill("12/60")
    page.get_by_label(text("card.cvc")).fill("123")
    page.get_by_role("button", name=text("checkout.subscribe")).click()
    page.locator("button[value=succeed]").click()
    page.wait_for_url("https://shop.example/done")

    page.goto(shop.link(ada, locale=language))
    page.get_by_role("link", name=text("action.change")).click()
    page.locator("input[value=price_ProMonthlyTest]").check()
    page.get_by_role("button", name=text("form.continue")).click()
    page.get_by_role("button", name=text("form.confirm")).click()
    expect(page.get_by_role("article")).to_contain_text("Pro")
    page.get_by_role("link", name=text("action.cancel")).click()
    page.get_by_role("button", name=text("cancel.confirm")).click()
    page.get_by_role("button", name=text("reason.skip")).click()
    expect(page.get_by_role("article")).to_contain_text(text("status.canceling"))

    [subscription] = shop.api.subscriptions.list({"customer": ada.id}).data
    end = subscription.cancel_at or 0
    clocks.advance(clock.id, {"frozen_time": end + 1})
    page.reload()
    expect(page.get_by_text(text("home.no_plan"))).to_be_visible()
    assert shop.api.subscriptions.retrieve(subscription.id).status == "canceled"
