"""Subscription schedules: a switch that waits for the end of the period.

See https://docs.stripe.com/api/subscription_schedules.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.billing import schedule_requests, schedules
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.objects.resource import (
    Call,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.objects.times import created
from pulumi_stripe_portal.sandbox.verbs import answer, find_named

__all__ = ["OPERATIONS", "RESOURCE"]


def _release(call: Call) -> Json:
    return answer(RESOURCE, call, schedules.release(call, find_named(RESOURCE, call)))


def _cancel(call: Call) -> Json:
    schedule = find_named(RESOURCE, call)
    ended = schedule_requests.cancel(call, schedule, call.params)
    return answer(RESOURCE, call, ended)


def _scheduled(schedule: Json, wanted: Any) -> bool:
    return bool((schedule["status"] == "not_started") == wanted)


RESOURCE = Resource(
    object="subscription_schedule",
    path="/v1/subscription_schedules",
    noun="subscription schedule",
    prefix="sub_sched_1",
    id_length=23,
    scope="subscription",
    params="SubscriptionSchedule",
    missing_param="schedule",
    create=schedule_requests.create,
    update=schedule_requests.update,
    filters={
        "created": created,
        "customer": equals("customer"),
        "scheduled": _scheduled,
    },
    expands={
        "customer": "customer",
        "phases.items.price": "price",
        "subscription": "subscription",
    },
    hidden=("wanted",),
)

OPERATIONS = (
    RESOURCE.operation(
        "POST", "/<id>/cancel", "SubscriptionScheduleCancelParams", _cancel
    ),
    RESOURCE.operation(
        "POST", "/<id>/release", "SubscriptionScheduleReleaseParams", _release
    ),
)
