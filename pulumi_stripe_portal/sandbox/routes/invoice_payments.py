"""Invoice payments: which payment intent pays an invoice. Read only.

See https://docs.stripe.com/api/invoice-payment.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Resource, equals
from pulumi_stripe_portal.sandbox.objects.times import created

__all__ = ["RESOURCE"]


def _pays(payment: Json, wanted: Any) -> bool:
    return all(payment["payment"].get(name) == value for name, value in wanted.items())


RESOURCE = Resource(
    object="invoice_payment",
    path="/v1/invoice_payments",
    noun="invoice payment",
    prefix="inpay_1",
    id_length=23,
    scope="invoice",
    params="InvoicePayment",
    missing_param="invoice_payment",
    filters={
        "created": created,
        "invoice": equals("invoice"),
        "payment": _pays,
        "status": equals("status"),
    },
    expands={"invoice": "invoice", "payment.payment_intent": "payment_intent"},
)
