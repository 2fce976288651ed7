"""Customer balance transactions: what made a customer's balance what it is.

See https://docs.stripe.com/api/customer_balance_transactions.
"""

from pulumi_stripe_portal.sandbox.billing import balances
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.merge import merge_given
from pulumi_stripe_portal.sandbox.objects.resource import (
    Call,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import answer, find_named

__all__ = ["OPERATIONS", "RESOURCE"]


def _create(call: Call, params: Json) -> Json:
    customer = call.get("customer", call.arguments["customer"])
    return balances.adjust(call, customer, params)


def _update(call: Call) -> Json:
    changed = merge_given(find_named(RESOURCE, call), call.params, ("description",))
    call.partition.put(changed)
    return answer(RESOURCE, call, changed)


RESOURCE = Resource(
    object=balances.KIND,
    path="/v1/customers/<customer>/balance_transactions",
    noun="customer_balance_transaction",
    prefix="cbtxn_1",
    id_length=23,
    scope="customer",
    params="CustomerBalanceTransaction",
    create=_create,
    filters={"created": created, "invoice": equals("invoice")},
    expands={"customer": "customer", "invoice": "invoice"},
    parent="customer",
)

OPERATIONS = (
    RESOURCE.operation(
        "POST", "/<id>", "CustomerBalanceTransactionUpdateParams", _update
    ),
)
