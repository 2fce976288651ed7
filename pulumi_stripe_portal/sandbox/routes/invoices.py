"""Invoices: made by subscriptions or by request, previewed, paid, sent and voided.

See https://docs.stripe.com/api/invoices.
"""

from dataclasses import replace
from typing import Any

from pulumi_stripe_portal.sandbox.billing import (
    invoice_drafts,
    invoice_preview,
    invoices,
    payment_intents,
    payment_methods,
    receipts,
    renewal,
    tax_params,
)
from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.paging import as_list
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Context,
    Operation,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.search import Field
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import answer, find_named, list_page

__all__ = ["OPERATIONS", "RESOURCE"]


def _view(context: Context, invoice: Json) -> Json:
    """Show the first lines as a list, and where the invoice can be looked at."""
    lines = invoice["lines"]
    link = f"{context.origin}/i/{context.partition.account}/{invoice['secret']}"
    final = invoice["number"] is not None
    intent = payment_intents.intent_of(context, invoice)
    return invoice | {
        "confirmation_secret": intent
        and {"client_secret": intent["client_secret"], "type": "payment_intent"},
        "default_tax_rates": tax_params.shown(context, invoice["default_tax_rates"]),
        "hosted_invoice_url": link if final else None,
        "invoice_pdf": f"{link}/pdf" if final else None,
        "receipt_number": receipts.number(invoice),
        "lines": as_list(lines, f"{RESOURCE.path}/{invoice['id']}/lines", most=10),
        "payments": _payments(context, invoice),
    }


def _payments(context: Context, invoice: Json) -> Json:
    kind = payment_intents.PAYMENT
    every = context.partition.all(kind)
    shown = [
        render(context, context.resources[kind], each, [])
        for each in every
        if each["invoice"] == invoice["id"]
    ]
    return as_list(shown, f"/v1/invoice_payments?invoice={invoice['id']}")


def _preview(call: Call) -> Json:
    return render(call, RESOURCE, invoice_preview.preview(call, call.params), [])


def _lines(call: Call) -> Json:
    return list_page(_LINE, call, find_named(RESOURCE, call)["lines"])


def _finalise(call: Call) -> Json:
    draft, advance = find_named(RESOURCE, call), call.params.get("auto_advance")
    final = invoice_drafts.finalise(call, draft, auto_advance=advance)
    return answer(RESOURCE, call, final)


def _send(call: Call) -> Json:
    sent = invoice_drafts.send(call, find_named(RESOURCE, call))
    return answer(RESOURCE, call, sent)


def _give_up(call: Call) -> Json:
    return answer(RESOURCE, call, invoices.void(call, _open(call), "uncollectible"))


def _pay(call: Call) -> Json:
    only(call.params, ("off_session", "payment_method"), "paying invoices")
    if find_named(RESOURCE, call)["status"] == "draft":
        invoice_drafts.finalise(call, find_named(RESOURCE, call))
    invoice, method = _open(call), call.params.get("payment_method")
    if method:
        payment_methods.find_owned(call, method, invoice["customer"])
    on_session = not call.params.get("off_session", True)
    try:
        paid = renewal.pay(call, invoice, method, on_session=on_session)
    except StripeError as error:
        raise replace(error, keeps=True) from None
    return answer(RESOURCE, call, paid)


def _void(call: Call) -> Json:
    return answer(RESOURCE, call, invoices.void(call, _open(call)))


def _open(call: Call) -> Json:
    invoice = find_named(RESOURCE, call)
    if invoice["status"] == "paid":
        raise StripeError(
            "Invoice is already paid", Evidence.REPORTED("mozilla/fxa #11409")
        )
    if invoice["status"] != "open":
        raise StripeError(
            f"This invoice is {invoice['status']} and can no longer be paid.",
            Evidence.OURS("no words of Stripe's for it are known"),
        )
    return invoice


def _of_subscription(invoice: Json, wanted: Any) -> bool:
    return bool(invoices.subscription_id(invoice) == wanted)


RESOURCE = Resource(
    object="invoice",
    path="/v1/invoices",
    noun="invoice",
    prefix="in_1",
    id_length=23,
    scope="invoice",
    params="Invoice",
    missing_param="invoice",
    create=invoice_drafts.create,
    update=invoice_drafts.update,
    delete=invoice_drafts.delete,
    filters={
        "collection_method": equals("collection_method"),
        "created": created,
        "customer": equals("customer"),
        "status": equals("status"),
        "subscription": _of_subscription,
    },
    searches={
        "created": Field("numeric"),
        "currency": Field("token"),
        "customer": Field("token"),
        "metadata": Field("string"),
        "number": Field("string"),
        "receipt_number": Field("string"),
        "status": Field("token"),
        "subscription": Field("token", invoices.subscription_id),
        "total": Field("numeric"),
    },
    expands={
        "customer": "customer",
        "default_payment_method": "payment_method",
        "discounts": "discount",
        "confirmation_secret": INCLUDED,
        "lines.data.pricing.price_details.price": "price",
        "parent.subscription_details.subscription": "subscription",
        "payments": INCLUDED,
        "payments.data.payment.payment_intent": "payment_intent",
        "total_discount_amounts.discount": "discount",
    },
    hidden=("secret", "tax_names"),
    view=_view,
)

_LINE = Resource(
    object="line_item",
    path="",
    noun="line item",
    prefix="il_1",
    scope="invoice",
    params="",
    expands={"discounts": "discount", "pricing.price_details.price": "price"},
)

OPERATIONS = (
    Operation(
        method="POST",
        path=f"{RESOURCE.path}/create_preview",
        params="InvoiceCreatePreviewParams",
        permission="rak_invoice_read",
        run=_preview,
    ),
    RESOURCE.operation("GET", "/<id>/lines", "InvoiceListLinesParams", _lines),
    RESOURCE.operation(
        "POST", "/<id>/finalize", "InvoiceFinalizeInvoiceParams", _finalise
    ),
    RESOURCE.operation("POST", "/<id>/send", "InvoiceSendInvoiceParams", _send),
    RESOURCE.operation(
        "POST", "/<id>/mark_uncollectible", "InvoiceMarkUncollectibleParams", _give_up
    ),
    RESOURCE.operation("POST", "/<id>/pay", "InvoicePayParams", _pay),
    RESOURCE.operation("POST", "/<id>/void", "InvoiceVoidInvoiceParams", _void),
)
