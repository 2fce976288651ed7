"""The view of an invoice or a receipt: on its hosted page, and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

from .customer_view import address_lines, tax_id_type

if TYPE_CHECKING:
    from pulumi_stripe_portal.sandbox.portal_session import OpenInvoice

__all__ = ["Document", "Row", "Sum", "document"]


@dataclass(frozen=True)
class Row:
    """What is billed."""

    text: str
    period: str
    quantity: str
    unit: str
    tax: str
    amount: str


@dataclass(frozen=True)
class Sum:
    """A line below what is billed."""

    label: str
    amount: str
    is_strong: bool = False


@dataclass(frozen=True)
class Document:
    """An invoice, or the receipt for one that is paid.

    *facts* are pairs of a label and a text.
    """

    title: str
    headline: str
    issuer: tuple[str, ...]
    bill_to: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...]
    notes: tuple[str, ...]
    is_taxed: bool
    amount_due: str


def document(
    words: Words, opened: OpenInvoice, *, is_receipt: bool = False
) -> Document:
    """Show an invoice as it is now."""
    invoice, text = opened.object, words.text
    title = text("document.receipt" if is_receipt else "document.invoice")
    return Document(
        title=title,
        headline=_headline(words, invoice),
        issuer=(invoice["account_name"], *_tax_ids(opened.issuer_tax_ids)),
        bill_to=_bill_to(words, invoice),
        facts=tuple(_facts(words, opened, is_receipt=is_receipt)),
        rows=tuple(_row(words, each) for each in opened.lines),
        sums=tuple(_sums(words, opened, is_receipt=is_receipt)),
        notes=_notes(words, invoice),
        is_taxed=any(each["taxes"] for each in opened.lines),
        amount_due=words.money(invoice["amount_remaining"], invoice["currency"]),
    )


def _headline(words: Words, invoice: Json) -> str:
    """Say how much is due or was paid, and when."""
    amount, moment = invoice["amount_due"], invoice["due_date"]
    if invoice["status"] == "void":
        return words.text("hosted.void")
    key = "hosted.due"
    if invoice["status"] == "paid":
        key, moment = "hosted.paid", invoice["status_transitions"]["paid_at"]
        amount = invoice["amount_paid"]
    date = words.date(moment or invoice["created"])
    return words.text(key, amount=words.money(amount, invoice["currency"]), date=date)


def _bill_to(words: Words, invoice: Json) -> tuple[str, ...]:
    lines = [
        invoice["customer_name"],
        *address_lines(words, invoice["customer_address"]),
        invoice["customer_phone"],
        invoice["customer_email"],
        *_tax_ids(invoice["customer_tax_ids"] or ()),
    ]
    return tuple(filter(None, lines))


def _tax_ids(found: list[Json] | tuple[Json, ...]) -> list[str]:
    return [f"{tax_id_type(each['type'])} {each['value']}" for each in found]


def _facts(
    words: Words, opened: OpenInvoice, *, is_receipt: bool
) -> list[tuple[str, str]]:
    invoice = opened.object
    facts = [("document.number", invoice["number"])]
    if is_receipt:
        facts.append(("document.receipt_number", opened.receipt_number))
        paid = invoice["status_transitions"]["paid_at"]
        facts.append(("document.paid_on", words.date(paid)))
        if opened.method is not None:
            facts.append(("document.method", words.card(opened.method)))
    else:
        issued = invoice["effective_at"] or invoice["created"]
        due = invoice["due_date"] or issued
        facts.append(("document.issued", words.date(issued)))
        facts.append(("document.due_date", words.date(due)))
    return [(words.text(key), value) for key, value in facts]


def _row(words: Words, line: Json) -> Row:
    currency, period = line["currency"], line["period"]
    start, end = words.date(period["start"]), words.date(period["end"])
    spans = start != end
    pricing = line["pricing"] or {}
    unit = pricing.get("unit_amount_decimal")
    is_proration = line["amount"] < 0 or unit is None
    return Row(
        text=words.line({**line, "quantity": 1}),
        period=words.text("document.period", start=start, end=end) if spans else "",
        quantity=line["quantity_decimal"] or "",
        unit="" if is_proration else words.money(line["unit"], currency),
        tax=", ".join(f"{words.percent(rate)}%" for rate in line["percents"]),
        amount=words.money(line["amount"], currency),
    )


def _sums(words: Words, opened: OpenInvoice, *, is_receipt: bool) -> list[Sum]:
    """Return every part between what is billed and what is due."""
    invoice, text = opened.object, words.text
    currency = invoice["currency"]
    off = sum(each["amount"] for each in invoice["total_discount_amounts"])
    balance = invoice["amount_due"] - invoice["total"]
    parts = [(text("document.subtotal"), invoice["subtotal"], False)]
    if off:
        parts.append((text("change.discount"), -off, False))
    if opened.taxes:
        excluding = invoice["total_excluding_tax"]
        parts.append((text("document.excluding_tax"), excluding, False))
    parts += [(words.tax(each), each["amount"], False) for each in opened.taxes]
    parts.append((text("document.total"), invoice["total"], True))
    if balance:
        credit = "invoice.credited" if invoice["total"] < 0 else "invoice.credit"
        parts.append((text(credit), balance, False))
    if not is_receipt:
        parts.append((text("document.amount_due"), invoice["amount_due"], True))
    if invoice["amount_paid"]:
        paid = invoice["amount_paid"]
        parts.append((text("document.amount_paid"), paid, is_receipt))
    return [
        Sum(label, words.money(amount, currency), is_strong)
        for label, amount, is_strong in parts
    ]


def _notes(words: Words, invoice: Json) -> tuple[str, ...]:
    notes = [invoice["description"], invoice["footer"]]
    reasons = [each["taxability_reason"] for each in invoice["total_taxes"]]
    if invoice["customer_tax_exempt"] == "reverse" or "reverse_charge" in reasons:
        notes.append(words.text("document.reverse"))
    return tuple(filter(None, notes))
