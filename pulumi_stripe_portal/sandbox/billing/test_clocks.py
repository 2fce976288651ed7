"""Test clocks: the time of some customers, which moves when a request says so.

See https://docs.stripe.com/billing/testing/test-clocks.
"""

from __future__ import annotations

from pulumi_stripe_portal.sandbox.data.store import Json, Partition
from pulumi_stripe_portal.sandbox.errors import StripeError
from pulumi_stripe_portal.sandbox.evidence import Evidence
from pulumi_stripe_portal.sandbox.objects.resource import Call, Context
from pulumi_stripe_portal.sandbox.webhooks.events import keep, record

from . import customers, items, subscriptions
from .clock_of import KIND, clock_of, in_time_of
from .due_events import first_due
from .params import only
from .periods import after, interval

__all__ = ["advance", "create", "delete", "in_time"]

_LATEST = 32_503_680_000
"""The year 3000, which no clock reaches."""

_KEPT = 7 * 24 * 60 * 60
"""
Seconds until Stripe deletes a test clock; here it stays [OURS: nothing needs the room].

As in the example of its object [DOCUMENTED: docs.stripe.com/api/test_clocks/object].
"""


def create(context: Context, params: Json) -> Json:
    """Make a test clock that stands at `frozen_time`.

    Raises:
        StripeError: It is for live mode.
    """
    only(params, ("frozen_time", "name"), "test clocks")
    if context.partition.livemode:
        raise StripeError(
            "Test clocks can only be used in test mode.",
            Evidence.OURS("that they are for testing is documented, the words are not"),
        )
    if not 0 < params["frozen_time"] < _LATEST:
        raise StripeError(
            f"Invalid timestamp: {params['frozen_time']}.",
            Evidence.OURS("what Stripe's limits are is not known"),
            param="frozen_time",
        )
    made = context.new(context.resources[KIND]) | {
        "deletes_after": context.clock.now() + _KEPT,
        "frozen_time": params["frozen_time"],
        "name": params.get("name"),
        "status": "ready",
        "status_details": {},
    }
    return keep(context, made)


def delete(context: Context, clock: Json) -> None:
    """Delete a clock's customers, which ends their subscriptions; see `verbs`."""
    there = context.on_test_clock(clock["frozen_time"])
    for customer in _customers(context.partition, clock):
        customers.delete(there, customer)


def advance(context: Context, clock: Json, until: int) -> Json:
    """Let everything happen to the clock's customers that falls due *until* then.

    All of it is done when the answer comes, which says `advancing` all the same, as
    Stripe's does [DOCUMENTED: docs.stripe.com/api/test_clocks/advance].

    Raises:
        StripeError: It is not ahead of the clock, or too far.
    """
    _check(context, clock, until)
    details = {"advancing": {"target_frozen_time": until}}
    moving = {**clock, "status": "advancing", "status_details": details}
    context.partition.put(moving)
    record(context, moving, verb="advancing")
    while due := first_due(context.partition, clock["id"]):
        if due.moment > until:
            break
        there = context.on_test_clock(due.moment)
        context.partition.put({**moving, "frozen_time": due.moment})
        due.run(there, due.item)
    ready = {**clock, "frozen_time": until}
    context.partition.put(ready)
    record(context, ready, verb="ready")
    return {**moving, "frozen_time": until}


def in_time(call: Call) -> Call:
    """Return a request at the time of the test clock of what it is about.

    That is the customer whom it names, or whose the object is that it names; sessions
    of the portal and of Checkout are opened by people, in the sandbox's time.
    """
    if call.path.startswith(("/v1/billing_portal/", "/v1/checkout/")):
        return call
    names = ("test_clock", "customer", "subscription", "invoice")
    named = [call.params.get(name) for name in names]
    for id_ in (*call.arguments.values(), *named):
        for objects in call.partition.objects.values():
            item = objects.get(id_) if isinstance(id_, str) else None
            if item and clock_of(call.partition, item):
                return in_time_of(call, item)
    return call


def _customers(partition: Partition, clock: Json) -> list[Json]:
    every = partition.all("customer")
    return [each for each in every if each.get("test_clock") == clock["id"]]


def _check(context: Context, clock: Json, until: int) -> None:
    frozen = clock["frozen_time"]
    if until <= frozen:
        raise StripeError(
            "A test clock only moves forward: frozen_time must be after its current "
            f"frozen time, {frozen}.",
            Evidence.OURS("the rule is documented, the words are not"),
            param="frozen_time",
        )
    spans = [
        interval(items.recurring(context, subscription["items"]))
        for customer in _customers(context.partition, clock)
        for subscription in subscriptions.of(context, customer["id"])
    ]
    latest = min(
        (after(frozen, name, 2 * count) for name, count in spans),
        default=after(frozen, "year", 2),
    )
    if until > min(latest, _LATEST):
        raise StripeError(
            "A test clock can be advanced by two intervals of its shortest "
            f"subscription at most, or by two years without one: until {latest}.",
            Evidence.OURS("the rule is documented, the words are not"),
            param="frozen_time",
        )
