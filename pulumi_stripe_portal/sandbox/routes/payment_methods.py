"""Payment methods: test cards.

See https://docs.stripe.com/api/payment_methods.
"""

from pulumi_stripe_portal.sandbox.billing import payment_methods
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import missing_param
from pulumi_stripe_portal.sandbox.objects.resource import (
    Call,
    Operation,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.verbs import (
    answer,
    find,
    find_named,
    list_page,
    reference,
)

__all__ = ["OPERATIONS", "RESOURCE"]


def _attach(call: Call) -> Json:
    customer = call.params.get("customer")
    if not customer:
        raise missing_param("customer")
    reference(call, "customer", customer, "customer")
    method = payment_methods.attach(call, call.arguments["id"], customer)
    return answer(RESOURCE, call, method)


def _detach(call: Call) -> Json:
    return answer(
        RESOURCE, call, payment_methods.detach(call, find_named(RESOURCE, call))
    )


def _of_customer(call: Call) -> Json:
    customer = call.resources["customer"]
    id_ = call.arguments["customer"]
    find(call, customer, id_, param="customer", status=404)
    return list_page(RESOURCE, call, payment_methods.of(call, id_))


def _one_of_customer(call: Call) -> Json:
    method = find_named(RESOURCE, call)
    payment_methods.find_owned(call, method["id"], call.arguments["customer"])
    return answer(RESOURCE, call, method)


RESOURCE = Resource(
    object="payment_method",
    path="/v1/payment_methods",
    noun="PaymentMethod",
    prefix="pm_1",
    id_length=23,
    scope="payment_method",
    params="PaymentMethod",
    missing_param="payment_method",
    create=payment_methods.create,
    update=payment_methods.update,
    filters={
        "allow_redisplay": equals("allow_redisplay"),
        "customer": equals("customer"),
        "type": equals("type"),
    },
    expands={"customer": "customer"},
    hidden=("detached", "is_authenticated", "is_set_up"),
)

OPERATIONS = (
    RESOURCE.operation("POST", "/<id>/attach", "PaymentMethodAttachParams", _attach),
    RESOURCE.operation("POST", "/<id>/detach", "PaymentMethodDetachParams", _detach),
    Operation(
        method="GET",
        path="/v1/customers/<customer>/payment_methods",
        params="CustomerPaymentMethodListParams",
        permission="rak_payment_method_read",
        run=_of_customer,
    ),
    Operation(
        method="GET",
        path="/v1/customers/<customer>/payment_methods/<id>",
        params="CustomerPaymentMethodRetrieveParams",
        permission="rak_payment_method_read",
        run=_one_of_customer,
    ),
)
