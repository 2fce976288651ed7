"""Each thing that a customer can do in the portal, by clicking."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.portal.shop import RETURN_URL, Customer, Shop

Says = Callable[[str], None]

DAY = 24 * 60 * 60
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """A customer on Basic, of a company with everything allowed."""
    shop.configure()
    return shop.customer()


@pytest.fixture
def portal(page: Page, shop: Shop, customer: Customer) -> Page:
    """The customer's portal, opened."""
    page.goto(shop.link(customer))
    return page


def on(timestamp: int) -> str:
    """Write a date as the English portal does."""
    day = datetime.fromtimestamp(timestamp, timezone.utc)
    return f"{day:%B} {day.day}, {day.year}"


def item_of(shop: Shop, customer: Customer) -> Any:
    """Return the one item of the customer's subscription."""
    [item] = shop.subscription(customer)["items"].data
    return item


def test_overview(portal: Page, shop: Shop, customer: Customer) -> None:
    """Plan, price, status, next invoice, card, details and invoices are there."""
    end = item_of(shop, customer).current_period_end
    plan = portal.get_by_role("article")

    expect(portal).to_have_title("Plan and billing · Portal Sandbox")
    expect(plan.get_by_role("heading")).to_have_text("Basic Active")
    expect(plan).to_contain_text("$9.00 per month")
    expect(plan).to_contain_text(f"Renews on {on(end)}.")
    expect(plan).to_contain_text(f"Next invoice: $9.00 on {on(end)}")
    expect(portal.get_by_text("Visa •••• 4242")).to_be_visible()
    expect(portal.get_by_text("Acme partners with nobody.")).to_be_visible()
    expect(portal.get_by_text("not Stripe")).to_be_visible()
    expect(portal.get_by_role("row")).to_have_count(2)
    for name, url in (
        ("Privacy policy", "https://shop.example/privacy"),
        ("Terms of service", "https://shop.example/terms"),
        ("Return to Portal Sandbox", RETURN_URL),
    ):
        expect(portal.get_by_role("link", name=name)).to_have_attribute("href", url)


def test_switch_plan(portal: Page, shop: Shop, customer: Customer, says: Says) -> None:
    """The customer sees what a switch costs, confirms, and has the new plan.

    Of a product its name and description are shown, of a price amount and period.
    """
    shop.api.products.update("prod_ProTest", {"description": "For growing teams"})
    portal.get_by_role("link", name="Change plan").click()
    plans = portal.get_by_role("group", name="Billed monthly")
    expect(plans).to_contain_text(re.compile(r"Pro\s+For growing teams"))
    expect(plans).to_contain_text("$29.00 per month")
    portal.get_by_role("group", name="Billed monthly").get_by_label("Pro").check()
    portal.get_by_role("button", name="Continue").click()

    expect(portal.get_by_role("heading", level=1)).to_have_text("Confirm the change")
    expect(portal.get_by_text("Pro, $29.00 per month")).to_be_visible()
    expect(portal.get_by_role("row", name="Due today")).to_contain_text("$0.00")
    expect(portal.get_by_role("row", name="Next invoice")).to_contain_text("$49.00")
    expect(portal.get_by_role("row", name="Unused time")).to_contain_text("-$9.00")

    portal.get_by_role("button", name="Confirm").click()
    says("Your plan has been changed.")

    expect(portal.get_by_role("article")).to_contain_text("Pro Active")
    assert item_of(shop, customer).price.id == "price_ProMonthlyTest"


