"""The list of invoices on the first page."""

from __future__ import annotations

import re

from .browsing import Browsing
from .shop import Shop

MONTH = 31 * 24 * 60 * 60


def test_a_long_list_is_shown_in_parts(shop: Shop) -> None:
    """Ten invoices at first, more on demand, until all are there."""
    shop.configure()
    customer = shop.customer()
    for _ in range(24):
        shop.sandbox.advance(MONTH)
    numbers = {each.number for each in shop.api.invoices.list({"limit": 100}).data}
    browsing = Browsing()
    page = browsing.get(shop.link(customer))
    seen = [len(re.findall(r"<tr>\s*<td>", page.html))]
    while link := re.search(r'href="([^"]*\?invoices=\d+)#invoices"', page.html):
        page = browsing.get(shop.sandbox.url + link[1])
        seen.append(len(re.findall(r"<tr>\s*<td>", page.html)))

    assert seen == [10, 20, len(numbers)]
    assert len(numbers) > 20
    assert all(str(number) in page.text for number in numbers)


def test_a_short_list_has_no_more(shop: Shop) -> None:
    """Where all invoices are shown nothing leads to more, whatever is asked for."""
    shop.configure()
    link = shop.link(shop.customer())
    browsing = Browsing()
    page = browsing.get(link)

    assert "View more" not in page.text
    for wanted in ("-1", "x", "99999999999999999999", ""):
        assert browsing.get(f"{page.url}?invoices={wanted}").status == 200
