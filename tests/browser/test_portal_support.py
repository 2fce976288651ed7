"""The support scenarios of Stripe's documentation, as a customer meets them."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.sandbox.portal.shop import FEATURES, Shop


def test_portal_link_expired(page: Page, shop: Shop) -> None:
    """An old link is refused; a fresh one for the same customer works."""
    shop.configure()
    customer = shop.customer()
    old = shop.link(customer)
    shop.sandbox.advance(60 * 60)
    page.goto(old)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link has expired")
    page.goto(shop.link(customer))

    expect(page.get_by_role("article")).to_contain_text("Basic")


def test_customer_cannot_see_the_option_to_cancel(page: Page, shop: Shop) -> None:
    """Cancelling is there if it is enabled, and if there is a plan to cancel."""
    without = shop.configure("without", subscription_cancel=None)
    with_it = shop.configure("with")
    customer, nobody = shop.customer(), shop.customer("nobody@example.com", price=None)
    cancel = page.get_by_role("link", name="Cancel plan")
    page.goto(shop.link(customer, configuration=without))
    expect(page.get_by_role("article")).to_be_visible()
    expect(cancel).to_have_count(0)
    page.goto(shop.link(nobody, configuration=with_it))
    expect(page.get_by_text("You have no active plan.")).to_be_visible()
    expect(cancel).to_have_count(0)
    page.goto(shop.link(customer, configuration=with_it))

    expect(cancel).to_be_visible()


def test_customer_cannot_switch_plans(page: Page, shop: Shop) -> None:
    """Switching needs the feature, and the customer's own product in its list."""
    off = shop.configure("off", subscription_update=None)
    others = {**FEATURES["subscription_update"]}
    others["products"] = [each for each in others["products"] if "Pro" in str(each)]
    not_listed = shop.configure("not listed", subscription_update=others)
    listed = shop.configure("listed")
    customer = shop.customer()
    change = page.get_by_role("link", name="Change plan")
    for configuration in (off, not_listed):
        page.goto(shop.link(customer, configuration=configuration))
        expect(page.get_by_role("article")).to_be_visible()
        expect(change).to_have_count(0)
    page.goto(shop.link(customer, configuration=listed))
    change.click()

    expect(page.get_by_role("radio")).to_have_count(4)


def test_updated_payment_method_is_not_used(page: Page, shop: Shop) -> None:
    """A subscription with a card of its own goes on failing until that is removed."""
    shop.configure()
    customer = shop.customer()
    failing = shop.add_card(customer.id, "pm_card_chargeCustomerFail")
    shop.api.subscriptions.update(
        customer.subscription, {"default_payment_method": failing}
    )
    shop.sandbox.advance(32 * 24 * 60 * 60)
    page.goto(shop.link(customer))
    expect(page.get_by_role("article")).to_contain_text("Past due")
    expect(page.get_by_role("article")).to_contain_text("Paid with Visa •••• 0341")
    page.get_by_role("button", name="Use the default payment method instead").click()
    page.get_by_role("button", name="Pay now").click()

    expect(page.get_by_role("status")).to_have_text("The invoice has been paid.")
    expect(page.get_by_role("article")).to_contain_text("Active")


def test_portal_shows_wrong_prices_or_plans(page: Page, shop: Shop) -> None:
    """New prices are not there before the configuration lists them."""
    configuration = shop.configure()
    shop.api.prices.create(
        {
            "product": "prod_ProTest",
            "currency": "usd",
            "unit_amount": 8_000,
            "recurring": {"interval": "month", "interval_count": 3},
            "lookup_key": "pro_quarterly",
        }
    )
    [price] = shop.api.prices.list({"lookup_keys": ["pro_quarterly"]}).data
    customer = shop.customer()
    page.goto(shop.link(customer))
    page.get_by_role("link", name="Change plan").click()
    prices = page.locator("[name=price]")
    expect(prices).to_have_count(4)
    listed = {"product": "prod_ProTest", "prices": ["price_ProMonthlyTest", price.id]}
    mine = {"product": "prod_BasicTest", "prices": ["price_BasicMonthlyTest"]}
    change: Any = {"features": {"subscription_update": {"products": [mine, listed]}}}
    shop.api.billing_portal.configurations.update(configuration, change)
    page.reload()

    expect(prices).to_have_count(3)
    page.get_by_role("radio", name="3 months").check()
    expect(page.get_by_text("$80.00 every 3 months")).to_be_visible()