def test_next_invoice(page: Page, shop: Shop, customer: Customer) -> None:
    """What the next invoice is made of is there to unfold: it adds up."""
    shop.api.coupons.create({"id": "TEN", "percent_off": 10, "duration": "forever"})
    [item] = shop.subscription(customer).items.data
    shop.api.subscriptions.update(
        customer.subscription,
        {
            "items": [{"id": item.id, "price": "price_ProMonthlyTest", "quantity": 2}],
            "discounts": [{"coupon": "TEN"}],
        },
    )
    page.goto(shop.link(customer))
    upcoming = page.get_by_role("group").filter(has_text="Next invoice")
    expect(upcoming.get_by_role("row").first).to_be_hidden()

    upcoming.get_by_text("Next invoice").click()

    rows = [row.inner_text().split("\t") for row in upcoming.get_by_role("row").all()]
    assert [name.split(" after ")[0] for name, _ in rows] == [
        "Unused time on Basic",
        "Remaining time on 2 × Pro",  # noqa: RUF001
        "2 × Pro",  # noqa: RUF001
        "Discount",
        "Amount",
    ]
    *parts, total = (float(amount.replace("$", "")) for _, amount in rows)
    assert sum(parts) == pytest.approx(total)
    expect(upcoming).to_contain_text(f"Next invoice: ${total:.2f} on ")


def test_back_from_confirmation(portal: Page) -> None:
    """The step back keeps what was chosen."""
    portal.get_by_role("link", name="Change plan").click()
    portal.get_by_role("radio", name="Billed yearly").check()
    portal.get_by_role("group", name="Billed yearly").get_by_label("Pro").check()
    portal.get_by_label("Quantity").fill("4")
    portal.get_by_role("button", name="Continue").click()
    portal.get_by_role("link", name="Back", exact=True).click()

    yearly = portal.get_by_role("group", name="Billed yearly").get_by_label("Pro")
    expect(yearly).to_be_checked()
    expect(yearly).to_be_visible()
    expect(portal.get_by_label("Quantity")).to_have_value("4")


def test_monthly_or_yearly(portal: Page) -> None:
    """Plans of one period are shown at a time: first that of the current plan."""
    portal.get_by_role("link", name="Change plan").click()
    monthly = portal.get_by_role("group", name="Billed monthly")
    yearly = portal.get_by_role("group", name="Billed yearly")
    expect(monthly.get_by_label("Basic")).to_be_visible()
    expect(yearly).to_be_hidden()

    portal.get_by_role("radio", name="Billed monthly").press("ArrowRight")

    expect(yearly.get_by_label("Basic")).to_be_visible()
    expect(monthly).to_be_hidden()
    portal.get_by_role("button", name="Continue").click()
    expect(portal.get_by_role("alert")).to_contain_text("Choose something else")


def test_quantity(portal: Page, shop: Shop, customer: Customer, says: Says) -> None:
    """A quantity within its range can be chosen, and the browser knows the range."""
    portal.get_by_role("link", name="Change plan").click()
    quantity = portal.get_by_label("Quantity")
    quantity.fill("21")
    portal.get_by_role("button", name="Continue").click()
    invalid = quantity.evaluate("field => field.validity.rangeOverflow")
    quantity.fill("3")
    portal.get_by_role("button", name="Continue").click()
    expect(
        portal.get_by_text("3 \N{MULTIPLICATION SIGN} Basic, $9.00 per month")
    ).to_be_visible()
    portal.get_by_role("button", name="Confirm").click()
    says("Your plan has been changed.")

    assert invalid
    assert item_of(shop, customer).quantity == 3
    expect(portal.get_by_role("article")).to_contain_text("Quantity: 3")


def test_nothing_chosen(portal: Page) -> None:
    """Who changes nothing is told so, on the page where they can choose."""
    portal.get_by_role("link", name="Change plan").click()
    portal.get_by_role("button", name="Continue").click()

    expect(portal.get_by_role("alert")).to_contain_text("Choose something else")
    expect(portal.get_by_role("heading", level=1)).to_have_text("Change your plan")


