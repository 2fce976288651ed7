"""Customers.

See https://docs.stripe.com/api/customers.
"""

from pulumi_stripe_portal.sandbox.billing import customers, subscriptions, tax_ids
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.expand import render
from pulumi_stripe_portal.sandbox.objects.limits import at_most
from pulumi_stripe_portal.sandbox.objects.paging import as_list
from pulumi_stripe_portal.sandbox.objects.resource import (
    INCLUDED,
    Call,
    Context,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.search import Field
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import find_named, list_page

__all__ = ["OPERATIONS", "RESOURCE"]


def _view(context: Context, customer: Json) -> Json:
    """Add the lists that are left out unless they are expanded."""
    id_ = customer["id"]
    return customer | {
        "cash_balance": None,
        "invoice_credit_balance": {},
        "sources": _listed(context, [], f"/v1/customers/{id_}/sources"),
        "subscriptions": _listed(
            context,
            subscriptions.of(context, id_),
            f"/v1/customers/{id_}/subscriptions",
        ),
        "tax": {
            "automatic_tax": "not_collecting",
            "ip_address": None,
            "location": None,
            "provider": "stripe",
        },
        "tax_ids": _listed(
            context, tax_ids.of(context, id_), f"/v1/customers/{id_}/tax_ids"
        ),
    }


def _listed(context: Context, items: list[Json], url: str) -> Json:
    shown = [
        render(context, context.resources[each["object"]], each, []) for each in items
    ]
    return as_list(shown, url, most=10)


def _delete(call: Call) -> Json:
    return customers.delete(call, find_named(RESOURCE, call))


def _list(call: Call) -> Json:
    """Answer the list.

    Customers with a test clock are left out unless one is asked for
    [SPECIFIED: stripe 16.1.0, CustomerListParams.test_clock].
    """
    every = call.partition.all(RESOURCE.object)
    if "test_clock" not in call.params:
        every = [each for each in every if not each.get("test_clock")]
    present = [each for each in every if not each.get("deleted")]
    return list_page(RESOURCE, call, present)


RESOURCE = Resource(
    object="customer",
    path="/v1/customers",
    noun="customer",
    prefix="cus_",
    id_length=14,
    scope="customer",
    params="Customer",
    missing_param="customer",
    create=customers.create,
    update=customers.update,
    list=_list,
    filters={
        "created": created,
        "email": equals("email"),
        "test_clock": equals("test_clock"),
    },
    searches={
        "created": Field("numeric"),
        "email": Field("string"),
        "metadata": Field("string"),
        "name": Field("string"),
        "phone": Field("string"),
    },
    expands={
        "cash_balance": INCLUDED,
        "invoice_credit_balance": INCLUDED,
        "invoice_settings.default_payment_method": "payment_method",
        "sources": INCLUDED,
        "subscriptions": INCLUDED,
        "tax": INCLUDED,
        "tax_ids": INCLUDED,
        "test_clock": "test_helpers.test_clock",
    },
    limits={
        "description": at_most(5000),
        "invoice_prefix": at_most(12),
        "name": at_most(256),
        "phone": at_most(20),
    },
    view=_view,
)

OPERATIONS = (RESOURCE.operation("DELETE", "/<id>", "CustomerDeleteParams", _delete),)
