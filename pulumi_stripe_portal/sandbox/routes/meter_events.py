"""Meter events: what customers used. They can't be read back.

See https://docs.stripe.com/api/billing/meter-event.
"""

from pulumi_stripe_portal.sandbox.billing import usage
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.limits import at_most
from pulumi_stripe_portal.sandbox.objects.resource import Call, Operation, Resource
from pulumi_stripe_portal.sandbox.verbs import answer

__all__ = ["OPERATIONS", "RESOURCE"]


def _create(call: Call) -> Json:
    return answer(RESOURCE, call, usage.create(call, call.params))


RESOURCE = Resource(
    object=usage.EVENT,
    path="",
    noun="meter event",
    prefix="mevt_1",
    scope="billing_meter_event",
    params="billing.MeterEvent",
    hidden=("customer", "id", "meter", "value"),
)

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/billing/meter_events",
        params="billing.MeterEventCreateParams",
        permission="rak_billing_meter_event_write",
        run=_create,
        limits={"event_name": at_most(100), "identifier": at_most(100)},
    ),
)