def test_promotion_code(
    portal: Page, shop: Shop, customer: Customer, says: Says
) -> None:
    """An unknown code is told at its field; a known one makes a discount.

    It is entered where the change is confirmed, which keeps the plan that was chosen.
    """
    shop.api.coupons.create(
        {
            "id": "QUARTER",
            "percent_off": 25,
            "duration": "repeating",
            "duration_in_months": 2,
        }
    )
    shop.api.promotion_codes.create(
        {"code": "WELCOME", "promotion": {"type": "coupon", "coupon": "QUARTER"}}
    )
    portal.get_by_role("link", name="Change plan").click()
    portal.get_by_label("Pro", exact=False).first.check()
    portal.get_by_role("button", name="Continue").click()
    portal.get_by_label("Promotion code").fill("NOTHING")
    portal.get_by_role("button", name="Apply").click()
    expect(portal.get_by_role("alert")).to_have_text(
        f"This promotion code isn{APOSTROPHE}t valid."
    )
    field = portal.get_by_label("Promotion code")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("NOTHING")
    field.fill("welcome")
    portal.get_by_role("button", name="Apply").click()
    expect(portal.get_by_text("25% off for 2 months")).to_be_visible()
    portal.get_by_role("button", name="Confirm").click()
    says("Your plan has been changed.")

    expect(portal.get_by_role("article")).to_contain_text("25% off for 2 months")
    assert len(shop.subscription(customer).discounts) == 1


def test_switch_at_period_end(page: Page, shop: Shop, says: Says) -> None:
    """A downgrade that waits says until when, shows on the overview, can be undone."""
    update = {
        "enabled": True,
        "default_allowed_updates": ["price"],
        "schedule_at_period_end": {"conditions": [{"type": "decreasing_item_amount"}]},
        "products": [
            {"product": f"prod_{name}Test", "prices": [f"price_{name}MonthlyTest"]}
            for name in ("Basic", "Pro")
        ],
    }
    shop.configure(subscription_update=update)
    customer = shop.customer(price="price_ProMonthlyTest")
    end = on(item_of(shop, customer).current_period_end)
    page.goto(shop.link(customer))
    page.get_by_role("link", name="Change plan").click()
    page.get_by_label("Basic").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(f"The change takes effect on {end}.")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    says("Your plan has been changed.")
    waiting = f"Changes to Basic, $9.00 per month on {end}."
    expect(page.get_by_role("article")).to_contain_text(waiting)
    page.get_by_role("button", name="Keep current plan").click()
    says("You keep your current plan.")

    expect(page.get_by_role("article")).not_to_contain_text("Changes to")
    assert item_of(shop, customer).price.id == "price_ProMonthlyTest"


def test_trial_ends_with_a_switch(page: Page, shop: Shop, says: Says) -> None:
    """The trial is on the overview, and its end is told before a switch."""
    shop.configure()
    customer = shop.customer(subscription={"trial_period_days": 14})
    page.goto(shop.link(customer))
    ends = on(shop.subscription(customer).trial_end)
    expect(page.get_by_role("article")).to_contain_text("Basic Trial")
    expect(page.get_by_text(f"Your trial ends on {ends}.")).to_be_visible()
    page.get_by_role("link", name="Change plan").click()
    page.get_by_role("group", name="Billed monthly").get_by_label("Pro").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Your trial ends with the change.")).to_be_visible()
    expect(page.get_by_role("row", name="Due today")).to_contain_text("$29.00")
    page.get_by_role("button", name="Confirm").click()
    says("Your plan has been changed.")

    assert shop.subscription(customer).status == "active"


def test_cancel_with_a_reason_and_renew(
    portal: Page, shop: Shop, customer: Customer, says: Says
) -> None:
    """Cancelling says when the plan ends, asks why, and can be taken back."""
    end = item_of(shop, customer).current_period_end
    portal.get_by_role("link", name="Cancel plan").click()
    expect(portal.get_by_text(f"stays available until {on(end)}")).to_be_visible()
    portal.get_by_role("button", name="Cancel plan").click()
    expect(portal.get_by_role("heading", level=1)).to_have_text(
        f"Your plan won{APOSTROPHE}t renew"
    )
    portal.get_by_label(f"It{APOSTROPHE}s too expensive").check()
    portal.get_by_label("Anything else").fill("Half would do.")
    portal.get_by_role("button", name="Send answer").click()
    says("Thank you for your answer.")
    cancelled = shop.subscription(customer)
    expect(portal.get_by_role("article")).to_contain_text(
        f"Your plan ends on {on(end)}."
    )
    expect(portal.get_by_role("link", name="Change plan")).to_have_count(0)
    portal.get_by_role("button", name=f"Don{APOSTROPHE}t cancel plan").click()
    says("Your plan goes on.")

    assert cancelled.cancel_at == end
    assert cancelled.cancellation_details.feedback == "too_expensive"
    assert cancelled.cancellation_details.comment == "Half would do."
    assert shop.subscription(customer).cancel_at is None
    expect(portal.get_by_role("article")).to_contain_text("Basic Active")


