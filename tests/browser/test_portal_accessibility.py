"""The portal for everybody: keyboard, screen reader, small screens, dark, languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pulumi_stripe_portal.sandbox.portal.texts.languages import LANGUAGES
from tests.sandbox.portal.shop import Customer, Shop

PATHS = (
    "",
    "details",
    "payment-methods/new",
    "tax-ids/new",
    "subscriptions/{}/update",
    "subscriptions/{}/update/confirm?price=price_ProMonthlyTest&quantity=3",
    "subscriptions/{}/cancel",
    "subscriptions/{}/pause",
    "subscriptions/{}/update/confirm?promotion_code=NOTHING",
)

CHECKS = """() => {
  const problems = [];
  const shown = element => element.checkVisibility();
  const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  if (twice.length) problems.push(`ids twice: ${twice}`);
  if (!document.documentElement.lang) problems.push('no lang');
  if (document.querySelectorAll('main').length !== 1) problems.push('not one main');
  if (document.querySelectorAll('h1').length !== 1) problems.push('not one h1');
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) problems.push(`heading skips: ${heading.textContent}`);
    level = own;
  }
  for (const field of document.querySelectorAll('input, select, textarea')) {
    if (field.type === 'hidden') continue;
    const name = [...(field.labels || [])].map(each => each.innerText.trim()).join('');
    if (!name) problems.push(`no label: ${field.name}`);
  }
  for (const used of ['for', 'aria-labelledby', 'aria-describedby']) {
    for (const element of document.querySelectorAll(`[${used}]`)) {
      for (const id of element.getAttribute(used).split(' ')) {
        if (!document.getElementById(id)) problems.push(`${used} to nothing: ${id}`);
      }
    }
  }
  for (const element of document.querySelectorAll('a, button')) {
    if (!element.textContent.trim()) problems.push(`no name: ${element.outerHTML}`);
    const { width, height } = element.getBoundingClientRect();
    if (shown(element) && width > 1 && Math.min(width, height) < 23.5
        && !element.closest('.skip'))
      problems.push(`small target: ${element.textContent} ${width}x${height}`);
  }
  for (const group of document.querySelectorAll('fieldset')) {
    if (!group.querySelector('legend')) problems.push('fieldset without a legend');
  }
  if (document.documentElement.scrollWidth > window.innerWidth)
    problems.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
  const canvas = document.createElement('canvas').getContext('2d');
  const channels = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = rgb => {
    const [r, g, b] = rgb.slice(0, 3).map(value => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let node = element; node; node = node.parentElement) {
      const rgb = channels(getComputedStyle(node).backgroundColor);
      if (rgb[3] === 255) return rgb;
    }
    return [255, 255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !shown(element)) continue;
    const pair = [channels(getComputedStyle(element).color), ground(element)];
    const [darker, lighter] = pair.map(luminance).sort((a, b) => a - b);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    if (contrast < 4.5)
      problems.push(`contrast ${contrast.toFixed(2)}: ${element.textContent.trim()}`);
  }
  return problems;
}"""


def customer_of(shop: Shop) -> Customer:
    """Make a customer who has something of everything."""
    shop.configure()
    address = {"line1": "510 Townsend St", "postal_code": "94103", "country": "US"}
    customer = shop.customer(fields={"phone": "+1 555 0100", "address": address})
    shop.add_card(customer.id, "pm_card_amex")
    shop.api.customers.tax_ids.create(
        customer.id, {"type": "eu_vat", "value": "DE123456789"}
    )
    return customer


def hosted(shop: Shop, **params: Any) -> Iterator[tuple[str, str]]:
    """Make a checkout, a payment that asks for 3-D Secure, and an open invoice."""
    wanted: Any = {
        "mode": "subscription",
        "line_items": [{"price": "price_ProMonthlyTest", "quantity": 3}],
        "success_url": "https://shop.example/done",
        "cancel_url": "https://shop.example/pricing",
        "allow_promotion_codes": True,
        **params,
    }
    checkout = shop.api.checkout.sessions.create(wanted)
    yield "checkout", f"{checkout.url}?promotion_code={shop.promotion_code()}"
    taxed = {name: {"enabled": True} for name in ("automatic_tax", "tax_id_collection")}
    asking = shop.api.checkout.sessions.create(wanted | taxed)
    yield "checkout details", str(asking.url)
    shop.customer("3ds@example.com", card="pm_card_authenticationRequired")
    intent: Any = shop.api.payment_intents.list().data[0]
    yield "3-D Secure", intent.next_action["use_stripe_sdk"]["stripe_js"]
    owing = shop.customer(
        "owing@example.com",
        fields={"preferred_locales": [params.get("locale", "en")]},
        subscription={"collection_method": "send_invoice", "days_until_due": 30},
    )
    invoice = shop.api.invoices.list({"customer": owing.id}).data[0]
    yield "invoice", str(invoice.hosted_invoice_url)


VIEWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "dark phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


@pytest.fixture(params=VIEWS)
def screen(
    request: pytest.FixtureRequest, browser: Browser
) -> Iterator[BrowserContext]:
    """A browser of some size, light or dark."""
    context = browser.new_context(locale="en-US", **VIEWS[request.param])
    yield context
    context.close()


def test_every_page(screen: BrowserContext, shop: Shop) -> None:
    """Labels, headings, ids, contrast, targets and width are right on every page."""
    customer = customer_of(shop)
    page = screen.new_page()
    page.goto(shop.link(customer))
    base = page.url
    found = {}
    for path in PATHS:
        page.goto(f"{base}/{path}".rstrip("/").format(customer.subscription))
        found[path] = page.evaluate(CHECKS)
    for name, url in hosted(shop):
        page.goto(url)
        found[name] = page.evaluate(CHECKS)
    stranger = f"{shop.sandbox.url}/p/session/test_nothing"
    page.goto(stranger)
    found["expired"] = page.evaluate(CHECKS)

    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language(browser: Browser, shop: Shop, language: str) -> None:
    """Each language says which it is, and fits on a phone."""
    customer = customer_of(shop)
    context = browser.new_context(**VIEWS["phone"])
    page = context.new_page()
    page.goto(shop.link(customer, locale=language))
    base, found = page.url, {}
    for path in PATHS:
        page.goto(f"{base}/{path}".rstrip("/").format(customer.subscription))
        found[path] = page.evaluate(CHECKS)
    for name, url in hosted(shop, locale=language):
        page.goto(url)
        found[name] = page.evaluate(CHECKS)
    page.goto(base)
    tag = page.locator("html").get_attribute("lang")
    context.close()

    assert tag == LANGUAGES[language]
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("browsers", "heading"),
    [
        ("de-CH", "Tarif und Abrechnung"),
        ("es-MX", "Plan y facturación"),
        ("fr-CA", "Abonnement et facturation"),
        ("it-IT", "Piano e fatturazione"),
        ("ja-JP", "プランとお支払い"),
        ("zh-CN", "套餐与账单"),
        ("nl-NL", "Plan and billing"),
    ],
)
def test_language_of_the_browser(
    browser: Browser, shop: Shop, browsers: str, heading: str
) -> None:
    """Where the session names no locale the browser's language is used."""
    shop.configure()
    context = browser.new_context(locale=browsers)
    page = context.new_page()
    page.goto(shop.link(shop.customer()))
    shown = page.get_by_role("heading", level=1).inner_text()
    context.close()

    assert shown == heading


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called *name*."""
    focus = "document.activeElement"
    for _ in range(40):
        page.keyboard.press("Tab")
        text = page.evaluate(f"{focus}.innerText || {focus}.labels?.[0]?.innerText")
        if text and str(text).strip().startswith(name):
            return
    raise AssertionError(f"The keyboard doesn't reach {name}.")


def test_keyboard_alone(page: Page, shop: Shop) -> None:
    """A plan can be switched without a mouse, and where one is can be seen."""
    customer = customer_of(shop)
    page.goto(shop.link(customer))
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, "Change plan")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your plan")
    tab_to(page, "Basic")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Pro").first).to_be_checked()
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm the change")
    tab_to(page, "Confirm")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Your plan has been changed.")
    assert outline == "3px"
    assert shop.subscription(customer)["items"].data[0].price.product == "prod_ProTest"


def test_without_scripts(browser: Browser, shop: Shop) -> None:
    """The portal needs no JavaScript."""
    shop.configure()
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(shop.link(shop.customer()))
    page.get_by_role("link", name="Cancel plan").click()
    page.get_by_role("button", name="Cancel plan").click()
    page.get_by_role("button", name="No, thanks").click()
    text = page.get_by_role("article").inner_text()
    context.close()

    assert "Ends soon" in text


def test_forced_accent(shop: Shop, page: Page) -> None:
    """The stylesheet takes the accent's colour, and nothing else, from its address."""
    shop.configure()
    page.goto(shop.link(shop.customer()))
    styles = page.locator('link[rel="stylesheet"]').get_attribute("href")
    answer = page.request.get(f"{shop.sandbox.url}/p/portal.css?accent=ff0000")
    css = f"{shop.sandbox.url}/p/portal.css"
    evil = page.request.get(f"{css}?accent=}}body{{x:y&second=}}body{{x:y")

    assert styles == "/p/portal.css?accent=4f46e5&second=4f46e5"
    assert "--accent:#ff0000" in answer.text()
    assert "x:y" not in evil.text()
