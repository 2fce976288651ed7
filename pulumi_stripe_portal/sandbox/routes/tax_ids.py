"""Tax ids of customers.

See https://docs.stripe.com/api/tax_ids. Those of the account itself are not there.
"""

from pulumi_stripe_portal.sandbox.billing import tax_ids
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import Call, Resource
from pulumi_stripe_portal.sandbox.verbs import find_named

__all__ = ["OPERATIONS", "RESOURCE"]


def _create(call: Call, params: Json) -> Json:
    customer = call.arguments["customer"]
    return tax_ids.create(call, customer, params["type"], params["value"])


def _delete(call: Call) -> Json:
    found = find_named(RESOURCE, call)
    tax_ids.delete(call, found)
    return {"id": found["id"], "object": RESOURCE.object, "deleted": True}


RESOURCE = Resource(
    object="tax_id",
    path="/v1/customers/<customer>/tax_ids",
    noun="tax_id",
    prefix="txi_1",
    id_length=23,
    scope="customer",
    params="CustomerTaxId",
    create=_create,
    expands={"customer": "customer"},
    event="customer.tax_id",
    parent="customer",
)

OPERATIONS = (
    RESOURCE.operation("DELETE", "/<id>", "CustomerTaxIdDeleteParams", _delete),
)