def test_cancel_without_a_reason(portal: Page, shop: Shop, customer: Customer) -> None:
    """Nobody has to say why."""
    portal.get_by_role("link", name="Cancel plan").click()
    portal.get_by_role("button", name="Cancel plan").click()
    portal.get_by_role("button", name="No, thanks").click()

    expect(portal.get_by_role("article")).to_contain_text("Ends soon")
    assert shop.subscription(customer).cancellation_details.feedback is None


def test_own_reasons(page: Page, shop: Shop) -> None:
    """A company's own feedback options are among the reasons."""
    option = shop.api.billing.feedback_options.create({"description": "No elephants"})
    reason = {"enabled": True, "options": ["other"], "feedback_options": [option.id]}
    feature = {"enabled": True, "cancellation_reason": reason}
    shop.configure(subscription_cancel=feature)
    customer = shop.customer()
    page.goto(shop.link(customer))
    page.get_by_role("link", name="Cancel plan").click()
    page.get_by_role("button", name="Cancel plan").click()
    page.get_by_label("No elephants").check()
    page.get_by_role("button", name="Send answer").click()

    expect(page.get_by_role("status")).to_have_text("Thank you for your answer.")
    details = shop.subscription(customer).cancellation_details
    assert details["feedback_option"] == option.id


def test_cancel_at_once(page: Page, shop: Shop) -> None:
    """Cancelling at once says so, tells the credit, and leaves past invoices."""
    feature = {
        "enabled": True,
        "mode": "immediately",
        "proration_behavior": "create_prorations",
    }
    shop.configure(subscription_cancel=feature)
    customer = shop.customer()
    page.goto(shop.link(customer))
    page.get_by_role("link", name="Cancel plan").click()
    expect(page.get_by_text("Your plan ends at once")).to_be_visible()
    expect(page.get_by_text("a credit of $9.00")).to_be_visible()
    page.get_by_role("button", name="Cancel plan").click()

    expect(page.get_by_role("status")).to_have_text("Your plan has been canceled.")
    expect(page.get_by_text("You have no active plan.")).to_be_visible()
    assert shop.subscription(customer).status == "canceled"


def test_pause_and_resume(
    portal: Page, shop: Shop, customer: Customer, says: Says
) -> None:
    """A pause has a length, shows until when, and can be ended early."""
    portal.get_by_role("link", name="Pause plan").click()
    portal.get_by_label("3 months").check()
    portal.get_by_role("button", name="Pause plan").click()
    says("Your plan has been paused.")
    paused = shop.subscription(customer).pause_collection
    expect(portal.get_by_role("article")).to_contain_text(
        f"Paused until {on(paused.resumes_at)}."
    )
    expect(portal.get_by_role("article")).not_to_contain_text("Next invoice")
    portal.get_by_role("button", name="Resume plan").click()
    says("Your plan has been resumed.")

    assert paused.behavior == "void"
    assert 88 * DAY < paused.resumes_at - shop.sandbox.now < 93 * DAY
    assert shop.subscription(customer).pause_collection is None


def test_pause_without_end(page: Page, shop: Shop) -> None:
    """Where a pause has no length, none is asked for."""
    feature = {"enabled": True, "duration": {"type": "indefinite"}}
    shop.configure(subscription_pause=feature)
    customer = shop.customer()
    page.goto(shop.link(customer))
    page.get_by_role("link", name="Pause plan").click()
    expect(page.get_by_text("until you resume it")).to_be_visible()
    page.get_by_role("button", name="Pause plan").click()

    expect(page.get_by_role("article")).to_contain_text("Paused until you resume it.")
    assert shop.subscription(customer).pause_collection.resumes_at is None


