"""A one-page PDF of an invoice, made of nothing but the standard fonts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pulumi_stripe_portal.sandbox.data.store import Json

from .lines import day
from .money import decimals

__all__ = ["pdf"]

_ROWS = 30


def pdf(invoice: Json) -> bytes:
    """Return *invoice* as a PDF document of one page."""
    text = b"\n".join(_show(*each) for each in _texts(invoice))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        _font(b"Helvetica"),
        _font(b"Helvetica-Bold"),
    ]
    return _document(objects)


def _texts(invoice: Json) -> Iterator[tuple[int, int, int, str, str]]:
    """Yield x, y, size, font and text of all that is on the page."""
    currency = invoice["currency"]
    yield 56, 770, 22, "F2", "Invoice"
    yield 56, 742, 10, "F1", f"{invoice['account_name']}"
    yield 56, 718, 10, "F1", f"Invoice number  {invoice['number']}"
    yield 56, 702, 10, "F1", f"Date of issue  {day(invoice['created'])}"
    yield 56, 686, 10, "F1", f"Status  {invoice['status']}"
    yield 330, 718, 10, "F2", "Bill to"
    known = (invoice["customer_name"], invoice["customer_email"])
    for place, line in enumerate(filter(None, known)):
        yield 330, 702 - 16 * place, 10, "F1", line
    row = 640
    yield 56, row, 10, "F2", "Description"
    yield 470, row, 10, "F2", "Amount"
    for line in invoice["lines"][:_ROWS]:
        row -= 18
        yield 56, row, 10, "F1", str(line["description"])[:80]
        yield 470, row, 10, "F1", _money(line["amount"], currency)
    sums = {
        "Subtotal": invoice["subtotal"],
        "Discount": invoice["total"] - invoice["subtotal"],
        "Total": invoice["total"],
        "Credit balance": invoice["amount_due"] - invoice["total"],
        "Amount due": invoice["amount_due"],
        "Amount paid": invoice["amount_paid"],
    }
    row -= 12
    for name, value in sums.items():
        if name in ("Discount", "Credit balance") and value == 0:
            continue
        row -= 18
        yield 330, row, 10, "F2" if name == "Total" else "F1", name
        yield 470, row, 10, "F1", _money(value, currency)


def _money(value: int, currency: str) -> str:
    places = decimals(currency)
    return f"{Decimal(value).scaleb(-places):.{places}f} {currency.upper()}"


def _show(x: int, y: int, size: int, font: str, text: str) -> bytes:
    """Write *text* at a place; what the font does not have becomes a question mark."""
    encoded = text.encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        encoded = encoded.replace(special, b"\\" + special)
    encoded = encoded.replace(b"\r", b" ").replace(b"\n", b" ")
    return b"BT /%s %d Tf %d %d Td (%s) Tj ET" % (font.encode(), size, x, y, encoded)


def _font(name: bytes) -> bytes:
    return (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%s "
        b"/Encoding /WinAnsiEncoding >>" % name
    )


def _document(objects: list[bytes]) -> bytes:
    body = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return body + b"startxref\n%d\n%%%%EOF\n" % start
