"""Invoices behind their links: looked at, paid, downloaded, in every script."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from pulumi_stripe_portal.sandbox.data.store import Branding
from pulumi_stripe_portal.sandbox.portal.paper import pdf
from pulumi_stripe_portal.sandbox.portal.texts.languages import LANGUAGES
from pulumi_stripe_portal.sandbox.portal.texts.texts import texts_in
from pulumi_stripe_portal.sandbox.portal.texts.words import Words
from pulumi_stripe_portal.sandbox.portal.views.document_view import document

from .browsing import Browsing
from .papers import Paper, read
from .shop import CARD, Customer, Shop

BY_INVOICE: dict[str, Any] = {
    "collection_method": "send_invoice",
    "days_until_due": 30,
}
TYPED = {"number": CARD["number"], "expiry": "12/40", "cvc": "123", "name": "J. Rosen"}


def invoice_of(shop: Shop, customer: Customer) -> Any:
    """Return the newest invoice of a customer."""
    return shop.api.invoices.list({"customer": customer.id}).data[0]


def paper_of(url: str, language: str = "en") -> Paper:
    """Download a PDF and read it."""
    with urlopen(Request(url, headers={"Accept-Language": language})) as answer:
        assert answer.headers["Content-Type"] == "application/pdf"
        return read(answer.read())


def test_a_hosted_invoice_is_paid_on_its_page(shop: Shop) -> None:
    """It says what is due, takes a card, and has a receipt once it is paid."""
    customer = shop.customer(card=None, subscription=BY_INVOICE)
    invoice = invoice_of(shop, customer)
    page = Browsing().get(invoice.hosted_invoice_url)

    assert "$9.00 due" in page.text
    assert invoice.number in page.text
    assert "Download receipt" not in page.text
    paid = Browsing().send("POST", invoice.hosted_invoice_url, TYPED)
    assert "The invoice has been paid." in paid.text
    assert "Download receipt" in paid.text
    assert "Pay $9.00" not in paid.text
    now = shop.api.invoices.retrieve(invoice.id)
    assert (now.status, now.amount_remaining) == ("paid", 0)
    assert now.receipt_number
    receipt = paper_of(f"{invoice.hosted_invoice_url}/receipt")
    for text in ("Receipt", now.receipt_number, "Mastercard •••• 4444", "$9.00"):
        assert text in receipt.text


def test_a_declined_card(shop: Shop) -> None:
    """The form says so, keeps what was entered but the code, and nothing is paid."""
    customer = shop.customer(card=None, subscription=BY_INVOICE)
    invoice = invoice_of(shop, customer)
    wrong = {**TYPED, "number": "4000000000000002"}
    page = Browsing().send("POST", invoice.hosted_invoice_url, wrong)

    assert page.status == 402
    assert "declined" in page.text
    assert "4000000000000002" in page.html
    assert shop.api.invoices.retrieve(invoice.id).status == "open"


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ("succeed", "paid", "The invoice has been paid."),
        ("fail", "open", "Pay $9.00"),
    ],
)
def test_three_d_secure(shop: Shop, answer: str, status: str, words: str) -> None:
    """A card whose bank wants to be asked is asked for, and what it says holds."""
    customer = shop.customer(card=None, subscription=BY_INVOICE)
    invoice = invoice_of(shop, customer)
    browsing = Browsing()
    card = {**TYPED, "number": "4000002760003184"}
    bank = browsing.send("POST", invoice.hosted_invoice_url, card)
    assert "/p/3d-secure/" in bank.url
    page = browsing.send("POST", bank.url, {"answer": answer})

    assert words in page.text
    assert shop.api.invoices.retrieve(invoice.id).status == status


def test_what_is_not_open_is_not_paid(shop: Shop) -> None:
    """A void invoice has no form, and what is sent all the same is refused."""
    customer = shop.customer(card=None, subscription=BY_INVOICE)
    invoice = invoice_of(shop, customer)
    shop.api.invoices.void_invoice(invoice.id)
    page = Browsing().get(invoice.hosted_invoice_url)

    assert "This invoice is void." in page.text
    assert "<form" not in page.html
    refused = Browsing().send("POST", invoice.hosted_invoice_url, TYPED)
    assert refused.status == 403
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{invoice.hosted_invoice_url}/receipt")


def test_another_site_can_not_pay(shop: Shop) -> None:
    """A form of another site is refused."""
    customer = shop.customer(card=None, subscription=BY_INVOICE)
    invoice = invoice_of(shop, customer)
    origin = {"Origin": "https://evil.example"}
    page = Browsing().send("POST", invoice.hosted_invoice_url, TYPED, origin)

    assert page.status == 403
    assert shop.api.invoices.retrieve(invoice.id).status == "open"


def test_every_script(shop: Shop) -> None:
    """Who is billed is written in their own letters, with each font in the file."""
    names = ("山田太郎", "王小明", "김철수", "Łukasz Żółć", "Ωμέγα Ελλάς", "Иван Щукин")
    address = {"line1": " ".join(names[3:]), "country": "JP"}
    fields = {
        "address": address,
        "name": " ".join(names[:3]),
        "phone": "+81 3 1234",
        "preferred_locales": ["ja"],
    }
    customer = shop.customer(fields=fields)
    paper = paper_of(invoice_of(shop, customer).invoice_pdf)

    for text in (*names, "+81 3 1234", "jenny@example.com", "$9.00", "請求書"):
        assert text in paper.text
    assert "[U+" not in paper.text
    assert paper.embedded == paper.named


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(shop: Shop, jenny: Customer, language: str) -> None:
    """An invoice is in the customer's language, on paper as on its page."""
    invoice = invoice_of(shop, jenny)
    paper = paper_of(invoice.invoice_pdf, language)
    page = Browsing(language).get(invoice.hosted_invoice_url)

    text = texts_in(language)
    for key in ("number", "bill_to", "subtotal", "total", "amount_paid"):
        assert text(f"document.{key}") in paper.text
    assert text("hosted.download_receipt") in page.text
    assert text("document.total") in page.text


