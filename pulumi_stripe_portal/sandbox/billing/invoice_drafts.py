"""Invoices made by request: drafts, which are finalised, paid, sent or deleted."""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError, missing_param
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.merge import merge_metadata
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import (
    collection,
    invoice_items,
    invoices,
    payment_methods,
    tax_params,
)
from .invoice_fields import blank, of_customer
from .params import only

__all__ = ["add", "advance", "create", "delete", "finalise", "send", "update"]

_HOUR = 60 * 60
_SETTABLE = ("auto_advance", "default_payment_method", "description", "footer")
_TAXES = ("automatic_tax", "default_tax_rates")
_KNOWN = (
    *_SETTABLE,
    *_TAXES,
    "collection_method",
    "currency",
    "customer",
    "days_until_due",
    "due_date",
    "metadata",
    "pending_invoice_items_behavior",
)


def create(context: Context, params: Json) -> Json:
    """Make a draft, of what is pending where *params* include it.

    Raises:
        StripeError: It has no customer, or one that is not there.
    """
    only(params, _KNOWN, "invoices")
    if not params.get("customer"):
        raise missing_param("customer")
    customer = reference(context, "customer", params["customer"], "customer")
    terms = {
        "collection_method": params.get("collection_method", "charge_automatically"),
        "currency": (params.get("currency") or customer["currency"] or "usd").lower(),
        "days_until_due": params.get("days_until_due"),
        "id": None,
        "metadata": {},
        "on_behalf_of": None,
    }
    draft = context.new(context.resources["invoice"])
    draft |= blank(context, customer, terms) | {
        "auto_advance": False,
        "billing_reason": "manual",
        "metadata": merge_metadata({}, params.get("metadata") or {}),
        "parent": None,
    }
    draft = _reckon(context, _set(context, draft, params), [])
    if params.get("due_date"):
        draft["due_date"] = params["due_date"]
    if params.get("pending_invoice_items_behavior") == "include":
        waiting = invoice_items.pending_items(context, customer["id"])
        same = [each for each in waiting if each["currency"] == draft["currency"]]
        draft = _with(context, draft, same)
    return keep(context, draft)


def add(context: Context, invoice: str, item: Json) -> Json:
    """Put an invoice *item* onto a draft, and return the item.

    Raises:
        StripeError: The invoice is no draft.
    """
    draft = reference(context, "invoice", invoice, "invoice")
    _require_open_draft(context, draft, "add items to")
    keep(context, _with(context, draft, [item]), draft)
    return context.get("invoiceitem", item["id"])


def update(context: Context, invoice: Json, params: Json) -> Json:
    """Change what can be changed of *invoice*: of a final one the metadata alone.

    Raises:
        StripeError: It is final.
    """
    only(params, (*_SETTABLE, *_TAXES, "metadata"), "updating invoices")
    if set(params) - {"metadata", "expand"}:
        _require_open_draft(context, invoice, "change")
    after = _set(context, invoice, params)
    if "metadata" in params:
        given = params["metadata"]
        after["metadata"] = merge_metadata(invoice["metadata"], given)
    if set(_TAXES) & set(params):
        after = _reckon(context, after, after["lines"])
    return keep(context, after, invoice)


def finalise(
    context: Context, draft: Json, *, auto_advance: bool | None = None
) -> Json:
    """Make a *draft* final; nothing due is paid, else it is collected within an hour.

    Until then it follows its customer, whose location automatic tax needs
    [DOCUMENTED: docs.stripe.com/tax/customer-locations].

    Raises:
        StripeError: It is final, or where its tax is due is not known any more.
    """
    customer = _require_open_draft(context, draft, "finalize")
    if draft["automatic_tax"]["enabled"]:
        tax_params.require_location(customer)
    draft = {**draft, **of_customer(context, customer)}
    draft = _reckon(context, draft, draft["lines"])
    if auto_advance is not None:
        draft = {**draft, "auto_advance": auto_advance}
    final = invoices.finalise(context, draft)
    if not final["amount_remaining"]:
        return collection.settle(context, final)
    automatic = final["collection_method"] == "charge_automatically"
    if final["auto_advance"] and automatic:
        final = {**final, "next_payment_attempt": context.clock.now() + _HOUR}
        context.partition.put(final)
    return final


def advance(context: Context, draft: Json) -> None:
    """Make final what advances by itself; a draft that can't be is told of."""
    try:
        finalise(context, draft)
    except StripeError as error:
        told = {"code": error.code, "message": error.message, "type": error.type}
        failed = {**draft, "automatically_finalizes_at": None}
        failed["last_finalization_error"] = told
        context.partition.put(failed)
        record(context, failed, verb="finalization_failed")


def send(context: Context, invoice: Json) -> Json:
    """Send *invoice* to its customer, a draft as final; the sandbox sends no mail.

    Raises:
        StripeError: It is charged automatically.
    """
    if invoice["collection_method"] != "send_invoice":
        raise StripeError(
            "You can only manually send an invoice if its collection method is "
            "'send_invoice'.",
            Evidence.REPORTED("public code"),
        )
    if invoice["status"] == "draft":
        invoice = finalise(context, invoice)
    record(context, invoice, verb="sent")
    return invoice


def delete(context: Context, invoice: Json) -> None:
    """Delete a draft, whose items wait again; see `verbs`.

    Raises:
        StripeError: It is final.
    """
    _require_draft(invoice, "delete")
    for item in context.partition.all("invoiceitem"):
        if item["invoice"] == invoice["id"]:
            context.partition.put({**item, "invoice": None})
    record(context, invoice, verb="deleted")


def _with(context: Context, draft: Json, items: list[Json]) -> Json:
    for each in items:
        _require_compatible(draft, each)
    made = [invoice_items.collect(context, draft["id"], each) for each in items]
    return _reckon(context, draft, [*draft["lines"], *made])


def _reckon(context: Context, draft: Json, lines: list[Json]) -> Json:
    return invoices.reckon(context, draft, draft, lines, [])


def _require_compatible(draft: Json, item: Json) -> None:
    """Let pass what automatic tax can be reckoned for."""
    if not draft["automatic_tax"]["enabled"]:
        return
    if item["tax_rates"] or item["amount"] < 0:
        raise StripeError(
            "Invoice items with tax rates or negative amounts cannot be added to an "
            "invoice with automatic tax.",
            Evidence.OURS("the rule is specified, the words are not"),
            param="automatic_tax",
        )


def _set(context: Context, invoice: Json, params: Json) -> Json:
    after = dict(invoice)
    for name in _SETTABLE:
        if name in params:
            after[name] = params[name]
    if params.get("default_payment_method"):
        name = "default_payment_method"
        payment_methods.find_owned(context, params[name], invoice["customer"], name)
    if set(_TAXES) & set(params):
        after |= tax_params.asked(context, after, params)
    moment = context.clock.now() + _HOUR if after["auto_advance"] else None
    if after["status"] == "draft":
        # A draft that advances by itself is final after an hour
        # [DOCUMENTED: docs.stripe.com/invoicing/overview].
        after["automatically_finalizes_at"] = moment
    return after


def _require_open_draft(context: Context, invoice: Json, verb: str) -> Json:
    """Return the customer of a draft, who has to be there still."""
    _require_draft(invoice, verb)
    return reference(context, "customer", invoice["customer"], "customer")


def _require_draft(invoice: Json, verb: str) -> None:
    if invoice["status"] != "draft":
        raise StripeError(
            f"You can't {verb} this invoice: it is {invoice['status']}, no draft.",
            Evidence.OURS("the rule is documented, the words are not"),
            code="invoice_not_editable",
        )
