"""Test clocks.

See https://docs.stripe.com/api/test_clocks.
"""

from pulumi_stripe_portal.sandbox.billing import test_clocks
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.limits import at_most
from pulumi_stripe_portal.sandbox.objects.resource import Call, Resource
from pulumi_stripe_portal.sandbox.verbs import answer, find_named

__all__ = ["OPERATIONS", "RESOURCE"]


def _advance(call: Call) -> Json:
    clock = find_named(RESOURCE, call)
    moved = test_clocks.advance(call, clock, call.params["frozen_time"])
    return answer(RESOURCE, call, moved)


RESOURCE = Resource(
    object="test_helpers.test_clock",
    path="/v1/test_helpers/test_clocks",
    noun="test clock",
    prefix="clock_1",
    id_length=23,
    scope="billing_clock",
    params="test_helpers.TestClock",
    missing_param="test_clock",
    create=test_clocks.create,
    delete=test_clocks.delete,
    limits={"name": at_most(300)},
)

OPERATIONS = (
    RESOURCE.operation(
        "POST", "/<id>/advance", "test_helpers.TestClockAdvanceParams", _advance
    ),
)
