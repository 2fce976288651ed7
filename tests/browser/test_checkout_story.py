"""From sign-up to the end of access in a browser, in three languages.

The pictures of the way are in `.cache/checkout/<language>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pulumi_stripe_portal.sandbox.billing.money import money
from pulumi_stripe_portal.sandbox.portal.texts.texts import Texts, texts_in
from tests.sandbox.portal.papers import read
from tests.sandbox.portal.shop import FEATURES, Shop

PICTURES = Path(__file__).resolve().parent.parent.parent / ".cache" / "checkout"


@dataclass(frozen=True)
class Buyer:
    """Who signs up, and what their tax comes to: on Basic, then on Pro for less."""

    language: str
    business: str
    address: dict[str, str]
    tax_id: tuple[str, str]
    first: int
    switched: int
    tax: tuple[str, str]


BUYERS = (
    Buyer(
        language="en",
        business="Analytical Engines Ltd",
        address={"line1": "12 St James's Square", "city": "London", "country": "GB"},
        tax_id=("gb_vat", "GB123456789"),
        first=1080,
        switched=1704,
        tax=("VAT", "20"),
    ),
    Buyer(
        language="de",
        business="Müller & Söhne GmbH",
        address={"line1": "Straße des 17. Juni 1", "city": "Köln", "country": "DE"},
        tax_id=("de_stn", "1234567890"),
        first=1071,
        switched=1690,
        tax=("VAT", "19"),
    ),
    Buyer(
        language="ja",
        business="株式会社山田商店",
        address={"line1": "千代田1-1", "city": "千代田区", "country": "JP"},
        tax_id=("jp_trn", "T1234567891234"),
        first=990,
        switched=1562,
        tax=("JCT", "10"),
    ),
)


class Story:
    """One buyer in front of the pages."""

    def __init__(self, page: Page, shop: Shop, buyer: Buyer) -> None:
        self.page, self.shop, self.buyer = page, shop, buyer
        self.text: Texts = texts_in(buyer.language)
        self._count = 0

    def money(self, amount: int) -> str:
        """Write an amount as the buyer reads it."""
        return money(amount, "usd", self.buyer.language)

    def picture(self) -> None:
        """Keep a picture of the page."""
        self._count += 1
        folder = PICTURES / self.buyer.language
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{self._count}.png", full_page=True)

    def button(self, key: str, **values: object) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=self.text(key, **values)).first.click()

    def fill(self, key: str, value: str) -> None:
        """Fill in a field."""
        self.page.get_by_label(self.text(key), exact=True).fill(value)

    def shows(self, row: str, amount: int) -> None:
        """Expect a row with an amount."""
        found = self.page.get_by_role("row", name=row).first
        expect(found).to_contain_text(self.money(amount))

    def enter_details(self) -> None:
        """Say which business it is, where, and its tax id."""
        page, buyer = self.page, self.buyer
        page.locator("[name=business_name]").fill(buyer.business)
        for name in ("line1", "city"):
            page.locator(f"[name='address.{name}']").fill(buyer.address[name])
        page.locator("[name='address.country']").select_option(buyer.address["country"])
        page.locator("[name=tax_id_type]").select_option(buyer.tax_id[0])
        page.locator("[name=tax_id]").fill(buyer.tax_id[1])
        self.picture()
        self.button("form.continue")

    def pay(self) -> None:
        """Enter a card that the bank asks about, and confirm it there."""
        self.fill("card.number", "4000 0025 0000 3155")
        self.fill("card.expiry", "12/60")
        self.fill("card.cvc", "123")
        self.picture()
        self.button("checkout.subscribe")
        self.picture()
        self.page.locator("button[value=succeed]").click()
        self.page.wait_for_url("https://shop.example/done")


@pytest.fixture
def reports(shop: Shop) -> str:
    """A feature that Basic and Pro have."""
    made = shop.api.entitlements.features.create(
        {"name": "Reports", "lookup_key": "reports"}
    )
    for product in ("prod_BasicTest", "prod_ProTest"):
        wanted: Any = {"entitlement_feature": made.id}
        shop.api.products.features.create(product, wanted)
    return made.id


@pytest.mark.parametrize("buyer", BUYERS, ids=lambda buyer: buyer.language)
def test_from_sign_up_to_the_end(
    page: Page, shop: Shop, reports: str, buyer: Buyer
) -> None:
    """Signed up with 3-D Secure and a tax id, upgraded with a code, canceled, over."""
    del reports
    story, text, api = Story(page, shop, buyer), texts_in(buyer.language), shop.api
    page.set_viewport_size({"width": 1000, "height": 700})
    code = shop.promotion_code(code="SAVE20")
    shop.configure(
        subscription_update={
            **FEATURES["subscription_update"],
            "proration_behavior": "always_invoice",
        }
    )
    clock = api.test_helpers.test_clocks.create({"frozen_time": 1_893_456_000})
    fields = {"test_clock": clock.id, "preferred_locales": [buyer.language]}
    ada = shop.customer(price=None, card=None, fields=fields)
    params: Any = {
        "mode": "subscription",
        "customer": ada.id,
        "customer_update": {"address": "auto", "name": "auto"},
        "automatic_tax": {"enabled": True},
        "tax_id_collection": {"enabled": True},
        "line_items": [{"price": "price_BasicMonthlyTest", "quantity": 1}],
        "success_url": "https://shop.example/done",
        "cancel_url": "https://shop.example/pricing",
        "locale": buyer.language,
    }
    session = api.checkout.sessions.create(params)
    page.goto(str(session.url))
    expect(page.get_by_text(text("checkout.untaxed"))).to_be_visible()
    story.enter_details()
    story.shows(text("change.due"), buyer.first)
    story.pay()
    [subscription] = api.subscriptions.list({"customer": ada.id}).data
    entitled = api.entitlements.active_entitlements.list({"customer": ada.id}).data
    assert [each.lookup_key for each in entitled] == ["reports"]

    page.goto(shop.link(ada, locale=buyer.language))
    expect(page.get_by_role("article")).to_contain_text("Basic")
    story.picture()
    page.get_by_role("link", name=text("action.change")).click()
    page.locator("input[value=price_ProMonthlyTest]").check()
    story.picture()
    story.button("form.continue")
    page.locator("[name=promotion_code]").fill(code)
    story.button("checkout.apply")
    story.shows(text("change.due"), buyer.switched)
    story.picture()
    story.button("form.confirm")
    expect(page.get_by_role("article")).to_contain_text("Pro")

    invoice: Any = api.subscriptions.retrieve(
        subscription.id, {"expand": ["latest_invoice"]}
    ).latest_invoice
    home = page.url
    page.get_by_role("row", name=story.money(buyer.switched)).get_by_role(
        "link"
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        story.money(buyer.switched)
    )
    story.picture()
    page.set_default_timeout(60_000)  # a font with all of Japanese takes its time
    with page.expect_download() as download:
        page.get_by_role("link", name=text("hosted.download_invoice")).click()
    paper = read(Path(download.value.path()).read_bytes())
    written = "".join(paper.text.split())
    name, percent = buyer.tax
    for each in (
        buyer.business,
        *(buyer.address[name] for name in ("line1", "city")),
        f"{buyer.tax_id[0].replace('_', ' ').upper()} {buyer.tax_id[1]}",
        text("document.rate", name=name, percent=percent),
        invoice.number,
        story.money(invoice.subtotal),
        story.money(invoice.total_taxes[0].amount),
        story.money(invoice.total),
        story.money(invoice.amount_due),
    ):
        assert "".join(each.split()) in written
    assert invoice.total == invoice.amount_paid == buyer.switched

    page.goto(home)
    page.get_by_role("link", name=text("action.cancel")).click()
    story.picture()
    story.button("cancel.confirm")
    story.button("reason.skip")
    expect(page.get_by_role("article")).to_contain_text(text("status.canceling"))
    story.picture()
    end = api.subscriptions.retrieve(subscription.id).cancel_at or 0
    api.test_helpers.test_clocks.advance(clock.id, {"frozen_time": end + 1})
    page.reload()
    expect(page.get_by_text(text("home.no_plan"))).to_be_visible()
    story.picture()
    assert api.subscriptions.retrieve(subscription.id).status == "canceled"
    assert api.entitlements.active_entitlements.list({"customer": ada.id}).data == []
