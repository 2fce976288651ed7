"""Invoice items: prorations that wait for the next invoice. Read only.

See https://docs.stripe.com/api/invoiceitems.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Resource, equals

__all__ = ["RESOURCE"]


def _pending(item: Json, wanted: Any) -> bool:
    return bool((item["invoice"] is None) == wanted)


RESOURCE = Resource(
    object="invoiceitem",
    path="/v1/invoiceitems",
    noun="invoiceitem",
    prefix="ii_1",
    id_length=23,
    scope="invoice",
    params="InvoiceItem",
    missing_param="invoiceitem",
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
)