def add_card(page: Page, number: str) -> None:
    """Enter a test card."""
    page.get_by_role("link", name="Add payment method").click()
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry date").fill("12 / 34")
    page.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Add card").click()


def test_payment_methods(
    portal: Page, shop: Shop, customer: Customer, says: Says
) -> None:
    """A card can be added, becomes the default, and others can be removed."""
    add_card(portal, "5555 5555 5555 4444")
    says("The payment method has been added.")
    added, first = portal.get_by_role("listitem").filter(has_text="••••").all()
    expect(added).to_contain_text("Mastercard •••• 4444 Expires 12/2034")
    expect(added).to_contain_text("Default")
    first.get_by_role("button", name="Make default").click()
    says("The default payment method has been changed.")
    portal.get_by_role("link", name="Remove Mastercard").click()
    expect(portal.get_by_text("Mastercard •••• 4444")).to_be_visible()
    portal.get_by_role("button", name="Remove payment method").click()
    says("The payment method has been removed.")

    [left] = shop.api.payment_methods.list({"customer": customer.id}).data
    settings = shop.api.customers.retrieve(customer.id).invoice_settings
    assert left.card
    assert left.card.last4 == "4242"
    assert settings
    assert settings.default_payment_method == left.id
    expect(portal.get_by_text("Mastercard")).to_have_count(0)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("4000 0000 0000 0002", "Your card was declined. Use another one."),
        ("4000 0000 0000 0069", "Your card has expired. Use another one."),
        ("4242 4242 4242 4241", f"The card number isn{APOSTROPHE}t valid."),
        ("4111 1111 1111 1111", "Your card was declined. Use another one."),
    ],
    ids=["declined", "expired", "mistyped", "no test card"],
)
def test_card_refused(portal: Page, number: str, text: str) -> None:
    """A card that will not do is told, and what was entered stays, but for the code."""
    add_card(portal, number)

    expect(portal.get_by_role("alert")).to_have_text(text)
    expect(portal.get_by_label("Card number")).to_have_value(number)
    expect(portal.get_by_label("Security code")).to_have_value("")


def test_subscriptions_own_card(page: Page, shop: Shop, says: Says) -> None:
    """A subscription's own card shows with it, and can be given up for the default."""
    shop.configure()
    customer = shop.customer()
    card = shop.add_card(customer.id, "pm_card_amex")
    shop.api.subscriptions.update(
        customer.subscription, {"default_payment_method": card}
    )
    page.goto(shop.link(customer))
    expect(page.get_by_role("article")).to_contain_text(
        "Paid with American Express •••• 0005"
    )
    page.get_by_role("button", name="Use the default payment method instead").click()
    says("Your plan is now paid with your default payment method.")

    assert shop.subscription(customer).default_payment_method is None
    expect(page.get_by_role("article")).not_to_contain_text("Paid with")


def test_billing_details(
    portal: Page, shop: Shop, customer: Customer, says: Says
) -> None:
    """Name, email, phone and both addresses can be changed, and cleared again."""
    portal.get_by_role("link", name="Update information").click()
    address = portal.get_by_role("group", name="Billing address")
    shipping = portal.get_by_role("group", name="Shipping address")
    portal.get_by_label("Name").first.fill("Ada & Sons")
    portal.get_by_label("Email").fill("ada@example.com")
    portal.get_by_label("Phone").first.fill("+44 20 7946 0000")
    for group, line in ((address, "12 Saint James Square"), (shipping, "1 Dock Road")):
        group.get_by_label("Address", exact=True).fill(line)
        group.get_by_label("Postal code").fill("SW1Y 4LB")
        group.get_by_label("City").fill("London")
        group.get_by_label("Country").select_option("United Kingdom")
    shipping.get_by_label("Name").fill("Warehouse")
    portal.get_by_role("button", name="Save").click()
    says("Your billing information has been updated.")
    changed = shop.api.customers.retrieve(customer.id)
    expect(portal.get_by_text("SW1Y 4LB London").first).to_be_visible()
    expect(portal.get_by_text("Ada & Sons")).to_be_visible()
    portal.get_by_role("link", name="Update information").click()
    portal.get_by_label("Phone").first.fill("")
    portal.get_by_role("button", name="Save").click()
    says("Your billing information has been updated.")

    assert (changed.name, changed.email) == ("Ada & Sons", "ada@example.com")
    assert changed.address
    assert (changed.address.line1, changed.address.country) == (
        "12 Saint James Square",
        "GB",
    )
    assert changed.shipping
    assert changed.shipping.name == "Warehouse"
    assert shop.api.customers.retrieve(customer.id).phone is None


