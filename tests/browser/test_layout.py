"""The first page where words are long: on a desk, in French, German and Spanish."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.sandbox.portal.shop import Shop

MONTH = 31 * 24 * 60 * 60

LAYOUT = """() => {
  const boxes = query => [...document.querySelectorAll(query)].map(each => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return [...range.getClientRects()].filter(each => each.width > 1);
  });
  const [terms, privacy] = boxes('.legal a').map(each => each[0]);
  return {
    apart: Math.abs(privacy.top - terms.bottom),
    broken: boxes('.invoices .row-actions > a')
      .map(each => new Set(each.map(line => Math.round(line.top))).size)
      .filter(count => count > 1).length,
    links: document.querySelectorAll('.invoices .row-actions > a').length,
  };
}"""


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "ja"])
def test_nothing_drifts_or_breaks(browser: Browser, shop: Shop, language: str) -> None:
    """The legal links are together, and no word of the list of invoices is cut."""
    shop.configure()
    customer = shop.customer()
    for _ in range(12):
        shop.sandbox.advance(MONTH)
    size: Any = {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.goto(shop.link(customer, locale=language))
    found = page.evaluate(LAYOUT)
    context.close()

    assert found["apart"] < 30
    assert found["broken"] == 0
    assert found["links"] == 10
