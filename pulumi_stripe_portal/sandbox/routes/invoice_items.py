"""Invoice items: what waits for the next invoice, prorations among it.

See https://docs.stripe.com/api/invoiceitems.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.billing import (
    invoice_drafts,
    invoice_items,
    tax_params,
)
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import (
    Call,
    Context,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.webhooks.events import record

__all__ = ["RESOURCE"]


def _pending(item: Json, wanted: Any) -> bool:
    return bool((item["invoice"] is None) == wanted)


def _view(context: Context, item: Json) -> Json:
    rates = tax_params.shown(context, item["tax_rates"])
    return {**item, "tax_rates": rates}


def _create(call: Call, params: Json) -> Json:
    wanted = {name: each for name, each in params.items() if name != "invoice"}
    made = invoice_items.create(call, wanted)
    named = params.get("invoice")
    return invoice_drafts.add(call, named, made) if named else made


def _delete(call: Call, item: Json) -> None:
    if item["invoice"]:
        raise StripeError(
            "You can't delete an invoice item that is on an invoice.",
            Evidence.OURS("that of a draft can be deleted at Stripe"),
            param="invoiceitem",
        )
    record(call, item, verb="deleted")


RESOURCE = Resource(
    object="invoiceitem",
    path="/v1/invoiceitems",
    noun="invoiceitem",
    prefix="ii_1",
    id_length=23,
    scope="invoice",
    params="InvoiceItem",
    missing_param="invoiceitem",
    create=_create,
    delete=_delete,
    filters={
        "customer": equals("customer"),
        "invoice": equals("invoice"),
        "pending": _pending,
    },
    expands={
        "customer": "customer",
        "invoice": "invoice",
        "pricing.price_details.price": "price",
    },
    hidden=("tax_behavior",),
    view=_view,
)