def test_country_is_chosen(portal: Page, shop: Shop, customer: Customer) -> None:
    """What the API has stored can be chosen again, though it is in no list."""
    shop.api.customers.update(customer.id, {"address": {"country": "XQ"}})
    portal.get_by_role("link", name="Update information").click()
    country = portal.get_by_label("Country").first

    expect(country).to_have_value("XQ")
    portal.get_by_role("button", name="Save").click()
    assert shop.api.customers.retrieve(customer.id)["address"]["country"] == "XQ"


def test_tax_ids(portal: Page, shop: Shop, customer: Customer, says: Says) -> None:
    """A tax id has to fit its type; it is added, and can be removed."""
    portal.get_by_role("link", name="Add tax ID").click()
    portal.get_by_label("Type").select_option("EU VAT")
    portal.get_by_label("Number").fill("nonsense")
    portal.get_by_role("button", name="Save").click()
    expect(portal.get_by_role("alert")).to_have_text(
        f"The number isn{APOSTROPHE}t valid for this type."
    )
    portal.get_by_label("Number").fill("DE123456789")
    portal.get_by_role("button", name="Save").click()
    says("The tax ID has been added.")
    [made] = shop.api.customers.tax_ids.list(customer.id).data
    expect(portal.get_by_text("DE123456789 EU VAT")).to_be_visible()
    portal.get_by_role("button", name="Remove DE123456789").click()
    says("The tax ID has been removed.")

    assert (made.type, made.value) == ("eu_vat", "DE123456789")
    assert shop.api.customers.tax_ids.list(customer.id).data == []


def test_invoices(portal: Page, shop: Shop, customer: Customer) -> None:
    """Invoices are listed, newest first, and can be opened and downloaded."""
    shop.sandbox.advance(32 * DAY)
    portal.goto(shop.link(customer))
    rows = portal.get_by_role("row")
    expect(rows).to_have_count(3)
    with portal.expect_download() as download:
        link = rows.nth(1).get_by_role("link", name="Download")
        link.click(timeout=60_000)  # on a busy machine fonts take their time
    body = download.value.path().read_bytes()
    rows.nth(1).get_by_role("link").first.click()

    assert body.startswith(b"%PDF-")
    expect(portal).to_have_url(re.compile(r"/i/"))


def test_open_invoice_is_paid(page: Page, shop: Shop, says: Says) -> None:
    """After a failed payment the page says so; with a better card it can be paid."""
    shop.configure()
    customer = shop.customer()
    failing = shop.add_card(customer.id, "pm_card_chargeCustomerFail", default=True)
    shop.sandbox.advance(32 * DAY)
    page.goto(shop.link(customer))
    expect(page.get_by_role("article")).to_contain_text("Past due")
    expect(page.get_by_text("Your last payment failed.")).to_be_visible()
    page.get_by_role("button", name="Make default").click()
    page.get_by_role("button", name="Pay now").click()
    says("The invoice has been paid.")

    expect(page.get_by_role("article")).to_contain_text("Basic Active")
    assert shop.subscription(customer).status == "active"
    assert failing


def test_return_link(portal: Page) -> None:
    """The way back leads to the session's address."""
    portal.get_by_role("link", name="Return to Portal Sandbox").click()

    expect(portal).to_have_url(RETURN_URL)
