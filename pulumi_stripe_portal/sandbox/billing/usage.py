"""Usage: meter events, and what a meter makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, DecimalException

from pulumi_stripe_portal.sandbox.data.store import Json
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Context
from pulumi_stripe_portal.sandbox.verbs import reference

from .clock_of import in_time_of

__all__ = ["EVENT", "METER", "create", "summaries", "used"]

METER = "billing.meter"
EVENT = "billing.meter_event"
_DAY = 24 * 60 * 60
_PAST = 35 * _DAY
_FUTURE = 5 * 60
_MOST = Decimal(10) ** 15
_WINDOWS = {"day": _DAY, "hour": 60 * 60}


def create(context: Context, params: Json) -> Json:
    """Note what a customer used.

    Raises:
        StripeError: No meter is for it, it is noted already, or it doesn't say who used
            how much, or when.
    """
    meter, payload = _meter(context, params["event_name"]), params["payload"]
    key = meter["customer_mapping"]["event_payload_key"]
    path = f"payload[{key}]"
    customer = reference(context, "customer", payload.get(key, ""), path)
    value = Decimal(1)
    if meter["default_aggregation"]["formula"] != "count":
        value = _value(payload, meter["value_settings"]["event_payload_key"])
    now = in_time_of(context, customer).clock.now()
    moment = params.get("timestamp", now)
    if not now - _PAST <= moment <= now + _FUTURE:
        raise StripeError(
            "The timestamp must be within the past 35 calendar days or up to 5 minutes "
            "in the future.",
            Evidence.SPECIFIED(
                "stripe 16.1.0, billing.MeterEventCreateParams.timestamp"
            ),
            param="timestamp",
        )
    identifier = params.get("identifier") or context.new_id("", 32)
    for other in context.partition.all(EVENT):
        if other["identifier"] == identifier and other["created"] > now - _DAY:
            raise StripeError(
                f"An event already exists with identifier {identifier}.",
                Evidence.OBSERVED("public code, in test mode"),
                param="identifier",
            )
    made = context.new(context.resources[EVENT]) | {
        "created": now,
        "customer": customer["id"],
        "event_name": meter["event_name"],
        "identifier": identifier,
        "meter": meter["id"],
        "payload": dict(payload),
        "timestamp": moment,
        "value": str(value),
    }
    context.partition.put(made)
    return made


def used(context: Context, meter: str, customer: str, start: int, end: int) -> Decimal:
    """Return what *customer* used from *start* until before *end*: 0 or more."""
    found = [
        each
        for each in reversed(context.partition.all(EVENT))
        if each["meter"] == meter
        and each["customer"] == customer
        and start <= each["timestamp"] < end
    ]
    formula = context.get(METER, meter)["default_aggregation"]["formula"]
    if formula == "last":
        found = sorted(found, key=lambda each: int(each["timestamp"]))[-1:]
    total = sum((Decimal(each["value"]) for each in found), Decimal(0))
    return max(total, Decimal(0))


def summaries(context: Context, meter: Json, params: Json) -> list[Json]:
    """Return what a customer used, as one sum or by windows, newest first.

    Raises:
        StripeError: There is no such customer, or the times are no window's.
    """
    customer = reference(context, "customer", params["customer"], "customer")["id"]
    start, end = params["start_time"], params["end_time"]
    window = _WINDOWS.get(params.get("value_grouping_window", ""))
    for name in ("start_time", "end_time"):
        if params[name] % (window or 60):
            raise StripeError(
                f"{name} must be aligned with the boundaries of "
                f"{'its windows' if window else 'minutes'}.",
                Evidence.SPECIFIED(
                    "stripe 16.1.0, billing.MeterListEventSummariesParams"
                ),
                param=name,
            )
    spans = [(start, end)] if window is None else _windows(context, start, end, window)
    return [
        {
            "id": f"mtrusg_{meter['id'].removeprefix('mtr_')}_{since}",
            "object": "billing.meter_event_summary",
            "aggregated_value": float(
                used(context, meter["id"], customer, since, until)
            ),
            "end_time": until,
            "livemode": context.partition.livemode,
            "meter": meter["id"],
            "start_time": since,
        }
        for since, until in spans
    ]


def _windows(
    context: Context, start: int, end: int, window: int
) -> Iterator[tuple[int, int]]:
    """Yield the windows in which something happened, newest first."""
    moments = (each["timestamp"] for each in context.partition.all(EVENT))
    begins = {at - at % window for at in moments if start <= at < end}
    for begin in sorted(begins, reverse=True):
        yield begin, begin + window


def _meter(context: Context, name: str) -> Json:
    for each in context.partition.all(METER):
        if each["event_name"] == name and each["status"] == "active":
            return each
    raise StripeError(
        f'No active meter found for event name "{name}".',
        Evidence.REPORTED("public code"),
        param="event_name",
        code="resource_missing",
    )


def _value(payload: Json, key: str) -> Decimal:
    """Return how much was used, which a payload has as text.

    Up to 12 decimal places and 15 digits before them are taken [OURS: what Stripe takes
    is not known].
    """
    try:
        value = Decimal(payload.get(key, ""))
        fits = value.is_finite() and abs(value) < _MOST
        fits = fits and value == value.quantize(Decimal("1e-12"))
    except DecimalException:
        fits = False
    if not fits:
        raise StripeError(
            f"The payload's {key} must be a number.",
            Evidence.OURS("that it is needed is specified, the words are not"),
            param=f"payload[{key}]",
        )
    return value
