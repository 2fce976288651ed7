"""Meters: what prices of usage are backed by.

See https://docs.stripe.com/api/billing/meter.
"""

from typing import Any

from pulumi_stripe_portal.sandbox.billing import usage
from pulumi_stripe_portal.sandbox.billing.params import only
from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import (
    Call,
    Resource,
    equals,
)
from pulumi_stripe_portal.sandbox.verbs import answer, find_named, list_page
from pulumi_stripe_portal.sandbox.webhooks.events import keep

__all__ = ["OPERATIONS", "RESOURCE"]


def _create(call: Call, params: Json) -> Json:
    name = params["event_name"]
    for other in call.partition.all(RESOURCE.object):
        if other["event_name"] == name and other["status"] == "active":
            raise StripeError(
                f"An active meter with the event name `{name}` exists already.",
                Evidence.OURS("that it is unique is documented, the words are not"),
                param="event_name",
            )
    mapping = {"event_payload_key": "stripe_customer_id", "type": "by_id"}
    return call.new(RESOURCE) | {
        "customer_mapping": params.get("customer_mapping") or mapping,
        "default_aggregation": params["default_aggregation"],
        "display_name": params["display_name"],
        "event_name": name,
        "event_time_window": params.get("event_time_window"),
        "status": "active",
        "status_transitions": {"deactivated_at": None},
        "updated": call.clock.now(),
        "value_settings": params.get("value_settings")
        or {"event_payload_key": "value"},
    }


def _update(call: Call, stored: Json, params: Json) -> Json:
    name = params.get("display_name", stored["display_name"])
    return {**stored, "display_name": name, "updated": call.clock.now()}


def _switch(call: Call) -> Json:
    only(call.params, (), "meters")
    stored, now = find_named(RESOURCE, call), call.clock.now()
    active = call.path.endswith("/reactivate")
    after = {
        **stored,
        "status": "active" if active else "inactive",
        "status_transitions": {"deactivated_at": None if active else now},
        "updated": now,
    }
    verb = "reactivated" if active else "deactivated"
    return answer(RESOURCE, call, keep(call, after, stored, verb))


def _summaries(call: Call) -> Json:
    meter = find_named(RESOURCE, call)
    return list_page(_SUMMARY, call, usage.summaries(call, meter, call.params))


RESOURCE = Resource(
    object=usage.METER,
    path="/v1/billing/meters",
    noun="meter",
    prefix="mtr_1",
    id_length=23,
    scope="billing_meter",
    params="billing.Meter",
    create=_create,
    update=_update,
    filters={"status": equals("status")},
    announces=True,
)


def _is_asked(_: Json, wanted: Any) -> bool:
    """Let all of them pass: `usage.summaries` has made what is wanted."""
    return bool(wanted)


_SUMMARY = Resource(
    object="billing.meter_event_summary",
    path="",
    noun="meter event summary",
    prefix="mtrusg_",
    scope="billing_meter",
    params="",
    filters=dict.fromkeys(
        ("customer", "end_time", "start_time", "value_grouping_window"), _is_asked
    ),
)

OPERATIONS = (
    *(
        RESOURCE.operation(
            "POST",
            f"/<id>/{verb.lower()}",
            f"billing.Meter{verb}Params",
            _switch,
        )
        for verb in ("Deactivate", "Reactivate")
    ),
    RESOURCE.operation(
        "GET",
        "/<id>/event_summaries",
        "billing.MeterListEventSummariesParams",
        _summaries,
    ),
)
