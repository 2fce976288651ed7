"""Feedback options: a team's own reasons for the cancellation survey.

See https://docs.stripe.com/api/billing/feedback_options.
"""

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.limits import at_most
from pulumi_stripe_portal.sandbox.objects.resource import (
    Call,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.verbs import answer, find_named

__all__ = ["OPERATIONS", "RESOURCE"]


def _create(call: Call, params: Json) -> Json:
    option = call.new(RESOURCE)
    del option["created"]
    return option | {
        "description": params["description"],
        "status": "active",
        "status_transitions": {"deactivated_at": None},
    }


def _update(_call: Call, stored: Json, params: Json) -> Json:
    return {**stored, "description": params.get("description", stored["description"])}


def _deactivate(call: Call) -> Json:
    option = find_named(RESOURCE, call)
    moment = option["status_transitions"]["deactivated_at"] or call.clock.now()
    transitions = {"deactivated_at": moment}
    changed = {**option, "status": "inactive", "status_transitions": transitions}
    call.partition.put(changed)
    return answer(RESOURCE, call, changed)


RESOURCE = Resource(
    object="billing.feedback_option",
    path="/v1/billing/feedback_options",
    noun="feedback option",
    # Ids of feedback options begin with `fbo_` [OURS: none has been seen in public].
    prefix="fbo_1",
    id_length=23,
    # Feedback options need the scope of the portal [OURS: not known].
    scope="customer_portal",
    params="billing.FeedbackOption",
    create=_create,
    update=_update,
    filters={"status": equals("status")},
    limits={"description": at_most(100)},
)

OPERATIONS = (
    RESOURCE.operation(
        "POST",
        "/<id>/deactivate",
        "billing.FeedbackOptionDeactivateParams",
        _deactivate,
    ),
)