def test_no_font(shop: Shop, tmp_path: Path) -> None:
    """Where no font has a letter its code is written, and the paper says why."""
    customer = shop.customer(fields={"name": "山田 Ω"})
    link = invoice_of(shop, customer).hosted_invoice_url
    account, secret = link.split("/")[-2:]
    opened = shop.sandbox.portal_sessions.invoice(account, secret, origin="")
    text = texts_in("en")
    shown = document(Words(text), opened)
    paper = read(pdf(shown, text, Branding(), 0, folders=(tmp_path,)))

    assert "[U+5C71][U+7530] Ω" in paper.text
    assert text("document.lacks_font") in " ".join(paper.text.split("\n"))
    assert paper.embedded == paper.named


def test_a_broken_font_is_passed_over(shop: Shop, tmp_path: Path) -> None:
    """A file of the machine that is no font does not keep a PDF from being made."""
    (tmp_path / "NotoSansJP-Regular.otf").write_bytes(b"no font")
    customer = shop.customer(fields={"name": "山田"})
    account, secret = invoice_of(shop, customer).hosted_invoice_url.split("/")[-2:]
    opened = shop.sandbox.portal_sessions.invoice(account, secret, origin="")
    text = texts_in("ja")
    paper = pdf(document(Words(text), opened), text, Branding(), 0, folders=(tmp_path,))

    assert "[U+5C71]" in read(paper).text


def test_many_lines_take_many_pages(shop: Shop) -> None:
    """What doesn't fit on a page goes on on the next, and the sums are there."""
    prices = [
        shop.api.prices.create(
            {
                "currency": "usd",
                "recurring": {"interval": "month"},
                "unit_amount": 100,
                "product_data": {"name": f"Part {number} of a long list " * 3},
            }
        ).id
        for number in range(20)
    ]
    customer = shop.customer(price=None)
    items: Any = [{"price": price, "quantity": 2} for price in prices]
    shop.api.subscriptions.create({"customer": customer.id, "items": items})
    paper = paper_of(invoice_of(shop, customer).invoice_pdf)

    assert all(f"Part {number} of" in paper.text for number in range(20))
    assert "1 / 2" in paper.text
    assert "2 / 2" in paper.text
    assert "$40.00" in paper.text


def test_the_same_bytes_again(shop: Shop, jenny: Customer) -> None:
    """An invoice that didn't change is the same file, as a name of its own."""
    invoice = invoice_of(shop, jenny)
    with urlopen(invoice.invoice_pdf) as first, urlopen(invoice.invoice_pdf) as second:
        kept = first.headers["Content-Disposition"]
        same = first.read() == second.read()

    assert same
    assert kept == f'attachment; filename="Invoice-{invoice.number}.pdf"'


@pytest.mark.parametrize("path", ["/i/acct_1PortalSandbox00/test_guess", "/i/", "/i/a"])
def test_unknown_invoice_link(shop: Shop, path: str) -> None:
    """A link that nobody was given leads to nothing."""
    with pytest.raises(HTTPError, match="404"):
        urlopen(shop.sandbox.url + path)
