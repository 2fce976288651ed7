"""The view of an amount to be paid: an invoice, and all that it is made of."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.portal.texts.words import Words

from . import view

__all__ = ["statement"]


def statement(words: Words, invoice: Json) -> view.Statement:
    """Show what *invoice* comes to: lines, discounts, taxes, and what the balance does.

    Its lines have their `product` and `price`.
    """
    currency = invoice["currency"]
    moment = invoice.get("next_payment_attempt") or invoice["period_end"]
    added = [each for each in invoice["taxes"] if each["tax_behavior"] == "exclusive"]
    tax = sum(each["amount"] for each in added)
    credit = "invoice.credited" if invoice["total"] < 0 else "invoice.credit"
    amounts = [
        *((words.line(each), each["amount"]) for each in invoice["lines"]["data"]),
        (words.text("change.discount"), invoice["total"] - tax - invoice["subtotal"]),
        *((words.tax(each), each["amount"]) for each in added),
        (words.text(credit), invoice["amount_due"] - invoice["total"]),
    ]
    return view.Statement(
        total=words.money(invoice["amount_due"], currency),
        date=words.date(moment),
        lines=tuple(
            view.Line(text, words.money(amount, currency))
            for text, amount in amounts
            if amount
        ),
    )
